"""The rules of SQLite (3.38 or newer, in the usual encoding UTF-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.backends.sqlalchemy.json_list import JsonList
from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.errors import CompileError

__all__ = ["SQLiteRules"]


class SQLiteRules(DialectRules):
    """SQLite has neither decimals nor timestamps, and its LIKE ignores case unless a pragma says otherwise."""

    engine: ClassVar[str] = "sqlite"

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        return DecimalText(scale)

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        # Text of one width, always with six digits and without the zone.
        return sa.DateTime()

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return JsonList(item)

    def pattern_type(self) -> TypeEngine[str]:
        return Pattern()

    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        _check_held(value, type_)
        collation = type_.collation if isinstance(type_, sa.String) else None
        return value if collation is None or collation.upper() == "BINARY" else f"{value} COLLATE BINARY"

    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        # Every number that has a point is of double precision, in a NUMERIC column too.
        return value

    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        _check_held(value, type_)
        # A UUID is text of one width, whose declaration takes no collation.
        return f"{value} COLLATE BINARY" if isinstance(type_, sa.String) else value

    def ascii_lower(self, text: str) -> str:
        return f"lower({text})"

    def contains(self, text: str, needle: str) -> str:
        return f"instr({text}, {needle}) > 0"

    def starts_with(self, text: str, prefix: str) -> str:
        # The byte FF is in no UTF-8 text: with it behind, the prefix sorts after all texts that start with it.
        return f"{text} >= {prefix} AND {text} < {prefix} || x'FF'"

    def ends_with(self, text: str, suffix: str) -> str:
        return f"substr({text}, -length({suffix})) = {suffix}"

    def matches(self, text: str, pattern: str) -> str:
        # LIKE takes U+FFFE and U+FFFF for U+FFFD. So what it finds it has to find again with others in their place.
        return f"{_like(text, pattern)} AND {_like(_told_apart(text), _told_apart(pattern))}"

    def one_of(self, value: str, items: str, item: TypeEngine[Any]) -> str:
        return f"{value} IN ({_read(items)})"

    def some_item(self, items: str, text: str, test: str) -> str:
        # Materialized, the list is read once, not once for each row, and the text is computed once for each row.
        listed = f"WITH jsonapi_sieve_list(item) AS MATERIALIZED ({_read(items)})"
        row = f"jsonapi_sieve_row(tested) AS MATERIALIZED (SELECT {text})"
        both = "jsonapi_sieve_row CROSS JOIN jsonapi_sieve_list"
        return f"EXISTS ({listed}, {row} SELECT 1 FROM {both} WHERE {test})"  # noqa: S608  (no value is in it)

    def tested(self) -> str:
        return "jsonapi_sieve_row.tested"

    def item(self) -> str:
        return "jsonapi_sieve_list.item"


def _read(items: str) -> str:
    return f"SELECT json_each.value FROM json_each({items})"  # noqa: S608  (no value is in it)


def _like(text: str, pattern: str) -> str:
    return rf"{text} LIKE {pattern} ESCAPE '\'"


def _told_apart(text: str) -> str:
    """Put codes that lie above Unicode, and so are in no text, in the place of two that LIKE confuses."""
    return f"replace(replace({text}, char(65534), CAST(x'F7BFBFBE' AS TEXT)), char(65535), CAST(x'F7BFBFBF' AS TEXT))"


def _check_held(value: str, type_: TypeEngine[Any]) -> None:
    if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float):
        raise CompileError(
            f"SQLite keeps {value} as floats; make it an ExactDecimal, or declare types.Decimal(exact=False)"
        )
    if isinstance(type_, sa.DateTime) and type_.timezone:
        raise CompileError(f"SQLite keeps {value} without its zone; make it a UtcDateTime")


# Text of a decimal is its integer at the column's scale, lifted above zero: 41 digits that sort as the numbers do.
_LIFT: Final = 10**40
_WIDE: Final = Context(prec=41)


class DecimalText(TypeDecorator[Decimal]):
    """Decimals of at most 40 digits as text of 41."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

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
                f"SQLite holds ExactDecimal values as text, not as {type(value).__name__}: sums have to be computed in"
                " Python, and a column that was NUMERIC before has to be made anew"
            ) from None


_PATTERN_BYTES: Final = 50_000


class Pattern(TypeDecorator[str]):
    """A LIKE pattern within SQLite's limit (SQLITE_MAX_LIKE_PATTERN_LENGTH)."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and len(value.encode()) > _PATTERN_BYTES:
            raise CompileError(f"SQLite takes a LIKE pattern of at most {_PATTERN_BYTES} bytes")
        return value
