"""Pages by offset and limit: `page[offset]=100&page[limit]=50`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.links import links_start
from jsonapi_sieve.operand import shown
from jsonapi_sieve.paging.members import GREATEST, Bounds, check_sizes, invalid, over_maximum, read_numbers
from jsonapi_sieve.paging.protocol import Page

__all__ = ["OffsetPage", "OffsetPages"]


class OffsetPage(NamedTuple):
    """A page by the number of resources before it, and the most that it holds.

    >>> OffsetPage(offset=100, limit=50)
    OffsetPage(offset=100, limit=50)
    """

    offset: int
    limit: int


class OffsetPages:
    """Paging by offset and limit: `default` resources, or as many as a client asks for, up to `maximum`.

    >>> pages = OffsetPages(default=50, maximum=1000)
    >>> pages.parse({"offset": "100"})
    OffsetPage(offset=100, limit=50)
    >>> pages.parse({"limit": "5000"})
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: page[limit]: '5000' is more than the 1000 resources that a page can hold.

    Raises:
        DeclarationError: unless 1 <= `default` <= `maximum` <= 2,147,483,647.
    """

    __slots__ = ("_bounds", "default", "maximum")

    profile: str | None = None

    def __init__(self, default: int = 50, maximum: int = 1000) -> None:
        check_sizes(self, default, maximum)
        self.default: int = default
        self.maximum: int = maximum
        self._bounds = {"offset": Bounds(0, 0, GREATEST), "limit": Bounds(default, 1, maximum)}

    def parse(self, members: Mapping[str, str]) -> OffsetPage:
        """Read the decoded values of `page[offset]` and `page[limit]`; without them, the first page of default size.

        Raises:
            QueryErrors: with an error for each value that is no number in ASCII digits, too great, or a limit of
                nothing; and for each other member.
        """
        numbers, faults = read_numbers(members, self._bounds, self._too_great)
        if faults:
            raise QueryErrors(faults)
        return OffsetPage(**numbers)

    def links(self, url: str, page: Page, total: int | None, *, more: bool = False) -> dict[str, str]:
        """Give the links `first`, `prev`, `next` and `last`, of which the middle two are there only where they lead on.

        `url` is that of the request, absolute or relative. All pages have the limit of this one: where fewer resources
        stand before it, `prev` leads to the first page, which then shares resources with this one. From beyond the
        end, `prev` leads to the last page. Where the total is not known, `more` says whether there is a next page.

        >>> OffsetPages().links("/cdrs?sort=id", OffsetPage(0, 50), total=70)["last"]
        '/cdrs?sort=id&page%5Boffset%5D=50&page%5Blimit%5D=50'
        """
        offset, limit = page.offset, page.limit
        last = None if total is None else max(0, total - 1) // limit * limit
        offsets = {"first": 0}
        if offset > 0:
            offsets["prev"] = max(0, offset - limit) if last is None else min(max(0, offset - limit), last)
        if more if total is None else offset + limit < total:
            offsets["next"] = offset + limit
        if last is not None:
            offsets["last"] = last
        start = links_start(url)
        return {name: f"{start}page%5Boffset%5D={to}&page%5Blimit%5D={limit}" for name, to in offsets.items()}

    def _too_great(self, member: str, text: str) -> ErrorObject:
        if member == "offset":
            detail = f"No collection has as many resources as {shown(text)}."
            return invalid(member, detail, self._bounds[member])
        return Limits(page_size=self.maximum).exceeded("page_size", over_maximum(text, self.maximum), "page[limit]")
