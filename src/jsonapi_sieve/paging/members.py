"""What all ways of paging share: their numbers, and the errors of their `page[...]` parameters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from jsonapi_sieve.errors import DeclarationError, ErrorObject
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import shown

__all__ = ["GREATEST", "Bounds", "check_sizes", "invalid", "over_maximum", "read_numbers"]

GREATEST: Final = 2**31 - 1
"""The greatest number that is read: the offset of the last page has to fit the engines' 64 bits."""

_ENOUGH_DIGITS: Final = len(str(GREATEST)) + 1


class Bounds(NamedTuple):
    """A number that a client may send: what it is when it is not sent, its least and its greatest value."""

    default: int
    least: int
    most: int


def read_numbers(
    members: Mapping[str, str],
    bounds: Mapping[str, Bounds],
    too_great: Callable[[str, str], ErrorObject],
    others: Collection[str] = (),
) -> tuple[dict[str, int], list[ErrorObject]]:
    """Read the decoded values of `page[...]` parameters that are numbers in ASCII digits; give them and the faults.

    `too_great` makes the error of a member and its text; `others` are members that somebody else reads.
    """
    numbers = {member: bound.default for member, bound in bounds.items()}
    faults: list[ErrorObject] = []
    for member, text in members.items():
        bound, number = bounds.get(member), _number(text)
        if bound is None:
            faults.append(_unknown(member, [*bounds, *others]))
        elif number is None or number < bound.least:
            kind = "positive whole" if bound.least else "whole"
            faults.append(invalid(member, f"{shown(text)} is no {kind} number.", bound))
        elif number > bound.most:
            faults.append(too_great(member, text))
        else:
            numbers[member] = number
    return numbers, faults


def _number(text: str) -> int | None:
    """Read a number in ASCII digits, of a long one no more than shows that it is too great."""
    if not (text.isdecimal() and text.isascii()):
        return None
    return int(text.lstrip("0")[:_ENOUGH_DIGITS] or 0) if len(text) > _ENOUGH_DIGITS else int(text)


def invalid(member: str, detail: str, bound: Bounds) -> ErrorObject:
    """Give the error of a value that is no such number."""
    meta = {"allowed": f"a number from {bound.least} to {bound.most}, in digits"}
    return ErrorObject("invalid-page-value", "Invalid page value", detail, f"page[{member}]", meta=meta)


def _unknown(member: str, known: Collection[str]) -> ErrorObject:
    near = nearest(member, known)
    hint = f"; did you mean page[{near}]?" if near else "."
    detail = f"{shown(f'page[{member}]')} is no parameter of this listing{hint}"
    meta: dict[str, object] = {"nearest": f"page[{near}]"} if near else {}
    meta["allowed"] = [f"page[{name}]" for name in known]
    return ErrorObject("unknown-page-parameter", "Unknown page parameter", detail, f"page[{member}]", meta=meta)


def check_sizes(pages: object, default: int, maximum: int) -> None:
    """Check the sizes of a way of paging.

    Raises:
        DeclarationError: unless 1 <= `default` <= `maximum` <= 2,147,483,647.
    """
    if not 1 <= default <= maximum <= GREATEST:
        raise DeclarationError(
            f"of {type(pages).__name__}, 1 <= default <= maximum <= {GREATEST} has to hold, "
            f"which is not so for default={default} and maximum={maximum}"
        )


def over_maximum(text: str, maximum: int) -> str:
    """Say that more resources are asked for than a page can hold.

    >>> over_maximum("5000", 1000)
    "'5000' is more than the 1000 resources that a page can hold."
    """
    return f"{shown(text)} is more than the {maximum} resources that a page can hold."
