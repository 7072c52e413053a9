"""Rows for a declaration, drawn at random: with values that engines are apt to read differently, and NULL."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.field import Field
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.relationship import Declares, Relationship, ToOne
from jsonapi_sieve.testing.strategies.texts import needles_beside
from jsonapi_sieve.testing.strategies.values import held
from jsonapi_sieve.testing.strategies.vocabulary import Values

__all__ = ["rows"]

_MOST_RELATED = 3


@st.composite
def rows(
    draw: st.DrawFn,
    filters: FilterSet | type[Declares],
    *,
    min_size: int = 0,
    max_size: int = 8,
    key: str = "id",
    values: Values | None = None,
) -> list[dict[str, Any]]:
    """Draw rows as dictionaries: with each field of a declaration, and below relationships the related rows.

    Of a field only few values are drawn, so that some rows hold the same or nearly so. Fields that are nullable are
    None at times. Each row has another `key`, a number from 1 unless a field of that name is declared. `values` has
    strategies for the constants of fields, by their names.

    Raises:
        TypeError: for a value type of your own that has no method `strategy()`.
    """
    count = draw(st.integers(min_size, max_size))
    columns: dict[str, list[Any]] = {key: list(range(1, count + 1))}
    for each in filters.declarations():
        if isinstance(each, Field):
            strategy = values[each.name] if values and each.name in values else held(each.type)
            column = draw(_unique(strategy, count)) if each.name == key else draw(_column(each, strategy, count))
            columns[each.name] = [_in_row(each, constant) for constant in column]
        elif isinstance(each, Relationship):
            related = draw(rows(each.filters, max_size=_MOST_RELATED, key=key, values=values))
            columns[each.name] = draw(_related(each, related, count))
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _unique(strategy: st.SearchStrategy[Any], count: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, unique=True, min_size=count, max_size=count)


@st.composite
def _column(draw: st.DrawFn, field: Field[Any], strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    drawn = draw(st.lists(strategy, min_size=2, max_size=4))
    if type(field.type) is types.Text:
        drawn.extend(draw(st.lists(st.sampled_from(needles_beside(drawn[0])), max_size=2)))
    held_ = st.sampled_from([*drawn, None] if field.nullable else drawn)
    return [draw(held_) for _ in range(count)]


def _in_row(field: Field[Any], constant: Any) -> Any:
    match field.type:
        case types.Timestamp(zone="UTC") if constant is not None:
            return constant.replace(tzinfo=None)
        case _:
            return constant


def _related(relationship: Relationship, related: list[Any], count: int) -> st.SearchStrategy[list[Any]]:
    chosen = st.sampled_from([None, *related])
    if isinstance(relationship, ToOne):
        return st.lists(chosen, min_size=count, max_size=count)
    many = st.lists(chosen, max_size=_MOST_RELATED).map(lambda some: [row for row in some if row is not None])
    return st.lists(many, min_size=count, max_size=count)
