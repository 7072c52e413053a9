"""Strategies for the values of every type: what rows hold, and what filters ask for, whether a row can hold it or not.

Both are full of what engines are apt to read differently.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Protocol, runtime_checkable

from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.operand import HeldValue, LikePattern
from jsonapi_sieve.testing.strategies.near import AnyType, beside, misread, same
from jsonapi_sieve.testing.strategies.texts import PATTERNS, TEXTS

__all__ = [
    "ADDRESSES",
    "DATES",
    "DECIMALS",
    "FLOATS",
    "MILLISECONDS",
    "MOMENTS",
    "SPELLED_ADDRESSES",
    "UUIDS",
    "GivesStrategy",
    "constants",
    "decimals",
    "held",
    "integers",
]


@runtime_checkable
class GivesStrategy(Protocol):
    """A value type of one's own that says which constants to draw."""

    def strategy(self) -> st.SearchStrategy[Any]:
        """Give a strategy for constants of the type."""


_MICROSECONDS = 6
_DIGITS = 37
"""What the decimals of every engine hold."""

_EXACT = Context(prec=400)
"""Wide enough for all that is put into it."""

_INTEGERS = sorted({sign * 2**power + step for power in (15, 31, 53, 63) for sign in (-1, 1) for step in (-1, 0, 1)})


def integers(bits: int) -> st.SearchStrategy[int]:
    """Give what a column of so many bits holds."""
    limit = 1 << bits - 1
    edges = [edge for edge in (0, 1, -1, 10, *_INTEGERS) if -limit <= edge < limit]
    return st.sampled_from(edges) | st.integers(-limit, limit - 1)


def decimals(scale: int, digits: int = 40) -> st.SearchStrategy[Decimal]:
    """Give what a column of so many digits holds, `scale` of them behind the point."""
    most = 10**digits - 1
    edges = [sign * units for sign in (1, -1) for units in (0, 1, 9, 10, 10**scale, 2**53 + 1, 2**63, most - 1, most)]
    units = st.sampled_from([edge for edge in edges if abs(edge) <= most]) | st.integers(-most, most)
    return units.map(lambda number: Decimal(number).scaleb(-scale, _EXACT))


FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.1 + 0.2, 1.0, 5e-324, -1e-39, 2.0**53, 2.0**53 + 2, 1e39, -1e40, 1.7e308]),
    st.floats(allow_nan=False, allow_infinity=False),
)
"""What columns hold."""

_EDGES = [
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 0, 0, 1_000, UTC),
    datetime(2024, 2, 29, 12, 0, 0, 1_001, UTC),
]
# From 00:00 to 02:00 in UTC, clocks in Berlin show each time twice.
_REPEATED = [datetime(2023, 10, 29, tzinfo=UTC) + timedelta(minutes=minutes) for minutes in range(0, 150, 15)]
MOMENTS = st.one_of(st.sampled_from(_EDGES), st.sampled_from(_REPEATED), st.datetimes(timezones=st.just(UTC)))
MILLISECONDS = MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
DATES = st.sampled_from([date.min, date.max, date(1970, 1, 1), date(2024, 2, 29)]) | st.dates()
UUIDS = st.one_of(
    st.sampled_from([str(uuid.UUID(int=number)) for number in (0, 1, 2**64, 2**127, 10**38, 2**128 - 1)]),
    st.uuids().map(str),
)
SPELLED_ADDRESSES: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(["0.0.0.0/0", "10.0.0.1/32", "10.0.0.1/8", "10.0.0.0/8", "::", "::/0", "::ffff:10.0.0.1"]),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda parts: f"{parts[0]}/{parts[1]}"),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 128)).map(lambda parts: f"{parts[0]}/{parts[1]}"),
    st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}"),
    st.integers(0, 0xFFFF).map(lambda number: f"64:ff9b::{number:x}"),
)
"""Addresses as clients may spell them."""
ADDRESSES = SPELLED_ADDRESSES.map(types.Address().parse)

DECIMALS = st.tuples(st.integers(-(10**40) + 1, 10**40 - 1), st.integers(0, 40)).map(
    lambda parts: Decimal(f"{parts[0]}e-{parts[1]}")
)
"""All constants that filters may ask for, whatever the scale."""

_ASKED_FLOATS = st.one_of(
    st.tuples(st.integers(-(10**17), 10**17), st.integers(-20, 22)).map(lambda parts: float(f"{parts[0]}e{parts[1]}")),
    st.sampled_from([0.0, 1e-40, -1e-7, 1e22, 0.1 + 0.2, 9.999999999999999e39]),
)
_ASKED_INTEGERS = st.one_of(
    st.sampled_from([*_INTEGERS, 10**19 - 1, 1 - 10**19]), st.integers(-(10**19) + 1, 10**19 - 1)
)


def constants(declared: AnyType, near: Iterable[Any] = ()) -> st.SearchStrategy[Any]:
    """Give constants that filters may ask for, whether a column can hold them or not; most lie near given values.

    `near` are values as rows hold them. A value type of your own gives constants by a method `strategy()`.

    >>> from jsonapi_sieve import types
    >>> constants(types.Enum("Pending", "Failed"))
    sampled_from(('Pending', 'Failed'))

    Raises:
        TypeError: for a value type that is none of the library's and has no method `strategy()`.
    """
    values = [value for value in near if value is not None]
    pools = [
        list(dict.fromkeys(constant for value in values for constant in find(declared, value)))
        for find in (same, same, beside, beside, misread)
    ]
    chosen = [*(st.sampled_from(pool) for pool in pools if pool), _constants(declared)]
    # Not one_of(), which would weigh each alternative among the others as much as those.
    return st.sampled_from(chosen).flatmap(lambda strategy: strategy) if values else chosen[0]


def _constants(declared: AnyType) -> st.SearchStrategy[Any]:
    match declared:
        case GivesStrategy():
            return declared.strategy()
        case types.Integer():
            return _ASKED_INTEGERS
        case types.Decimal():
            return DECIMALS
        case types.Float():
            return _ASKED_FLOATS
        case LikePattern():
            return PATTERNS
        case HeldValue():
            return held(declared.type)
        case _:
            return held(declared)


def held(declared: AnyType) -> st.SearchStrategy[Any]:
    """Give constants that a column or a row can hold.

    >>> from jsonapi_sieve import types
    >>> held(types.Boolean())
    booleans()

    Raises:
        TypeError: for a value type that is none of the library's and has no method `strategy()`.
    """
    match declared:
        case GivesStrategy():
            return declared.strategy()
        case _ if not type(declared).__module__.startswith("jsonapi_sieve."):
            remedy = "give the class a method strategy() that returns a Hypothesis strategy for its constants"
            raise TypeError(f"of {declared!r} nothing can be drawn: {remedy}, or give one by values=")
        case types.Boolean():
            return st.booleans()
        case types.Integer():
            return integers(declared.bits)
        case types.Decimal(exact=True):
            return decimals(declared.scale, _DIGITS)
        case types.Decimal() | types.Float():
            return FLOATS
        case types.Enum():
            return st.sampled_from(declared.members)
        case types.Uuid():
            return UUIDS
        case types.Address():
            return ADDRESSES
        case types.Timestamp():
            return MOMENTS if declared.digits == _MICROSECONDS else MILLISECONDS
        case types.Date():
            return DATES
        case _:
            return TEXTS
