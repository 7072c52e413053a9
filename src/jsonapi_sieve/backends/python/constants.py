"""Constants in the kind in which rows hold the values, ready for the generated code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias, TypeGuard, cast
from zoneinfo import ZoneInfo

from jsonapi_sieve.backends.like import compile_like
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Leaf
from jsonapi_sieve.operators import Arity, Quantifier
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.types import Kind
from jsonapi_sieve.types.times import AWARE

__all__ = ["Maker", "converted", "kind_of", "maker_of"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def kind_of(field: Field[Any], sample: object) -> Kind[Any] | None:
    """Tell how rows hold a field's values, from one of them; from None it cannot be told.

    Raises:
        TypeError: for a value of no kind that the field's type knows, naming the attribute.
    """
    if sample is None:
        return None
    try:
        kind = field.type.kind(sample)
    except TypeError as error:
        raise TypeError(f"{field.name}: {error}") from None
    if isinstance(sample, datetime) and sample.tzinfo is not UTC and _is_utc(sample.tzinfo):
        return _in_zone(sample.tzinfo)
    return kind


def _is_utc(zone: tzinfo | None) -> TypeGuard[tzinfo]:
    # Without a moment, only a zone that never changes tells its offset; those of other classes may do as they like.
    return type(zone) in (ZoneInfo, timezone) and cast("tzinfo", zone).utcoffset(None) == timedelta(0)


@lru_cache(maxsize=16)
def _in_zone(zone: tzinfo) -> Kind[datetime]:
    """Datetimes in another zone object that is UTC: with one of their own zone object they compare 14 times faster."""
    return Kind(f"datetimes in {zone}", lambda constant: constant.replace(tzinfo=zone), AWARE.restore)


Maker: TypeAlias = Callable[[Any, Kind[Any] | None], object]
"""Makes of a value, and of the kind of the rows, what the generated code tests with."""


def maker_of(leaf: Leaf) -> Maker:
    """Tell how the constants of a leaf are made: a value, a set or tuple of them, or a function.

    `converted` is told for those that cost nothing to make again.
    """
    operator = leaf.operator
    match operator.base.name:
        case "matches":
            return lambda value, _: _like(operator.quantifier, value)
        case "does_not_match":
            # A negative test of text is written as the negation of its complement.
            return lambda value, _: _like(operator.complement.quantifier, value)
        case "in" | "not_in" if leaf.field.type.name == "timestamp":
            return lambda value, kind: _one_of([converted(moment, kind) for moment in value], converted(_EPOCH, kind))
        case "in" | "not_in":
            return _set_of
        case _ if isinstance(operator, OwnOperator):
            return lambda value, kind: _own(operator, value, kind)
        case _:
            return converted if operator.arity is Arity.SCALAR else _unchanged


def converted(value: Any, kind: Kind[Any] | None) -> Any:
    """Give a value as rows of this kind hold it."""
    return value if kind is None or kind.convert is None else kind.convert(value)


def _set_of(values: Any, kind: Kind[Any] | None) -> frozenset[Any]:
    return frozenset(values if kind is None or kind.convert is None else map(kind.convert, values))


def _unchanged(value: Any, _kind: Kind[Any] | None) -> Any:
    return value


def _own(operator: OwnOperator, value: Any, kind: Kind[Any] | None) -> Callable[[Any], object]:
    """Give the test that an own operator has in Python, of what rows hold; a complement is written as a negation."""
    quantifier = operator.quantifier if operator.holds else operator.complement.quantifier
    make = partial(_made, operator)
    test = make(value) if quantifier is None else _joined(quantifier, map(make, value))
    restore = kind and kind.restore
    return (lambda held: test(restore(held))) if restore else test


def _made(operator: OwnOperator, value: Any) -> Callable[[Any], object]:
    test = operator.backends.python(value)
    if not callable(test):
        raise CompileError(f"the operator {operator.positive.name} made {test!r} for Python, which is no test")
    return test


def _joined(quantifier: Quantifier, tests: Iterable[Callable[[Any], object]]) -> Callable[[Any], bool]:
    """Join tests of a value."""
    gathered = tuple(tests)
    join = any if quantifier is Quantifier.ANY else all
    return lambda value: join(test(value) for test in gathered)


def _like(quantifier: Quantifier | None, patterns: Any) -> Callable[[str], bool]:
    if quantifier is None:
        return compile_like(patterns)
    return _joined(quantifier, map(compile_like, patterns))


def _one_of(moments: Iterable[datetime], epoch: datetime) -> Callable[[datetime], bool]:
    """Test whether a datetime is one of several moments.

    Datetimes in an hour that a zone's clocks repeat equal none in another zone (PEP 495); their distances do.
    """
    distances = frozenset(moment - epoch for moment in moments)
    return lambda moment: moment - epoch in distances
