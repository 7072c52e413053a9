from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

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
