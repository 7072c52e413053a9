from __future__ import annotations

from typing import Any

import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]

VIEWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}
STATES = {
    "answer": f"cdrs?{DAY}&filter[success-eq]=true&filter[duration-in]=1,2",
    "fault": f"cdrs?{DAY}&filter[duration-gteq]=6x",
    "enum": "cdr-exports?filter[status-in]=Completed",
    "nothing": f"cdrs?{DAY}&filter[duration-lt]=0",
}


@pytest.mark.parametrize("options", VIEWS.values(), ids=VIEWS, indirect=True)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_axe_finds_nothing(explorer: Explorer, state: str) -> None:
    explorer.open(state)

    assert faults_of(explorer) == []


def faults_of(explorer: Explorer) -> list[Any]:
    """What axe finds to break WCAG 2.1 AA or good practice, of any weight."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415  (only this environment has it)

    explorer.page.wait_for_timeout(500)  # colours that change slowly have to be there
    found = Axe().run(explorer.page).response["violations"]
    return [(fault["id"], fault["impact"], [node["html"] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize("options", [VIEWS["phone"]], ids=["phone"], indirect=True)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_phone_scrolls_up_and_down_only(explorer: Explorer, state: str) -> None:
    explorer.open(state)

    assert explorer.page.evaluate("document.documentElement.scrollWidth") == 360


def test_keys_alone_build_a_filter(explorer: Explorer) -> None:
    explorer.open()
    press = explorer.page.keyboard.press

    explorer.page.get_by_role("button", name="Add a filter").focus()
    press("Enter")
    expect(explorer.filter(1).get_by_label("Field")).to_be_focused()
    explorer.page.keyboard.type("duration")
    press("Tab")
    press("Tab")
    press("Tab")
    explorer.page.keyboard.type("77")

    expect(explorer.matched).to_have_text("1 row matches")
    expect(explorer.page.locator("#announcements")).to_have_text("1 row matches.")
