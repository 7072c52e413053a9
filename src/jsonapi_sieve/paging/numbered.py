"""Pages by number and size: `page[number]=2&page[size]=50`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.links import links_start
from jsonapi_sieve.operand import shown
from jsonapi_sieve.paging.members import GREATEST, Bounds, check_sizes, invalid, over_maximum, read_numbers
from jsonapi_sieve.paging.protocol import Page

__all__ = ["NumberedPage", "NumberedPages"]


class NumberedPage(NamedTuple):
    """A page by its number, from 1, and its size.

    >>> NumberedPage(number=3, size=50).offset
    100
    """

    number: int
    size: int

    @property
    def limit(self) -> int:
        """The most resources on the page."""
        return self.size

    @property
    def offset(self) -> int:
        """The number of resources before the page."""
        return (self.number - 1) * self.size


class NumberedPages:
    """Paging by number and size: `default` resources on a page, or as many as a client asks for, up to `maximum`.

    >>> pages = NumberedPages(default=50, maximum=1000)
    >>> pages.parse({"number": "2"})
    NumberedPage(number=2, size=50)
    >>> pages.parse({"size": "5000"})
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: page[size]: '5000' is more than the 1000 resources that a page can hold.

    Raises:
        DeclarationError: unless 1 <= `default` <= `maximum` <= 2,147,483,647.
    """

    __slots__ = ("_bounds", "default", "maximum")

    profile: str | None = None

    def __init__(self, default: int = 50, maximum: int = 1000) -> None:
        check_sizes(self, default, maximum)
        self.default: int = default
        self.maximum: int = maximum
        self._bounds = {"number": Bounds(1, 1, GREATEST), "size": Bounds(default, 1, maximum)}

    def parse(self, members: Mapping[str, str]) -> NumberedPage:
        """Read the decoded values of `page[number]` and `page[size]`; without them, the first page of default size.

        Raises:
            QueryErrors: with an error for each value that is no positive number in ASCII digits or too great, and for
                each other member.
        """
        numbers, faults = read_numbers(members, self._bounds, self._too_great)
        if faults:
            raise QueryErrors(faults)
        return NumberedPage(**numbers)

    def links(self, url: str, page: Page, total: int | None, *, more: bool = False) -> dict[str, str]:
        """Give the links `first`, `prev`, `next` and `last`, of which the middle two are there only where they lead on.

        `url` is that of the request, absolute or relative. An empty collection has one page. Beyond the last page,
        `prev` leads to the last one. Where the total is not known, there is no `last`, and `more` says whether there is
        a next page.

        >>> NumberedPages().links("/cdrs?sort=id", NumberedPage(1, 50), total=70)["last"]
        '/cdrs?sort=id&page%5Bnumber%5D=2&page%5Bsize%5D=50'
        """
        size = page.limit
        number = page.offset // size + 1
        last = None if total is None else max(1, -(-total // size))
        numbers = {"first": 1}
        if number > 1:
            numbers["prev"] = number - 1 if last is None else min(number - 1, last)
        if more if last is None else number < last:
            numbers["next"] = number + 1
        if last is not None:
            numbers["last"] = last
        start = links_start(url)
        return {name: f"{start}page%5Bnumber%5D={to}&page%5Bsize%5D={size}" for name, to in numbers.items()}

    def _too_great(self, member: str, text: str) -> ErrorObject:
        if member == "number":
            detail = f"No collection has as many pages as {shown(text)}."
            return invalid(member, detail, self._bounds[member])
        return Limits(page_size=self.maximum).exceeded("page_size", over_maximum(text, self.maximum), "page[size]")
