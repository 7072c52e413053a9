"""What a way of paging by numbers offers, whatever its parameters are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Page", "Pages"]


class Page(Protocol):
    """One page: how many rows to fetch for it at most, and how many stand before them."""

    @property
    def limit(self) -> int:
        """The most rows to fetch, at least 1."""

    @property
    def offset(self) -> int:
        """The number of rows to skip."""


class Pages(Protocol):
    """A way of paging: its `page[...]` parameters, and the links of its pages (JSON:API 1.1, "Pagination")."""

    @property
    def maximum(self) -> int:
        """The most resources that a client may ask for at once."""

    @property
    def profile(self) -> str | None:
        """The URI of the profile that its parameters and documents keep to; None where there is none."""

    def parse(self, members: Mapping[str, str]) -> Page:
        """Read the decoded values of the `page[...]` parameters, by what stands in the brackets.

        Without any, this is the page of a request that does not say which.

        Raises:
            QueryErrors: with every fault.
        """

    def links(self, url: str, page: Page, total: int | None, *, more: bool = False) -> Mapping[str, str]:
        """Give the links from a page, of which `url` is the URL, to others of a collection of `total` resources.

        Where the total is not known, `more` says whether there may be a next page.
        """
