"""Pages by number and size: `page[number]=2&page[size]=50`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.links import page_links
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import shown
from jsonapi_sieve.paging.protocol import Page

__all__ = ["NumberedPage", "NumberedPages"]

# The offset of the last page has to fit the engines' 64 bits.
_GREATEST: Final = 2**31 - 1
_ENOUGH_DIGITS: Final = len(str(_GREATEST)) + 1

_is_digits = re.compile("[0-9]+").fullmatch


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

    __slots__ = ("default", "maximum")

    def __init__(self, default: int = 50, maximum: int = 1000) -> None:
        if not 1 <= default <= maximum <= _GREATEST:
            raise DeclarationError(
                f"of NumberedPages, 1 <= default <= maximum <= {_GREATEST} has to hold, "
                f"which is not so for default={default} and maximum={maximum}"
            )
        self.default: int = default
        self.maximum: int = maximum

    def parse(self, members: Mapping[str, str]) -> NumberedPage:
        """Read the decoded values of `page[number]` and `page[size]`; without them, the first page of default size.

        Raises:
            QueryErrors: with an error for each value that is no positive number in ASCII digits or too great, and for
                each other member.
        """
        most = {"number": _GREATEST, "size": self.maximum}
        numbers = {"number": 1, "size": self.default}
        faults: list[ErrorObject] = []
        for member, text in members.items():
            number = _number(text)
            if member not in most:
                faults.append(_unknown(member, list(most)))
            elif number == 0:
                faults.append(_invalid(member, f"{shown(text)} is no positive whole number.", most[member]))
            elif number > most[member]:
                faults.append(self._too_great(member, text))
            else:
                numbers[member] = number
        if faults:
            raise QueryErrors(faults)
        return NumberedPage(**numbers)

    def links(self, url: str, page: Page, total: int) -> dict[str, str]:
        """Give the links `first`, `prev`, `next` and `last`, of which the middle two are there only where they lead on.

        `url` is that of the request, absolute or relative. An empty collection has one page. Beyond the last page,
        `prev` leads to the last one.

        >>> NumberedPages().links("/cdrs?sort=id", NumberedPage(1, 50), total=70)["last"]
        '/cdrs?sort=id&page%5Bnumber%5D=2&page%5Bsize%5D=50'
        """
        number, last = page.offset // page.limit + 1, max(1, -(-total // page.limit))
        numbers = {"first": 1}
        if number > 1:
            numbers["prev"] = min(number - 1, last)
        if number < last:
            numbers["next"] = number + 1
        numbers["last"] = last
        return page_links(url, {name: {"number": to, "size": page.limit} for name, to in numbers.items()})

    def _too_great(self, member: str, text: str) -> ErrorObject:
        if member == "number":
            return _invalid(member, f"No collection has as many pages as {shown(text)}.", _GREATEST)
        detail = f"{shown(text)} is more than the {self.maximum} resources that a page can hold."
        return Limits(page_size=self.maximum).exceeded("page_size", detail, "page[size]")


def _number(text: str) -> int:
    """Read a number in ASCII digits, 0 for what is none; of a long one no more than shows that it is too great."""
    return int(text.lstrip("0")[:_ENOUGH_DIGITS] or 0) if _is_digits(text) else 0


def _invalid(member: str, detail: str, most: int) -> ErrorObject:
    meta = {"allowed": f"a number from 1 to {most}, in digits"}
    return ErrorObject("invalid-page-value", "Invalid page value", detail, f"page[{member}]", meta=meta)


def _unknown(member: str, known: list[str]) -> ErrorObject:
    near = nearest(member, known)
    hint = f"; did you mean page[{near}]?" if near else "."
    detail = f"{shown(f'page[{member}]')} is no parameter of this listing{hint}"
    meta: dict[str, object] = {"nearest": f"page[{near}]"} if near else {}
    meta["allowed"] = [f"page[{name}]" for name in known]
    return ErrorObject("unknown-page-parameter", "Unknown page parameter", detail, f"page[{member}]", meta=meta)
