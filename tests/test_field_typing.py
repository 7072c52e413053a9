"""What a type checker knows of fields: an ignored error that is none is itself an error."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import assert_type

import pytest

from jsonapi_sieve import And, Comparison, Field, FilterSet, Or, Predicate, types


class Filters(FilterSet):
    duration = Field(types.Integer(32))
    price = Field(types.Decimal())
    status = Field(types.Enum("Pending"))
    id = Field(types.Uuid())
    time_start = Field(types.Timestamp())


def test_a_field_takes_values_of_its_type() -> None:
    assert_type(Field(types.Integer(32)), Field[int])
    assert_type(Filters.price, Field[Decimal | int])
    assert_type(Filters.status, Field[str | Enum])
    assert_type(Filters.id, Field[str | uuid.UUID])
    assert_type(Filters.time_start, Field[datetime])
    assert_type(Filters.duration.eq(1), Comparison)
    assert Filters.duration.in_({1}) == Filters.duration.in_([1])


def test_nodes_join_to_predicates() -> None:
    p = Filters.duration.eq(1)
    assert_type(p & p, And)
    assert_type(p | p, Or)
    assert_type(~p, Predicate)
    assert_type(Filters().parse(""), And)


def test_a_value_of_another_kind_is_a_type_error() -> None:
    for make in (
        lambda: Field(types.Integer(32), name="duration").eq("x"),  # type: ignore[arg-type]
        lambda: Filters.duration.in_(["x"]),  # type: ignore[list-item]
        lambda: Filters.price.gt(1.5),  # type: ignore[arg-type]
        lambda: Filters.status.eq(1),  # type: ignore[arg-type]
        lambda: Filters.id.eq(b""),  # type: ignore[arg-type]
        lambda: Filters.time_start.lt("2026-01-02"),  # type: ignore[arg-type]
        lambda: Filters.duration.eq(1) & 1,  # type: ignore[operator]
        lambda: Filters.duration.null("yes"),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError):
            make()
