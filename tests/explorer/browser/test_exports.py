from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.explorer.browser.expecting import expect
from tests.explorer.browser.exploring import DAY, Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("browser")]


def test_an_export_is_created_watched_and_downloaded(explorer: Explorer, tmp_path: Path) -> None:
    explorer.open(f"cdrs?{DAY}&filter[time-start-lt]=2026-03-01T12:00:00Z&filter[success-eq]=true")
    account = explorer.page.get_by_label("Only rows of this account").locator("option:checked").inner_text()

    explorer.page.get_by_role("button", name="Create an export").click()

    order = explorer.page.locator("#exports > li").first
    expect(order).to_contain_text("Completed", timeout=30_000)
    expect(order).to_contain_text(account)
    expect(order).to_contain_text("success = true")
    with explorer.page.expect_download() as started:
        order.get_by_role("link", name="Download").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text()
    assert {row["Success"] for row in csv.DictReader(text.splitlines())} == {"t"}


def test_an_export_is_watched_although_the_service_was_away(explorer: Explorer, faults: list[str]) -> None:
    asked: list[str] = []

    def fail_twice(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= 2:
            route.abort()
        else:
            route.continue_()

    explorer.page.route(re.compile(r"/explorer/exports/[^/]+$"), fail_twice)
    explorer.open(f"cdrs?{DAY}")

    explorer.page.get_by_role("button", name="Create an export").click()

    order = explorer.page.locator("#exports > li").first
    expect(order).to_contain_text("Completed", timeout=30_000)
    assert len(asked) > 2
    assert [fault for fault in faults if "ERR_FAILED" not in fault] == []
    faults.clear()


def test_all_accounts_can_be_chosen(explorer: Explorer) -> None:
    small = re.compile(r"/explorer/resources/accounts/rows\?page\[size\]=1000$")
    explorer.page.route(small, lambda route: route.continue_(url=route.request.url.replace("1000", "1")))
    own = {"Authorization": explorer.service.token}
    accounts = httpx.get(f"{explorer.service.url}/api/rest/customer/v1/accounts", headers=own).json()

    explorer.open()

    assert accounts["meta"]["total-count"] > 1
    expect(explorer.page.locator("#export-relationships option")).to_have_count(accounts["meta"]["total-count"])


def test_accounts_are_asked_for_again_when_they_did_not_come(explorer: Explorer, faults: list[str]) -> None:
    accounts = re.compile(r"/explorer/resources/accounts/rows\?")
    explorer.page.route(accounts, lambda route: route.abort())
    explorer.open()
    expect(explorer.page.locator("#export-fault")).to_contain_text("cannot be reached")
    explorer.page.unroute(accounts)

    explorer.page.get_by_role("columnheader", name="duration (s)").get_by_role("button").click()

    expect(explorer.page.get_by_label("Only rows of this account").locator("option")).not_to_have_count(0)
    expect(explorer.page.locator("#export-fault")).to_be_hidden()
    assert [fault for fault in faults if "ERR_FAILED" not in fault] == []
    faults.clear()


def test_what_an_export_cannot_hold_is_said(explorer: Explorer) -> None:
    explorer.open(f"cdrs?{DAY}&filter[lega-user-agent-cont]=a")

    expect(explorer.page.locator("#export-fault")).to_be_visible()
    expect(explorer.page.get_by_role("button", name="Create an export")).to_be_disabled()
