"""How the rows of all pages are counted, and how a document tells the number.

A count costs far more than a page, so a listing may count up to a limit, estimate, or not count at all. What is no
count is never shown as one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from jsonapi_sieve.errors import DeclarationError

__all__ = ["Capped", "Counting", "check_counting", "counted", "known_total"]


class Capped(NamedTuple):
    """Counting to a limit, beyond which the answer is "more than": `Capped(10_000)`."""

    limit: int = 10_000


Counting: TypeAlias = Literal["exact", "estimated", "none"] | Capped
"""`exact` counts every row, `Capped` up to a limit; `estimated` asks the statistics of the engine, `none` nobody."""


def check_counting(counting: Counting) -> Counting:
    """Return a way of counting.

    Raises:
        DeclarationError: for what is none, and for a limit below 1.
    """
    if counting in ("exact", "estimated", "none") or (isinstance(counting, Capped) and counting.limit > 0):
        return counting
    raise DeclarationError(
        f'counting={counting!r} is no way of counting: it is "exact", "estimated", "none" or Capped(10_000)'
    )


def known_total(number: int | None, counting: Counting) -> int | None:
    """Give the number of rows, or None where the count does not tell it.

    >>> known_total(70, Capped(100)), known_total(101, Capped(100)), known_total(70, "estimated")
    (70, None, None)
    """
    is_capped = isinstance(counting, Capped) and number is not None and number > counting.limit
    return None if is_capped or counting == "estimated" else number


def counted(number: int | None, counting: Counting, *, member: str | None) -> dict[str, object]:
    """Give the members of `meta` that tell a count.

    `member` is the one that holds an exact count; where it is None, the count stands in `page`, as the profile of
    cursor pagination has it. An estimate, and the least number above a limit, always stand there, by their own name.

    >>> counted(70, "exact", member="total-count"), counted(70, "exact", member=None)
    ({'total-count': 70}, {'page': {'total': 70}})
    >>> counted(101, Capped(100), member="total-count")
    {'page': {'estimatedTotal': {'bestGuess': 101}, 'moreThan': 100}}
    """
    if number is None:
        return {}
    if known_total(number, counting) is not None:
        return {"page": {"total": number}} if member is None else {member: number}
    page: dict[str, object] = {"estimatedTotal": {"bestGuess": number}}
    if isinstance(counting, Capped):
        page["moreThan"] = counting.limit
    return {"page": page}
