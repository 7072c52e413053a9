from __future__ import annotations

import re

import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]


def test_a_filter_is_built_from_the_declaration(explorer: Explorer) -> None:
    explorer.open()
    before = explorer.count

    explorer.add_filter("duration", "gteq").fill("60")

    expect(explorer.page.locator("#url")).to_contain_text("duration-gteq")
    expect(explorer.matched).not_to_contain_text(f"{before:,} ")
    assert 0 < explorer.count < before
    assert all(int(duration) >= 60 for duration in explorer.column("duration"))
    assert explorer.state == f"cdrs?{DAY}&filter[duration-gteq]=60"


def test_the_parser_says_what_is_wrong_beside_the_field(explorer: Explorer) -> None:
    explorer.open()
    shown = explorer.count
    value = explorer.add_filter("duration", "gteq")

    value.fill("6x")

    expect(explorer.filter(1)).to_contain_text("'6x' is not an integer")
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(explorer.page.locator("#announcements")).to_contain_text("'6x' is not an integer")
    assert explorer.count == shown

    value.fill("6")

    expect(value).to_have_attribute("aria-invalid", "false")
    expect(explorer.filter(1)).not_to_contain_text("6x")


def test_each_type_has_its_control(explorer: Explorer) -> None:
    explorer.open("cdr-exports")

    statuses = explorer.add_filter("status", "in")
    statuses.get_by_label("Completed").check()
    statuses.get_by_label("Failed").check()

    expect(explorer.page.locator("#url")).to_contain_text("status-in")
    assert explorer.state == "cdr-exports?filter[status-in]=Completed,Failed"
    assert set(explorer.column("status")) <= {"Completed", "Failed"}

    explorer.add_filter("created_at", "lt").fill("2026-02-20T10:30")
    explorer.wait_for(lambda state: "2026-02-20T10:30" in state)

    explorer.open("cdrs")
    explorer.add_filter("success", "eq").select_option("false")
    explorer.wait_for(lambda state: "filter[success-eq]=false" in state)


def test_filters_are_removed(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[success-eq]=true&filter[duration-lt]=10")

    explorer.page.get_by_role("button", name="Remove filter success eq").click()

    explorer.wait_for(lambda state: "success" not in state)
    assert explorer.page.locator("#filters > li").count() == 2

    explorer.page.get_by_role("button", name="Clear all").click()

    explorer.wait_for(lambda state: state == "cdrs")
    assert explorer.page.locator("#filters > li").count() == 0


def test_a_parameter_that_does_not_exist_is_refused_and_can_be_mended(explorer: Explorer) -> None:
    explorer.open("accounts?filter[nmae-cont]=a")

    expect(explorer.filter(0).locator(".error")).to_contain_text(re.compile("nmae"))
    expect(explorer.matched).to_have_text("No answer")

    explorer.filter(0).get_by_label("Parameter").fill("filter[name-cont]")

    expect(explorer.matched).to_contain_text("match")
