"""Pages by number and size: `page[number]=2&page[size]=50`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.links import with_page
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import shown
from jsonapi_sieve.paging.protocol import Page

__all__ = ["NumberedPage", "NumberedPages"]

# The offset of the last page has to fit the engines' 64 bits.
_GREATEST: Final = 2**31 - 1

_digits = re.compile("0*([0-9]+)", re.ASCII).fullmatch


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
    jsonapi_sieve.errors.QueryErrors: page[size]: 5000 resources on a page are asked for; at most 1000 are given.

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
        self.default = default
        self.maximum = maximum

    def parse(self, members: Mapping[str, str]) -> NumberedPage:
        """Read the decoded values of `page[number]` and `page[size]`; without them, the first page of default size.

        Raises:
            QueryErrors: with an error for each value that is no positive number in ASCII digits or too great, and for
                each other member.
        """
        read: dict[str, Callable[[str], int]] = {"number": _number, "size": self._size}
        numbers: dict[str, int] = {}
        faults: list[ErrorObject] = []
        for member, text in members.items():
            try:
                numbers[member] = read[member](text)
            except KeyError:
                faults.append(_unknown(member, list(read)))
            except QueryErrors as error:
                faults.extend(error.errors)
        if faults:
            raise QueryErrors(faults)
        return NumberedPage(numbers.get("number", 1), numbers.get("size", self.default))

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
        return {name: with_page(url, {"number": to, "size": page.limit}) for name, to in numbers.items()}

    def _size(self, text: str) -> int:
        size = _positive(text, "page[size]")
        if size > self.maximum:
            asked = "Too many" if size > _GREATEST else size
            detail = f"{asked} resources on a page are asked for; at most {self.maximum} are given."
            raise QueryErrors([Limits(page_size=self.maximum).exceeded("page_size", detail, "page[size]")])
        return size


def _number(text: str) -> int:
    number = _positive(text, "page[number]")
    if number > _GREATEST:
        raise _invalid(text, "is beyond the last page that there can be", "page[number]")
    return number


def _positive(text: str, at: str) -> int:
    """Read a positive number; one of more digits than any that is taken is given as the least that is not taken."""
    digits = _digits(text)
    if digits is None or digits[1] == "0":
        raise _invalid(text, "is no positive whole number", at)
    return int(digits[1]) if len(digits[1]) <= len(str(_GREATEST)) else _GREATEST + 1


def _invalid(text: str, what: str, at: str) -> QueryErrors:
    meta = {"allowed": f"a number from 1 to {_GREATEST}, in digits"}
    return QueryErrors(
        [ErrorObject("invalid-page-value", "Invalid page value", f"{shown(text)} {what}.", at, meta=meta)]
    )


def _unknown(member: str, known: list[str]) -> ErrorObject:
    at, near = f"page[{member}]", nearest(member, known)
    hint = f"; did you mean page[{near}]?" if near else "."
    meta: dict[str, object] = {"nearest": f"page[{near}]"} if near else {}
    meta["allowed"] = [f"page[{name}]" for name in known]
    return ErrorObject(
        "unknown-page-parameter", "Unknown page parameter", f"{shown(at)} is no parameter{hint}", at, meta=meta
    )
