from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]


def test_dragging_over_the_time_plot_sets_a_range_of_time(explorer: Explorer) -> None:
    explorer.open()
    before = explorer.count
    box = explorer.page.locator("#plots svg").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2

    explorer.page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    explorer.page.mouse.down()
    explorer.page.mouse.move(box["x"] + box["width"] * 0.75, middle, steps=5)
    expect(explorer.page.locator("#plots .brush")).to_have_attribute("visibility", "visible")
    explorer.page.mouse.up()

    explorer.wait_for(lambda state: "time-start-lt" in state)
    expect(explorer.matched).not_to_contain_text(f"{before:,} ")
    chosen = parse_qs(explorer.state.partition("?")[2])
    first, last = chosen["filter[time-start-gteq]"][0], chosen["filter[time-start-lt]"][0]
    assert 0 < explorer.count < before
    assert all(first[:19] <= start < last for start in explorer.column("time start"))


def test_two_moments_do_the_same_by_keys(explorer: Explorer) -> None:
    explorer.open()
    before = explorer.count

    explorer.page.get_by_label("From (UTC)").fill("2026-03-01T06:00:00")
    explorer.page.get_by_label("Until before (UTC)").fill("2026-03-01T09:00:00")
    explorer.page.get_by_role("button", name="Show this range").press("Enter")

    expect(explorer.matched).not_to_contain_text(f"{before:,} ")
    assert all("2026-03-01T06" <= start < "2026-03-01T09" for start in explorer.column("time start"))


def test_a_range_of_time_keeps_the_other_filters(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[success-eq]=true")

    explorer.page.get_by_role("button", name="Show this range").click()

    explorer.wait_for(lambda state: "time-start-lt" in state)
    assert "filter[success-eq]=true" in explorer.state


def test_plots_say_what_they_show(explorer: Explorer) -> None:
    explorer.open()

    outcome = explorer.page.get_by_role("img", name="Outcome")

    expect(explorer.page.get_by_role("img", name="By time start")).to_be_visible()
    expect(explorer.page.get_by_role("img", name="Duration (s)")).to_be_visible()
    counts = [int(text.replace(",", "")) for text in outcome.locator("text").all_text_contents()[1::2]]
    assert sum(counts) == explorer.count


COUNTS = re.compile(r"/explorer/resources/cdrs/counts\?")


def held_counts(explorer: Explorer) -> list[Route]:
    """Holds the requests for counts back; gives them."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    explorer.page.route(COUNTS, hold)
    return held


def test_rows_do_not_wait_for_plots(explorer: Explorer) -> None:
    explorer.open()
    before, held = explorer.count, held_counts(explorer)

    explorer.add_filter("success", "eq").select_option("true")

    expect(explorer.matched).not_to_contain_text(f"{before:,} ")
    expect(explorer.page.locator("#answer")).to_have_attribute("aria-busy", "false")
    expect(explorer.page.locator("#plots-card")).to_have_attribute("aria-busy", "true")
    outcome = explorer.page.get_by_role("img", name="Outcome")
    assert "failed 0" not in (outcome.get_attribute("aria-label") or "")
    held.pop().continue_()
    expect(explorer.page.locator("#plots-card")).to_have_attribute("aria-busy", "false")
    expect(outcome).to_have_attribute("aria-label", re.compile(f"answered {explorer.count:,}, failed 0"))


def test_plots_of_an_earlier_question_are_not_drawn(explorer: Explorer) -> None:
    explorer.open()
    held = held_counts(explorer)
    value = explorer.add_filter("success", "eq")
    value.select_option("true")
    expect(explorer.page.locator("#plots-card")).to_have_attribute("aria-busy", "true")
    answered = explorer.count

    value.select_option("false")

    expect(explorer.matched).not_to_contain_text(f"{answered:,} ")
    for route in reversed(held):
        route.continue_()
    expect(explorer.page.locator("#plots-card")).to_have_attribute("aria-busy", "false")
    outcome = explorer.page.get_by_role("img", name="Outcome")
    expect(outcome).to_have_attribute("aria-label", re.compile(f"answered 0, failed {explorer.count:,}"))


def test_plots_come_back_after_a_refusal(explorer: Explorer, faults: list[str]) -> None:
    explorer.open()
    refused = '{"errors": [{"detail": "Too slow."}]}'
    explorer.page.route(COUNTS, lambda route: route.fulfill(status=503, body=refused))

    explorer.add_filter("success", "eq").select_option("true")
    expect(explorer.page.locator("#plots")).to_have_text("Too slow.")
    explorer.page.unroute(COUNTS)
    explorer.page.get_by_role("button", name="Remove filter success eq").click()

    expect(explorer.page.get_by_role("img", name="Outcome")).to_be_visible()
    assert [fault for fault in faults if "503" not in fault] == []
    faults.clear()
