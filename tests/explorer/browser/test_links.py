from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]

DEEP = f"cdrs?{DAY}&filter[success-eq]=true&sort=-duration&page[number]=2&page[size]=10"


def test_a_deep_link_shows_the_same_again(explorer: Explorer) -> None:
    explorer.open(DEEP)

    expect(explorer.page.locator("#rows-note")).to_contain_text("11 to 20 of")
    expect(explorer.filter(1).get_by_label("Value of success eq")).to_have_value("true")
    durations = [int(text) for text in explorer.column("duration")]
    assert durations == sorted(durations, reverse=True)


def test_back_and_forward(explorer: Explorer) -> None:
    explorer.open()
    all_of_the_day = explorer.matched.inner_text()
    explorer.add_filter("success", "eq").select_option("true")
    expect(explorer.matched).not_to_have_text(all_of_the_day)
    answered = explorer.matched.inner_text()

    explorer.page.go_back()
    expect(explorer.matched).to_have_text(all_of_the_day)
    explorer.page.go_forward()
    expect(explorer.matched).to_have_text(answered)
    assert explorer.page.locator("#filters > li").count() == 2


def test_the_copied_url_asks_the_api_the_same(explorer: Explorer) -> None:
    explorer.open(DEEP)

    explorer.page.get_by_role("button", name="Copy URL").click()
    expect(explorer.page.locator("#copy")).to_have_text("Copied")
    url = explorer.page.evaluate("navigator.clipboard.readText()")

    document = httpx.get(url, headers={"Authorization": explorer.service.token}).json()
    assert [row["id"] for row in document["data"]] == explorer.column("id")
    assert document["meta"]["total-count"] == explorer.count


def test_a_stranger_is_told_how_to_open_it(browser: Any, explorer: Explorer) -> None:
    page = browser.new_page()

    page.goto(explorer.service.url)

    expect(page.get_by_role("alert")).to_contain_text("Open the explorer by the link")
    expect(page.locator("#question")).to_be_hidden()
    page.close()


def test_an_address_of_no_resource_says_so(explorer: Explorer) -> None:
    explorer.page.goto(f"{explorer.service.url}/#nosuch?{DAY}")

    expect(explorer.page.get_by_role("alert")).to_contain_text("There is no resource nosuch.")
    for part in ("#question", "#answer", "#exporting"):
        expect(explorer.page.locator(part)).to_be_hidden()

    explorer.page.get_by_role("link", name="accounts").click()

    expect(explorer.matched).to_contain_text("match")
    expect(explorer.page.locator("#refusal")).to_be_hidden()
