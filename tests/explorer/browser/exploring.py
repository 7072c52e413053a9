"""What a test does with the page, in the words of its users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from tests.explorer.browser.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, StorageState

__all__ = ["ANSWERED", "DAY", "Explorer", "signed_in"]

DAY: Final = "filter[time-start-gteq]=2026-02-28T12:00:00Z"
"""The last day of the generated calls."""

ANSWERED: Final = "#answer[aria-busy=false]:not(:has([aria-busy=true]))"
"""The answer, when its plots are drawn too."""


def signed_in(context: BrowserContext, service: Served) -> StorageState:
    """Uses the link up, as its user does; gives the cookie that it was swapped for."""
    page = context.new_page()
    page.goto(service.link)
    page.get_by_role("button", name="Open the explorer").click()
    page.locator(ANSWERED).wait_for()
    return context.storage_state()


@dataclass(frozen=True)
class Explorer:
    """A page of the explorer."""

    page: Page
    service: Served

    def open(self, state: str = f"cdrs?{DAY}") -> None:
        """Opens what stands behind the # of the page's address, and waits for the answer."""
        self.page.goto(f"{self.service.url}/#{quote(state, safe='?=&[],:/')}")
        self.page.locator(ANSWERED).wait_for()

    @property
    def state(self) -> str:
        """What stands behind the # of the address."""
        return _state(self.page.url)

    def wait_for(self, fits: Callable[[str], bool]) -> None:
        """Waits until what stands behind the # fits."""
        self.page.wait_for_url(lambda url: fits(_state(url)))

    @property
    def matched(self) -> Locator:
        return self.page.locator("#matched")

    @property
    def count(self) -> int:
        """How many rows match, as the page says."""
        return int(self.matched.inner_text().split()[0].replace(",", ""))

    def filter(self, number: int) -> Locator:
        """One line of the filters."""
        return self.page.locator("#filters > li").nth(number)

    def add_filter(self, field: str, operator: str) -> Locator:
        """Adds a line; gives its control for the value."""
        self.page.get_by_role("button", name="Add a filter").click()
        line = self.page.locator("#filters > li").last
        line.get_by_label("Field").select_option(field)
        line.get_by_label("Operator").select_option(operator)
        return line.get_by_label(f"Value of {field} {operator}".replace("_", " "))

    def column(self, name: str) -> list[str]:
        """What the rows shown have in a column."""
        names = [text.split(" (")[0].strip("▲▼ ") for text in self.page.locator("#table th").all_text_contents()]
        texts: list[str] = self.page.locator(f"#table td:nth-child({names.index(name) + 1})").all_inner_texts()
        return texts


def _state(url: str) -> str:
    return unquote(url.partition("#")[2])
