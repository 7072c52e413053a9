from __future__ import annotations

import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer
from tests.explorer.browser.serving import SCRIPT

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]


def test_a_click_on_a_heading_sorts(explorer: Explorer) -> None:
    explorer.open()
    heading = explorer.page.get_by_role("columnheader", name="duration (s)")

    heading.get_by_role("button").click()

    expect(heading).to_have_attribute("aria-sort", "ascending")
    durations = [int(text) for text in explorer.column("duration")]
    assert durations == sorted(durations)

    heading.get_by_role("button").press("Enter")

    expect(heading).to_have_attribute("aria-sort", "descending")
    durations = [int(text) for text in explorer.column("duration")]
    assert durations == sorted(durations, reverse=True)
    assert explorer.state == f"cdrs?{DAY}&sort=-duration"


def test_numbered_pages_hold_each_row_once(explorer: Explorer) -> None:
    explorer.open()
    explorer.page.get_by_label("Rows a page").select_option("10")
    expect(explorer.page.locator("#rows-note")).to_contain_text("1 to 10 of")
    first = explorer.column("id")

    explorer.page.get_by_role("button", name="Next", exact=True).click()

    expect(explorer.page.locator("#rows-note")).to_contain_text("11 to 20 of")
    assert not set(first) & set(explorer.column("id"))

    explorer.page.get_by_role("button", name="Last").click()

    expect(explorer.page.locator("#rows-note")).to_contain_text(f"to {explorer.count:,} of {explorer.count:,}")
    assert explorer.page.get_by_role("button", name="Next", exact=True).is_disabled()


def test_pages_by_cursor_go_forth_and_back(explorer: Explorer) -> None:
    explorer.open(f"cdrs/cursor?{DAY}&page[size]=10")
    first = explorer.column("id")
    total = explorer.count

    explorer.page.get_by_role("button", name="Next", exact=True).click()
    explorer.wait_for(lambda state: "page[after]" in state)
    explorer.page.get_by_role("button", name="Previous").click()
    explorer.wait_for(lambda state: "page[before]" in state)

    expect(explorer.page.locator("#table td").first).to_have_text(first[0])
    assert explorer.column("id") == first
    assert explorer.count == total


def test_what_matches_nothing_says_so(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[duration-lt]=0")

    expect(explorer.page.locator("#rows-empty")).to_be_visible()
    expect(explorer.matched).to_have_text("0 rows match")


def test_a_stored_script_stays_text(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[duration-eq]=77")

    expect(explorer.page.get_by_role("cell", name=SCRIPT)).to_be_visible()
    explorer.open(f"cdrs?{DAY}&filter[src-name-in-eq]={SCRIPT}")
    expect(explorer.matched).to_have_text("1 row matches")
    assert explorer.page.title() == "Explorer: cdrs"


def test_what_the_query_becomes(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[duration-gteq]=60")
    panel = explorer.page.get_by_role("tabpanel")
    expect(panel).to_contain_text("duration >= 60")

    explorer.page.get_by_role("tab", name="SQLite").click()
    expect(panel).to_contain_text("SELECT")
    expect(panel.get_by_role("cell", name="60", exact=True)).to_be_visible()

    for engine in ("PostgreSQL", "MariaDB", "DuckDB", "ClickHouse"):
        explorer.page.keyboard.press("ArrowRight")
        expect(explorer.page.get_by_role("tab", name=engine)).to_be_focused()
        expect(panel).to_contain_text("SELECT")

    explorer.page.get_by_role("tab", name="Python").click()
    expect(panel).to_contain_text("def matches")
    explorer.page.get_by_role("tab", name="Times").click()
    expect(panel).to_contain_text("plots")


def test_resources_without_attributes_are_shown_by_their_ids(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&fields[cdrs]=")

    expect(explorer.page.locator("#refusal")).to_be_hidden()
    assert set(explorer.column("duration")) == {"\N{EN DASH}"}
    assert all(explorer.column("id"))
