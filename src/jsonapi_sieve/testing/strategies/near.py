"""Constants that lie near what rows hold: the same, the next ones, and what somebody may take for the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Context, Decimal
from typing import Any, TypeAlias

from jsonapi_sieve import types
from jsonapi_sieve.operand import LikePattern
from jsonapi_sieve.testing.strategies.texts import needles_beside, patterns_beside, wildcards_beside
from jsonapi_sieve.types import InvalidValue, ValueType

__all__ = ["beside", "misread", "same"]

AnyType: TypeAlias = ValueType[Any, Any]
Change: TypeAlias = Callable[[Any], Any]

_EXACT = Context(prec=400)
"""Wide enough for all that is put into it."""


def same(declared: AnyType, held: Any) -> Iterator[Any]:
    """Give the constant that is what a row holds, if it can be written.

    >>> list(same(types.Float(), 1)), list(same(types.Float(), 1e308))
    ([1.0], [])
    """
    match declared:
        case LikePattern():
            return beside(declared, held)
        case types.Decimal(exact=False):
            return _accepted(declared, [_shortest], held)
        case _:
            return _accepted(declared, [_as_it_is], held)


def beside(declared: AnyType, held: Any) -> Iterator[Any]:
    """Give the constants that lie beside what a row holds.

    >>> list(beside(types.Integer(), 7))
    [6, 8]
    """
    return _accepted(declared, _changes(declared, held), held)


def misread(declared: AnyType, held: Any) -> Iterator[Any]:
    """Give the constants that are in what a row holds if somebody reads them as patterns.

    >>> list(misread(types.Text(), "abc"))
    ['%', 'a%c', 'a_c']
    """
    match declared:
        case types.Text() if not isinstance(declared, LikePattern):
            return _accepted(declared, [_put(text) for text in wildcards_beside(held)], held)
        case _:
            return iter(())


def _accepted(declared: AnyType, changes: list[Change], held: Any) -> Iterator[Any]:
    for change in changes:
        try:
            yield declared.accept(change(held))
        except (InvalidValue, OverflowError):  # no filter can say so
            continue


def _as_it_is(held: Any) -> Any:
    return held


def _plus(step: Any) -> Change:
    return lambda held: held + step


def _plus_exactly(step: Decimal) -> Change:
    return lambda held: _EXACT.add(_shortest(held), step)


def _shortest(held: Decimal | float) -> Decimal:
    return Decimal(str(held))


def _put(text: str) -> Change:
    return lambda _: text


def _changes(declared: AnyType, held: Any) -> list[Change]:
    match declared:
        case LikePattern():
            return [_put(pattern) for pattern in patterns_beside(held)]
        case types.Text():
            return [_put(needle) for needle in needles_beside(held)]
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
            return [lambda held: str(held).partition("/")[0], lambda held: f"{held}/24"]
        case _:
            return []
