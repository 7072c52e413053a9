"""A page of the explorer in a browser; a fault of its code, or a break of its policy, fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.explorer.browser.chromium import chromium
from tests.explorer.browser.exploring import Explorer, signed_in
from tests.explorer.browser.serving import Served, generated, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(generated(tmp_path_factory.mktemp("explorer"), 3_000)) as running:
        yield running


@pytest.fixture(scope="session")
def session(browser: Browser, service: Served) -> Any:
    """Give the cookie that the link, which works once, was swapped for."""
    context = browser.new_context()
    state = signed_in(context, service)
    context.close()
    return state


@pytest.fixture
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give what the page is opened with: a colour scheme, a size; tests set it by parameters."""
    return dict(getattr(request, "param", {}))


@pytest.fixture
def faults() -> list[str]:
    """Give what the page's console tells; a test may take out of it what it expects."""
    return []


@pytest.fixture
def explorer(
    browser: Browser, service: Served, session: Any, options: dict[str, Any], faults: list[str]
) -> Iterator[Explorer]:
    context = browser.new_context(storage_state=session, locale="en-GB", **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield Explorer(page, service)
    context.close()
    assert faults == []
