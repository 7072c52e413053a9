"""Good stored forms in their canonical spelling: code for each list of names, without constants and a tree between."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from jsonapi_sieve import types
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.operand import LikePattern, ListOperand, Operand, ScalarOperand

__all__ = ["Named", "Writer", "is_within", "source_of", "writer_of"]

Writer: TypeAlias = Callable[[Any], dict[str, object]]
"""Writes `dump(load(value))` for each of some values; raises ValueError where one is none or may be over a budget."""

_UTF8_WIDTH: Final = 4
# No constant that may be written otherwise than it was sent is longer.
_LONGEST_SHOWN: Final = 64
_INTEGER_LIMIT: Final = 10**19

_TYPES: Final = frozenset(
    {
        LikePattern,
        types.Address,
        types.Boolean,
        types.Date,
        types.Decimal,
        types.Enum,
        types.Float,
        types.Integer,
        types.Text,
        types.Timestamp,
        types.Uuid,
    }
)
# Whole seconds of days that every month has.
_MOMENT: Final = (
    "(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
)


class Named(NamedTuple):
    """A value to be written: its name in the stored form, its operand, and its place among the values."""

    name: str
    operand: Operand
    place: int


def is_within(value: object, limits: Limits) -> bool:
    """Tell whether the texts of a JSON value are within their budget for certain, and the items of a list.

    >>> is_within(["a", 1], Limits()), is_within("a" * 32_768, Limits())
    (True, False)
    """
    items = value if isinstance(value, list) else [value]
    longest = limits.value // _UTF8_WIDTH
    return len(items) <= limits.list_items and all(len(item) <= longest for item in items if isinstance(item, str))


def writer_of(written: Sequence[Named], limits: Limits) -> Writer | None:
    """Make what writes the values of a stored form, in the order given; None where a type is an application's own.

    >>> from jsonapi_sieve.operand import operand_of
    >>> from jsonapi_sieve.operators import OPERATORS
    >>> operand = operand_of(types.Timestamp(digits=3), OPERATORS["gteq"])
    >>> write = writer_of([Named("time_start_gteq", operand, 0)], Limits())
    >>> write(["2019-01-01 00:00:00"])
    {'time_start_gteq': '2019-01-01T00:00:00.000Z'}
    """
    operands = [named.operand for named in written]
    known = all(type(each) in (ScalarOperand, ListOperand) and type(each.type) in _TYPES for each in operands)
    if not known or limits.value < _LONGEST_SHOWN:
        return None
    names: dict[str, Any] = {"is_moment": re.compile(_MOMENT).fullmatch}
    for named in written:
        names[f"other_{named.place}"] = _by_operand(named.operand, limits)
    exec(source_of(written, limits), names)  # noqa: S102  (names come from declarations, and stand there as literals)
    writer: Writer = names["write"]
    return writer


def source_of(written: Sequence[Named], limits: Limits) -> str:
    """Write the code of a writer.

    >>> from jsonapi_sieve.operand import operand_of
    >>> from jsonapi_sieve.operators import OPERATORS
    >>> print(source_of([Named("success_eq", operand_of(types.Boolean(), OPERATORS["eq"]), 0)], Limits()))
    def write(values):
        v0, = values
        return {
            'success_eq': v0 if type(v0) is bool else other_0(v0),
        }
    """
    unpacked = "".join(f"v{index}, " for index in range(len(written))).rstrip()
    lines = [f"        {named.name!r}: {_expression(named, limits)}," for named in written]
    return "\n".join(["def write(values):", f"    {unpacked or '()'} = values", "    return {", *lines, "    }"])


def _expression(named: Named, limits: Limits) -> str:
    """Write the canonical spelling of a value; what is less usual goes by the operand."""
    value, other = f"v{named.place}", f"other_{named.place}(v{named.place})"
    longest = limits.value // _UTF8_WIDTH
    operand = named.operand
    match operand.type:
        case _ if isinstance(operand, ListOperand):
            return other
        case types.Boolean():
            return f"{value} if type({value}) is bool else {other}"
        case types.Integer():
            return f"{value} if type({value}) is int and -{_INTEGER_LIMIT} < {value} < {_INTEGER_LIMIT} else {other}"
        case types.Enum(members=members) if max(map(len, members)) <= longest:
            return f"{value} if type({value}) is str and {value} in {members!r} else {other}"
        case types.Timestamp(digits=digits):
            end = f".{'0' * digits}Z"
            return f'{value}.replace(" ", "T") + {end!r} if type({value}) is str and is_moment({value}) else {other}'
        case types.Text():
            # What can be printed holds neither NUL nor lone surrogates.
            short = f"type({value}) is str and len({value}) <= {longest} and {value}.isprintable()"
            return other if isinstance(operand.type, LikePattern) else f"{value} if {short} else {other}"
        case _:
            return other


def _by_operand(operand: Operand, limits: Limits) -> Callable[[object], object]:
    load, dump, most = operand.load, operand.dump, limits.list_items

    def write(value: object) -> object:
        if not is_within(value, limits):
            raise ValueError("over a budget")
        return dump(load(value, most))

    return write
