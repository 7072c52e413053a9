"""The rules of PostgreSQL (15 or newer, in a database whose encoding is UTF8), whatever the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import CITEXT, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.errors import CompileError

__all__ = ["PostgreSQLRules"]

_DIGITS: Final = 40
_MICROSECONDS: Final = 6


class PostgreSQLRules(DialectRules):
    """PostgreSQL has types for everything; only text sorts as each database likes, unless a collation is written."""

    engine: ClassVar[str] = "postgresql"
    expands_floats: ClassVar[bool] = False

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        return sa.Numeric(_DIGITS, scale)

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        return TIMESTAMP(timezone=True, precision=None if digits == _MICROSECONDS else digits)

    def item_type(self, item: TypeEngine[Any], column: TypeEngine[Any]) -> TypeEngine[Any]:
        # In a list of wider integers PostgreSQL looks for each row's from start to end, not by a hash.
        return column if isinstance(column, sa.Integer) else item

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return ListParameter(item)

    def pattern_type(self) -> TypeEngine[str]:
        return sa.String()

    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        _check_held(value, type_)
        return value if _is_exact(type_) else _by_code_point(value)

    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        if not isinstance(type_, sa.Float):
            return f"CAST({value} AS DOUBLE PRECISION)"
        if isinstance(type_, sa.REAL) or (type_.precision or _DOUBLE) < _DOUBLE:
            raise CompileError(f"PostgreSQL keeps {value} in single precision, which rounds; make it a Double")
        return value

    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        _check_held(value, type_)
        if isinstance(type_, sa.Enum) and type_.native_enum:
            # It sorts as its members were declared.
            return _by_code_point(f"CAST({value} AS TEXT)")
        is_text = isinstance(type_, sa.String) or (isinstance(type_, sa.Uuid) and not type_.native_uuid)
        return _by_code_point(value) if is_text else value

    def ascii_lower(self, text: str) -> str:
        return f"lower({_by_code_point(text)})"

    def contains(self, text: str, needle: str) -> str:
        return f"strpos({text}, {needle}) > 0"

    def starts_with(self, text: str, prefix: str) -> str:
        # The planner makes a range of it, for which an index by code point serves.
        return f"{text} ^@ {prefix}"

    def ends_with(self, text: str, suffix: str) -> str:
        return f"right({text}, length({suffix})) = {suffix}"

    def matches(self, text: str, pattern: str) -> str:
        # A backslash escapes unless something else is written.
        return f"{text} LIKE {pattern}"

    def one_of(self, value: str, items: str, item: TypeEngine[Any]) -> str:
        return f"{value} = ANY ({items})"

    def some_item(self, items: str, text: str, test: str) -> str:
        # An offset keeps the planner from computing the text anew for each item.
        row = f"(SELECT {text} AS tested OFFSET 0) AS jsonapi_sieve_row"
        both = f"{row} CROSS JOIN unnest({items}) AS jsonapi_sieve_list(item)"
        return f"EXISTS (SELECT 1 FROM {both} WHERE {test})"  # noqa: S608  (no value is in it)

    def tested(self) -> str:
        return "jsonapi_sieve_row.tested"

    def item(self) -> str:
        return "jsonapi_sieve_list.item"


class ListParameter(TypeDecorator[Sequence[Any]]):
    """A list as an array in one parameter, of integers only those that its items' type can hold."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.ARRAY
    cache_ok: bool | None = True
    render_bind_cast = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__(item, dimensions=1)
        self.item = item

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        convert = self.item.dialect_impl(dialect).bind_processor(dialect)
        # These drivers take an array as its text too. psycopg would take ten times as long to write that, and pg8000
        # writes the text "null" as NULL.
        finish = _array_text if dialect.driver in ("psycopg", "pg8000") else list
        limit = _limit(self.item)

        def process(values: Iterable[Any]) -> object:
            if limit is not None:
                values = [value for value in values if -limit <= value < limit]
            return finish(list(values if convert is None else map(convert, values)))

        return process


def _limit(item: TypeEngine[Any]) -> int | None:
    if not isinstance(item, sa.Integer) or isinstance(item, sa.BigInteger):
        return None
    return 1 << 15 if isinstance(item, sa.SmallInteger) else 1 << 31


def _array_text(items: list[Any]) -> str:
    is_text = any(isinstance(item, str) for item in items[:1])
    return f"{{{','.join(map(_quoted if is_text else str, items))}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


_DOUBLE: Final = 25
"""Bits of a float, as SQL counts them, from which on PostgreSQL makes it one of double precision."""

_EXACT: Final = frozenset({"default", "C", "POSIX", "ucs_basic", "C.UTF-8", "C.utf8", "pg_c_utf8"})
"""Collations in which no two texts are equal. Of others the name does not tell: they may be nondeterministic."""


def _by_code_point(text: str) -> str:
    return f'{text} COLLATE "C"'


def _is_exact(type_: TypeEngine[Any]) -> bool:
    collation = type_.collation if isinstance(type_, sa.String) else None
    return collation is None or collation in _EXACT


def _check_held(value: str, type_: TypeEngine[Any]) -> None:
    if isinstance(type_, (sa.CHAR, sa.NCHAR)):
        raise CompileError(f"PostgreSQL pads {value} with blanks, which it then ignores; make it a String or Text")
    if isinstance(type_, CITEXT):
        raise CompileError(f"{value} is CITEXT, which ignores case; make it a String or Text")
