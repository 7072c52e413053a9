"""A declaration of every value type, with related rows and an own operator, and tables so small that all occur."""

from __future__ import annotations

import pytest

from jsonapi_sieve import DEFAULTS, Backends, Field, FilterSet, Refused, ToMany, ToOne, define_operator, types
from jsonapi_sieve.index import filter_index, segments, tables
from jsonapi_sieve.own_operators import ENGINES

holds = define_operator(
    "holds",
    Backends(lambda part: lambda text: part in text, dict.fromkeys(ENGINES, Refused("tested")), Refused("tested")),
    on=types.Text,
)


class Below(FilterSet):
    number = Field(types.Integer(16), nullable=True)
    text = Field(types.Text(), nullable=True)


class Everything(FilterSet):
    number = Field(types.Integer(16), nullable=True)
    large = Field(types.Integer(64))
    price = Field(types.Decimal(scale=2), nullable=True)
    rounded = Field(types.Decimal(exact=False), nullable=True)
    float = Field(types.Float(), nullable=True)
    truth = Field(types.Boolean(), nullable=True)
    text = Field(types.Text(), nullable=True, operators=(*DEFAULTS, holds))
    status = Field(types.Enum("Pending", "a,b", "é"), nullable=True)
    uuid = Field(types.Uuid(), nullable=True)
    address = Field(types.Address(), nullable=True)
    moment = Field(types.Timestamp(digits=3), nullable=True)
    naive = Field(types.Timestamp(zone="UTC"), nullable=True)
    day = Field(types.Date(), nullable=True)
    one = ToOne(Below)
    many = ToMany(Below)


def make_small(patch: pytest.MonkeyPatch) -> None:
    """Let a few filters fill runs, segments and tables."""
    patch.setattr(filter_index, "_PENDING", 2)
    patch.setattr(segments, "_SIZE", 3)
    patch.setattr(tables, "_MOST_CUTS", 2)
