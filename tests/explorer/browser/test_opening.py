from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import ANSWERED, Explorer
from tests.explorer.browser.test_accessibility import VIEWS, faults_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]


@pytest.fixture
def link(explorer: Explorer) -> str:
    """Give a link that nobody has used."""
    own = {"Authorization": explorer.service.token, "X-Explorer": "1"}
    made: str = httpx.post(f"{explorer.service.url}/explorer/links", headers=own).json()["link"]
    return made


@pytest.mark.parametrize("options", VIEWS.values(), ids=VIEWS, indirect=True)
def test_axe_finds_nothing_on_the_page_of_a_link(explorer: Explorer, link: str) -> None:
    explorer.page.goto(link)

    expect(explorer.page).to_have_title("Open the explorer")
    assert faults_of(explorer) == []
    assert explorer.page.evaluate("document.styleSheets[0].cssRules.length") > 0


def test_the_key_of_the_button_opens_the_explorer_once(browser: Browser, explorer: Explorer, link: str) -> None:
    page = browser.new_page()
    for _ in range(2):
        page.goto(link)  # uses nothing up
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Open the explorer")).to_be_focused()

    with page.expect_request(lambda request: request.method == "POST") as pressed:
        page.keyboard.press("Enter")

    sent = pressed.value.all_headers()
    assert (sent["origin"], sent["referer"]) == (explorer.service.url, f"{explorer.service.url}/")
    page.locator(ANSWERED).wait_for()
    assert page.url.split("#")[0] == f"{explorer.service.url}/"
    assert httpx.get(link).status_code == 410
    page.close()


FORM = """<form method="post" action="{link}"><button>Win a prize</button></form>"""


def test_another_site_signs_nobody_in(browser: Browser, explorer: Explorer, link: str) -> None:
    page = browser.new_page()
    elsewhere = "http://elsewhere.example/"
    page.route(elsewhere, lambda route: route.fulfill(body=FORM.format(link=link), content_type="text/html"))
    page.goto(elsewhere)

    with page.expect_response(link) as answered:
        page.get_by_role("button").click()

    response: Any = answered.value
    assert response.status == 403
    assert page.context.cookies() == []
    assert httpx.get(link).status_code == 200
    page.close()
