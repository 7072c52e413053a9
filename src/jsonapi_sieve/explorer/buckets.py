"""Into which bucket of a plot a row falls, as an expression of SQL; and what is told of the buckets' counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import compile_sqlalchemy
from jsonapi_sieve.backends.sqlalchemy.targets import columns_of
from jsonapi_sieve.explorer.declared import Categories, Numbers
from jsonapi_sieve.field import Field

__all__ = ["Buckets", "by_number", "by_value"]


class Buckets(NamedTuple):
    """The buckets of a plot: a row is in that of the first of the `conditions` that it meets; `told` describes each.

    Behind those of the conditions is one of all other rows, and one more, of the rows without a value.
    """

    conditions: tuple[sa.ColumnElement[bool], ...]
    without: sa.ColumnElement[bool]
    told: tuple[Mapping[str, Any], ...]

    @property
    def size(self) -> int:
        """How many buckets there are."""
        return len(self.told) + 1

    def marked(self, mark: Callable[[int], str]) -> sa.ColumnElement[Any]:
        """Give what marks the bucket of a row, by the SQL of the mark of each bucket, counted from 0."""
        marks: list[sa.ColumnElement[Any]] = [sa.literal_column(mark(number)) for number in range(self.size)]
        # Whether there is a value is asked last, for most rows meet a condition before, and NULL meets none.
        cases = (*zip(self.conditions, marks[:-2], strict=True), (self.without, marks[-1]))
        return sa.case(*cases, else_=marks[-2])


def by_number(plot: Numbers, field: Field[Any], model: type[Any]) -> Buckets:
    """Part numbers by the edges of a histogram: below the first one, between each two, and from the last one on."""
    conditions = tuple(compile_sqlalchemy(field.lt(edge), model) for edge in plot.edges)
    return Buckets(conditions, _has_none(field, model), ({},) * (len(conditions) + 1))


def by_value(plot: Categories, field: Field[Any], model: type[Any]) -> Buckets:
    """Part rows by the values that have labels, or that the type has; behind them is a bucket for all others."""
    values: Sequence[object] = list(plot.labels) or _values(field.type)
    conditions = tuple(compile_sqlalchemy(field.eq(value), model) for value in values)
    told = [
        {"value": field.type.render(value), "label": plot.labels.get(value, field.type.render(value))}
        for value in values
    ]
    return Buckets(conditions, _has_none(field, model), (*told, {"value": None, "label": "other"}))


def _values(type_: types.ValueType[Any, Any]) -> Sequence[object]:
    match type_:
        case types.Boolean():
            return (True, False)
        case types.Enum():
            return type_.members
        case _:
            return ()


def _has_none(field: Field[Any], model: type[Any]) -> sa.ColumnElement[bool]:
    return columns_of(model).find(field.name).is_(None)
