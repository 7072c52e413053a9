"""The rules of DuckDB (1.4 or newer), for the dialect of duckdb-sqlalchemy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.errors import CompileError

__all__ = ["DuckDBRules"]

_DIGITS: Final = 38
_HELD: Final = 37
"""Digits that a column may hold. So no row holds the edge, as which a constant is sent that lies beyond all rows."""

_SINGLE: Final = 24
"""Bits of a float, as SQL counts them, up to which it is one of single precision."""


class DuckDBRules(DialectRules):
    """DuckDB's decimals are short, and text compares as a setting of the database or the column says."""

    engine: ClassVar[str] = "duckdb"

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        _check_digits(0, scale)
        return ShortDecimal(scale)

    def decimal_constant(self, scale: int, whole: int | None = None) -> TypeEngine[Decimal]:
        _check_digits(whole or 0, scale)
        return ClampedDecimal(scale)

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        return sa.DateTime(timezone=True)

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return sa.ARRAY(item, dimensions=1)

    def pattern_type(self) -> TypeEngine[str]:
        return Pattern()

    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        if isinstance(type_, sa.Enum) and type_.native_enum:
            # It sorts as its members were declared.
            return _by_code_point(f"CAST({value} AS VARCHAR)")
        # Without a collation of its own a column has that of the database. To write one costs nothing here.
        return _by_code_point(value) if isinstance(type_, sa.String) else value

    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        if not isinstance(type_, sa.Float):
            return f"CAST({value} AS DOUBLE)"
        if isinstance(type_, sa.REAL) or (type_.precision or _SINGLE + 1) <= _SINGLE:
            raise CompileError(f"DuckDB keeps {value} in single precision, which rounds; make it a Double")
        return value

    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        return self.exact(value, type_)

    def ascii_lower(self, text: str) -> str:
        # translate() takes many times as long as lower(), which is for all letters.
        lower, translated = f"lower({text})", f"translate({text}, '{_UPPER}', '{_UPPER.lower()}')"
        return _by_code_point(f"CASE WHEN strlen({text}) = length({text}) THEN {lower} ELSE {translated} END")

    def contains(self, text: str, needle: str) -> str:
        return f"contains({text}, {needle})"

    def starts_with(self, text: str, prefix: str) -> str:
        # Unlike starts_with() it becomes a range, which leaves out what a sorted table cannot hold there.
        return f"prefix({text}, {prefix})"

    def ends_with(self, text: str, suffix: str) -> str:
        return f"suffix({text}, {suffix})"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_full_match({text}, {pattern})"

    def one_of(self, value: str, items: str, item: TypeEngine[Any]) -> str:
        is_uuid = isinstance(item, sa.Uuid) and item.native_uuid
        listed = f"CAST({items} AS UUID[])" if is_uuid else items
        return f"{value} IN (SELECT unnest({listed}))"

    def some_item(self, items: str, text: str, test: str) -> str:
        row = f"(SELECT {text} AS tested) AS jsonapi_sieve_row"
        listed = f"(SELECT unnest({items}) AS item) AS jsonapi_sieve_list"
        return f"EXISTS (SELECT 1 FROM {row}, {listed} WHERE {test})"  # noqa: S608  (no value is in it)

    def tested(self) -> str:
        return "jsonapi_sieve_row.tested"

    def item(self) -> str:
        return "jsonapi_sieve_list.item"


_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _by_code_point(text: str) -> str:
    return f'{text} COLLATE "C"'


def _check_digits(whole: int, scale: int) -> None:
    if whole + scale > _HELD:
        raise CompileError(
            f"DuckDB compares decimals of at most {_HELD} digits, and {whole} before the point with {scale} behind it"
            " are more; declare a smaller scale, and make the column an ExactDecimal, or a Numeric of fewer digits"
        )


_WIDE: Final = Context(prec=40)


class ClampedDecimal(TypeDecorator[Decimal]):
    """A decimal of at most 40 digits that is compared; one that DuckDB cannot hold is sent as the edge on its side.

    It has as many digits behind the point as the column: DuckDB takes the scale of a list from one item of it.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Numeric
    cache_ok: bool | None = True

    def __init__(self, scale: int) -> None:
        super().__init__(_DIGITS, scale)
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        edge = 10**_DIGITS - 1
        return Decimal(min(max(self.units(value), -edge), edge)).scaleb(-self.scale, _WIDE)

    def units(self, value: Decimal) -> int:
        """Tell how many of the last digit behind the point make up a value."""
        return int(value.scaleb(self.scale, _WIDE))


class ShortDecimal(ClampedDecimal):
    """Decimals of at most 37 digits, which never round."""

    cache_ok: bool | None = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | None:
        if value is not None and abs(self.units(value)) >= 10**_HELD:
            raise ValueError(
                f"{value} does not fit ExactDecimal(scale={self.scale}), which on DuckDB holds at most"
                f" {_HELD - self.scale} digits before the point"
            )
        return super().process_bind_param(value, dialect)


_PATTERN_LENGTH: Final = 50_000


class Pattern(TypeDecorator[str]):
    """A LIKE pattern as a regular expression: DuckDB's LIKE takes time without bounds where wildcards are many."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if len(value) > _PATTERN_LENGTH:
            raise CompileError(f"DuckDB takes a LIKE pattern of at most {_PATTERN_LENGTH} characters")
        # DuckDB would make a LIKE of it again, but for what says that it stands once.
        return f"(?s:{_PIECE.sub(_regular, value)}){{1}}"


_PIECE: Final = re.compile(r"\\(.)|(.)", re.DOTALL)
_WILDCARDS: Final = {"_": ".", "%": ".*"}


def _regular(piece: re.Match[str]) -> str:
    escaped, character = piece.groups()
    return _WILDCARDS.get(character) or f"\\x{{{ord(escaped or character):X}}}"
