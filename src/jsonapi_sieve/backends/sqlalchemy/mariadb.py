"""The rules of MariaDB (10.6 or newer, over connections and in tables of the charset utf8mb4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.json_list import JsonList
from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.errors import CompileError

__all__ = ["MariaDBRules"]

_DIGITS: Final = 40
_SCALE: Final = 38
_SINGLE: Final = 24
"""Bits of a float, as SQL counts them, up to which it is one of single precision."""

_CHARSET: Final = "utf8mb4"
_BY_CODE_POINT: Final = "utf8mb4_nopad_bin"
_SORTED: Final = 1024 // 4
"""Characters of a text that it is sorted by, of which each may take four bytes (`max_sort_length`)."""

_BACKSLASH: Final = "X'5C'"  # In quotes it escapes or not, as the session's sql_mode likes.
_LAST: Final = f"_{_CHARSET} X'F48FBFBF'"
_LENGTH: Final = 16_384
"""One character more than a VARCHAR or a TEXT holds of those that take four bytes."""


class MariaDBRules(DialectRules):
    """MariaDB compares text without case and trailing blanks, unless a column or a statement says otherwise."""

    engine: ClassVar[str] = "mariadb"
    expands_lists: ClassVar[bool] = True

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        if scale > _SCALE:
            raise CompileError(f"MariaDB has decimals of at most {_SCALE} digits behind the point, not {scale}")
        return sa.Numeric(_DIGITS, scale)

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        return DATETIME(fsp=digits)

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return JsonList(item)

    def pattern_type(self) -> TypeEngine[str]:
        return sa.String()

    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        _check_held(value, type_)
        if _is_native_uuid(type_):
            # There are UUIDs that the column cannot hold: beside it they are unknown. As text it sorts, too.
            return _converted(value)
        # Members of an ENUM differ under its collation, or it could not have been made.
        return _by_code_point(value) if _is_text(type_) and not _is_exact(type_) else value

    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        if isinstance(type_, sa.Float) and not isinstance(type_, sa.Double):
            # FLOAT(p) is of double precision where p is great; FLOAT(p, s) and, in some sql_mode, REAL never are.
            single = (type_.precision or 0) <= _SINGLE or type_.scale is not None
            if single or isinstance(type_, sa.REAL):
                raise CompileError(f"MariaDB keeps {value} in single precision, which rounds; make it a Double")
        # Beside a float, a decimal is compared as a float.
        return value

    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        if isinstance(type_, sa.Enum) and type_.native_enum:
            # It sorts as its members were declared.
            return _by_code_point(_converted(value))
        return self.exact(value, type_)

    def sorted(self, value: str, type_: TypeEngine[Any]) -> str:
        if isinstance(type_, sa.String) and _is_text(type_) and not _is_short(type_):
            raise CompileError(
                f"MariaDB sorts by no more than {_SORTED} characters, and {value} may hold more; make it a"
                f" String({_SORTED}) or a shorter one"
            )
        return self.ordered(value, type_)

    def ascii_lower(self, text: str) -> str:
        # In this alphabet only ASCII letters have a lower case. To read the bytes of UTF-8 in it changes none of them.
        lower = f"LOWER(CONVERT({_bytes(_by_code_point(text))} USING hebrew))"
        return _bytes(lower)

    def contains(self, text: str, needle: str) -> str:
        return f"LOCATE({_converted(needle)}, {text}) > 0"

    def starts_with(self, text: str, prefix: str) -> str:
        start = _converted(prefix)
        if prefix == self.item():
            return f"LEFT({_bytes(text)}, {_width(start)}) = {start}"
        # An index serves for a range. It would for LIKE, too, which then leaves out what lies beyond U+FFFF.
        return f"{text} >= {start} AND {text} <= CONCAT({start}, REPEAT({_LAST}, {_LENGTH}))"

    def ends_with(self, text: str, suffix: str) -> str:
        end = _converted(suffix)
        return f"RIGHT({_bytes(text)}, {_width(end)}) = {end}"

    def matches(self, text: str, pattern: str) -> str:
        # What is converted has no index, which LIKE would read wrongly; see `starts_with`.
        return f"{_by_code_point(_converted(text))} LIKE {pattern} ESCAPE {_BACKSLASH}"

    def some_item(self, items: str, text: str, test: str) -> str:
        # Only a JSON_TABLE may look at the row around a subquery. RAND() keeps MariaDB from taking its answer for one
        # text as that for another that equals it by the column's collation. The limit has the list read once.
        row = _json_table(f"JSON_ARRAY({_converted(text)}, RAND())", "$[0]", "tested", "jsonapi_sieve_row")
        listed = _json_table(items, "$[*]", "item", "jsonapi_sieve_items")
        once = f"(SELECT item FROM {listed} LIMIT {2**64 - 1}) AS jsonapi_sieve_list"  # noqa: S608  (no value is in it)
        return f"EXISTS (SELECT 1 FROM {row} STRAIGHT_JOIN {once} WHERE {test})"  # noqa: S608

    def order_term(self, value: str, direction: str) -> str:
        return f"{value} IS NULL {direction}, {value} {direction}"

    def tested(self) -> str:
        return "jsonapi_sieve_row.tested"

    def item(self) -> str:
        return "jsonapi_sieve_list.item"


def _by_code_point(text: str) -> str:
    return f"{text} COLLATE {_BY_CODE_POINT}"


def _converted(text: str) -> str:
    """Put a text into UTF-8, as it would not be by itself beside bytes."""
    return f"CONVERT({text} USING {_CHARSET})"


def _bytes(text: str) -> str:
    return f"CAST({text} AS BINARY)"


def _width(text: str) -> str:
    # Where sql_mode is ORACLE, LENGTH() counts characters.
    return f"OCTET_LENGTH({text})"


def _json_table(document: str, path: str, column: str, name: str) -> str:
    text = f"{column} LONGTEXT CHARACTER SET {_CHARSET} COLLATE {_BY_CODE_POINT}"
    return f"JSON_TABLE({document}, '{path}' COLUMNS ({text} PATH '$')) AS {name}"


def _is_text(type_: TypeEngine[Any]) -> bool:
    return isinstance(type_, sa.String) and not (isinstance(type_, sa.Enum) and type_.native_enum)


def _is_native_uuid(type_: TypeEngine[Any]) -> bool:
    return isinstance(type_, sa.Uuid) and type_.native_uuid


def _is_short(type_: sa.String) -> bool:
    # MariaDB makes another TEXT of one that has a length, which holds more.
    return not isinstance(type_, sa.Text) and type_.length is not None and type_.length <= _SORTED


def _is_exact(type_: TypeEngine[Any]) -> bool:
    collation: str | None = getattr(type_, "collation", None)
    return collation is not None and collation.lower() == _BY_CODE_POINT


def _check_held(value: str, type_: TypeEngine[Any]) -> None:
    if isinstance(type_, sa.DateTime):
        _check_time(value, type_)
    if _is_text(type_):
        if isinstance(type_, (sa.CHAR, sa.NCHAR)):
            raise CompileError(f"MariaDB takes the trailing blanks off {value}; make it a String or Text")
        charset = _charset(type_)
        if charset != _CHARSET:
            raise CompileError(f"{value} has the charset {charset}, in which not all text fits; make it {_CHARSET}")


def _charset(type_: Any) -> str:
    """Tell the charset that a column declares, itself or by its collation; all others are taken for UTF-8."""
    if isinstance(type_, sa.NVARCHAR):
        return "utf8mb3"
    declared: str | None = getattr(type_, "charset", None) or type_.collation
    charset = (declared or _CHARSET).lower().partition("_")[0]
    return _CHARSET if charset == "uca1400" else charset


def _check_time(value: str, type_: sa.DateTime) -> None:
    if type_.timezone:
        raise CompileError(f"MariaDB keeps {value} without its zone; make it a UtcDateTime")
    if isinstance(type_, sa.TIMESTAMP):
        raise CompileError(
            f"{value} changes with the zone of the session; make it a UtcDateTime, or mysql.DATETIME(fsp=6)"
        )
    if getattr(type_, "fsp", None) is None:
        raise CompileError(f"MariaDB keeps whole seconds in {value}; make it a UtcDateTime, or mysql.DATETIME(fsp=6)")
