"""Every value type with its settings, and the ways in which columns and rows of Python hold its values."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.testing.strategies import values
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.texts import TEXTS

__all__ = ["HOLDINGS", "Holding"]


def _as_it_is(constant: Any) -> Any:
    return constant


class Holding(NamedTuple):
    """A type, the constants that a column holds, its type in SQL, and what is put into rows and columns for them.

    `sorts` says that rows sort as columns do.
    """

    type: AnyType
    constants: st.SearchStrategy[Any]
    column: TypeEngine[Any]
    in_rows: Callable[[Any], Any] = _as_it_is
    in_column: Callable[[Any], Any] = _as_it_is
    sorts: bool = True

    def __repr__(self) -> str:
        return f"<{self.type!r} in {self.column!r}, {self.in_rows.__name__}>"


_EXACT = Context(prec=100)
_BERLIN = ZoneInfo("Europe/Berlin")
_ZONES = (_BERLIN, timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("UTC"))
_ENUMS = [
    types.Enum("Pending"),
    types.Enum("a", "A", "a ", " a", "a,b", '"', "'", "''", "%", "_", "\\", "null", "0", "10", "1e1", "true", ";--"),
    types.Enum(
        "\u00e9", "\u00c9", "e\u0301", "\u0130", "\u00df", "ss", "\u212a", "k", "\ufffd", "\uffff", "\U0010ffff", "\n"
    ),
]


def _reduced(constant: Decimal) -> Decimal | int:
    return int(constant) if constant == constant.to_integral_value(context=_EXACT) else constant.normalize(_EXACT)


def _naive(constant: datetime) -> datetime:
    return constant.replace(tzinfo=None)


def _in_zone(constant: datetime, zone: Any) -> datetime:
    try:
        return constant.astimezone(zone)
    except OverflowError:
        return constant


def _in_berlin(constant: datetime) -> datetime:
    return _in_zone(constant, _BERLIN)


def _in_some_zone(constant: datetime) -> datetime:
    return _in_zone(constant, _ZONES[constant.minute % len(_ZONES)])


def _in_utc(constant: datetime) -> datetime:
    return _in_zone(constant, _ZONES[-1])


def _whole(constant: float) -> float | int:
    return int(constant) if constant.is_integer() and abs(constant) < 2**53 else constant


def _native_address(constant: str) -> object:
    return ipaddress.ip_interface(constant) if "/" in constant else ipaddress.ip_address(constant)


_LIST = [
    Holding(types.Boolean(), st.booleans(), sa.Boolean()),
    Holding(types.Integer(16), values.integers(16), sa.SmallInteger()),
    Holding(types.Integer(32), values.integers(32), sa.Integer()),
    Holding(types.Integer(32), values.integers(16), sa.SmallInteger()),
    Holding(types.Integer(64), values.integers(64), sa.BigInteger()),
    Holding(types.Integer(64), values.integers(32), sa.Integer()),
    *[
        Holding(types.Decimal(scale=scale), values.decimals(scale), ExactDecimal(scale), in_rows)
        for scale in (0, 2, 12, 40)
        for in_rows in (_as_it_is, _reduced)
    ],
    *[
        Holding(type_, values.FLOATS, column, in_rows)
        for type_, column in (
            (types.Float(), sa.Double()),
            (types.Float(), sa.Float()),
            (types.Decimal(exact=False), sa.Double()),
            (types.Decimal(exact=False), sa.Numeric(10, 2, asdecimal=False)),
        )
        for in_rows in (_as_it_is, _whole)
    ],
    *[
        Holding(types.Text(), TEXTS, column)
        for column in (sa.String(), sa.String(9), sa.Text(collation="NOCASE"), sa.Unicode(collation="RTRIM"))
    ],
    *[
        Holding(type_, st.sampled_from(type_.members), column)
        for type_ in _ENUMS
        for column in (sa.String(), sa.String(collation="NOCASE"), sa.Enum(*type_.members))
    ],
    Holding(types.Uuid(), values.UUIDS, sa.Uuid(), uuid.UUID, uuid.UUID),
    Holding(types.Uuid(), values.UUIDS, sa.Uuid(as_uuid=False)),
    Holding(types.Uuid(), values.UUIDS, sa.String(36), uuid.UUID),
    Holding(types.Uuid(), values.UUIDS, sa.String(collation="NOCASE")),
    Holding(types.Address(), values.ADDRESSES, sa.String()),
    Holding(types.Address(), values.ADDRESSES, sa.String(), _native_address, sorts=False),
    *[
        Holding(types.Timestamp(), constants, column, in_rows)
        for constants, column in (
            (values.MOMENTS, UtcDateTime()),
            (values.MILLISECONDS, UtcDateTime(digits=3)),
        )
        for in_rows in (_as_it_is, _in_utc, _in_berlin, _in_some_zone)
    ],
    Holding(types.Timestamp(digits=3), values.MILLISECONDS, UtcDateTime(digits=3)),
    Holding(types.Timestamp(digits=3), values.MILLISECONDS, UtcDateTime(digits=3), _in_some_zone, _in_berlin),
    Holding(types.Timestamp(zone="UTC"), values.MOMENTS, sa.DateTime(), _naive, _naive),
    Holding(types.Date(), values.DATES, sa.Date()),
]


def _by_type() -> dict[AnyType, list[Holding]]:
    grouped: dict[AnyType, list[Holding]] = {}
    for holding in _LIST:
        grouped.setdefault(holding.type, []).append(holding)
    return grouped


HOLDINGS = _by_type()
"""All of them, by type."""
