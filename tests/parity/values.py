"""Values other than text that engines are apt to read differently: those that columns hold, and those beside them."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.types import InvalidValue
from tests.parity.texts import TEXTS, needles_beside
from tests.types import constants
from tests.types.constants import CONSTANTS, AnyType

__all__ = [
    "ADDRESSES",
    "DATES",
    "FLOATS",
    "MILLISECONDS",
    "MOMENTS",
    "UUIDS",
    "asked",
    "beside",
    "decimals",
    "integers",
    "same",
]

Change: TypeAlias = Callable[[Any], Any]

_EXACT = Context(prec=400)
"""Wide enough for all that is put into it."""

_INTEGERS = sorted({sign * 2**power + step for power in (15, 31, 53, 63) for sign in (-1, 1) for step in (-1, 0, 1)})


def integers(bits: int) -> st.SearchStrategy[int]:
    """Give what a column of so many bits holds."""
    limit = 1 << bits - 1
    edges = [edge for edge in (0, 1, -1, 10, *_INTEGERS) if -limit <= edge < limit]
    return st.sampled_from(edges) | st.integers(-limit, limit - 1)


def decimals(scale: int) -> st.SearchStrategy[Decimal]:
    """Give what a column of 40 digits holds, `scale` of them behind the point."""
    most = 10**40 - 1
    edges = [sign * units for sign in (1, -1) for units in (0, 1, 9, 10, 10**scale, 2**53 + 1, 2**63, most - 1, most)]
    units = st.sampled_from([edge for edge in edges if abs(edge) <= most]) | st.integers(-most, most)
    return units.map(lambda number: Decimal(number).scaleb(-scale, _EXACT))


FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.1 + 0.2, 1.0, 5e-324, -1e-39, 2.0**53, 2.0**53 + 2, 1e39, -1e40, 1.7e308]),
    st.floats(allow_nan=False, allow_infinity=False),
)

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
MOMENTS = st.one_of(st.sampled_from(_EDGES), st.sampled_from(_REPEATED), constants.MOMENTS)
MILLISECONDS = MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
DATES = st.sampled_from([date.min, date.max, date(1970, 1, 1), date(2024, 2, 29)]) | st.dates()
UUIDS = st.one_of(
    st.sampled_from([str(uuid.UUID(int=number)) for number in (0, 1, 2**64, 2**127, 10**38, 2**128 - 1)]),
    st.uuids().map(str),
)
ADDRESSES = st.one_of(
    st.sampled_from(["0.0.0.0/0", "10.0.0.1/32", "10.0.0.1/8", "10.0.0.0/8", "::", "::/0", "::ffff:10.0.0.1"]),
    constants.ADDRESSES,
).map(types.Address().parse)

_CONSTANTS: dict[AnyType, st.SearchStrategy[Any]] = dict(CONSTANTS) | {types.Text(): TEXTS}


def asked(declared: AnyType) -> st.SearchStrategy[Any]:
    """Give constants for filters: any that can be written, whether a column can hold it or not."""
    match declared:
        case types.Integer():
            return st.sampled_from([*_INTEGERS, 10**19 - 1, 1 - 10**19]) | _CONSTANTS[declared]
        case types.Enum():
            return st.sampled_from(declared.members)
        case _:
            return _CONSTANTS[declared]


def _as_it_is(held: Any) -> Any:
    return held


def same(declared: AnyType, held: Any) -> Iterator[Any]:
    """Give the constant that is what a column holds, if it can be written."""
    return _accepted(declared, [_shortest if declared == types.Decimal(exact=False) else _as_it_is], held)


def beside(declared: AnyType, held: Any) -> Iterator[Any]:
    """Give the constants that lie beside what a column holds."""
    return iter(needles_beside(held)) if declared == types.Text() else _accepted(declared, _changes(declared), held)


def _accepted(declared: AnyType, changes: list[Change], held: Any) -> Iterator[Any]:
    for change in changes:
        try:
            yield declared.accept(change(held))
        except (InvalidValue, OverflowError):  # no filter can say so
            continue


def _plus(step: Any) -> Change:
    return lambda held: held + step


def _plus_exactly(step: Decimal) -> Change:
    return lambda held: _EXACT.add(_shortest(held), step)


def _shortest(held: Decimal | float) -> Decimal:
    return Decimal(str(held))


def _changes(declared: AnyType) -> list[Change]:
    match declared:
        case types.Integer():
            return [_plus(-1), _plus(1)]
        case types.Decimal(exact=True):
            return [_plus_exactly(Decimal(step).scaleb(-declared.scale)) for step in ("1", "-1", "0.1", "-0.5")]
        case types.Decimal():
            return [_plus_exactly(Decimal(step)) for step in ("1e-25", "-1e-15")]
        case types.Float():
            return [lambda held: math.nextafter(held, -math.inf), lambda held: math.nextafter(held, math.inf)]
        case types.Timestamp():
            return [_plus(timedelta(microseconds=step)) for step in (-1000, -1, 1, 1000)]
        case types.Date():
            return [_plus(timedelta(days)) for days in (-1, 1)]
        case types.Address():
            return [lambda held: held.partition("/")[0], lambda held: f"{held}/24"]
        case _:
            return []
