"""The rules of SQLite (3.38 or newer)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules

__all__ = ["SQLiteRules"]


class SQLiteRules(DialectRules):
    """SQLite has no decimals and no timestamps of its own, and its LIKE ignores case unless someone says otherwise."""

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        return DecimalText(scale)

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        # Text of fixed width, always with six digits; a zone is left out.
        return sa.DateTime()

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return JsonList(item)


# Text of a decimal is its integer at the column's scale, lifted above zero: 41 digits that sort as the numbers do.
_LIFT = 10**40
_WIDE = Context(prec=41)


class DecimalText(TypeDecorator[Decimal]):
    """Decimals of at most 40 digits as text of 41."""

    impl = sa.String
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__(41)
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{int(value.scaleb(self.scale, _WIDE)) + _LIFT:041d}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        try:
            return Decimal(int(value, 10) - _LIFT).scaleb(-self.scale, _WIDE)
        except TypeError:
            raise TypeError(
                "SQLite holds ExactDecimal values as text, which sorts but does not add up: compute in Python"
            ) from None


_dumps = json.JSONEncoder(ensure_ascii=False).encode


class JsonList(UserDefinedType[Sequence[Any]]):
    """A list as JSON text, each item as its own type sends it."""

    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[Any] | None], str]:
        convert = self.item.dialect_impl(dialect).bind_processor(dialect)
        if convert is None:
            return _dumps
        return lambda values: _dumps(list(map(convert, values or ())))
