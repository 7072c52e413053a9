"""Column types that keep what the types of SQLAlchemy lose on some engines: a decimal's digits, a timestamp's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.backends.sqlalchemy.dialects import is_generic, rules_of
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.operand import shown

__all__ = ["DIGITS", "ExactDecimal", "UtcDateTime"]

DIGITS: Final = 40
"""Decimal digits that an exact column holds, before and behind the point together."""

# Traps what would round; a value's own exponent may be any.
_EXACT = Context(prec=DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact, InvalidOperation, Overflow])
_ONE = Decimal(1)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal column of 40 digits, `scale` of them behind the point, that never rounds.

    SQLite keeps such numbers as floats, so there the column is text of fixed width that sorts as the numbers do: it
    compares, sorts, and knows its least and greatest, but sums have to be computed in Python.

    >>> ExactDecimal(scale=6)
    ExactDecimal(scale=6)

    Raises:
        DeclarationError: for a scale that is not between 0 and 40.
        ValueError: when a value is sent that is no finite Decimal or int, or that the column cannot hold exactly.
        CompileError: on a dialect that has no rules (see `dialects`).
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Numeric
    cache_ok: bool | None = True

    def __init__(self, scale: int = 12) -> None:
        if not 0 <= scale <= DIGITS:
            raise DeclarationError(f"scale is {scale}; an ExactDecimal has from 0 to {DIGITS} digits behind the point")
        super().__init__(DIGITS, scale)
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Decimal]:
        return sa.Numeric(DIGITS, self.scale) if is_generic(dialect) else rules_of(dialect).decimal_type(self.scale)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            raise ValueError(f"{self!r} takes Decimal and int, not {type(value).__name__}")  # noqa: TRY004
        number = Decimal(value)
        try:
            _EXACT.quantize(number.scaleb(self.scale, _EXACT), _ONE)
        except (Inexact, InvalidOperation, Overflow):
            pass
        else:
            if number.is_finite():
                return number
        raise ValueError(
            f"{shown(str(number))} does not fit {self!r}, which never rounds: it holds at most {DIGITS - self.scale}"
            f" digits before the point and {self.scale} behind it"
        )

    def __repr__(self) -> str:
        return f"ExactDecimal(scale={self.scale})"


class UtcDateTime(TypeDecorator[datetime]):
    """A column of instants: aware datetimes go in, aware datetimes in `timezone.utc` come out.

    `digits` is the precision of a second: 6 stores microseconds, 3 cuts to milliseconds.

    >>> UtcDateTime(digits=3)
    UtcDateTime(digits=3)

    Raises:
        DeclarationError: for digits other than 3 and 6.
        ValueError: when a value is sent that is no datetime, has no zone, or leaves the years 1 to 9999 in UTC.
        CompileError: on a dialect that has no rules (see `dialects`).
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.DateTime
    cache_ok: bool | None = True

    def __init__(self, digits: Literal[3, 6] = 6) -> None:
        if digits not in (3, 6):
            raise DeclarationError(f"digits is {digits!r}; a UtcDateTime stores 3 or 6 digits of a second")
        super().__init__(timezone=True)
        self.digits = digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return sa.DateTime(timezone=True) if is_generic(dialect) else rules_of(dialect).timestamp_type(self.digits)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise ValueError(f"{self!r} takes aware datetimes, not {type(value).__name__}")  # noqa: TRY004
        if value.utcoffset() is None:
            raise ValueError(f"{self!r} takes aware datetimes; {value.isoformat()} has no zone: give it its tzinfo")
        try:
            instant = value.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{value.isoformat()} lies outside the years 1 to 9999 in UTC") from None
        return instant.replace(microsecond=instant.microsecond - instant.microsecond % 10 ** (6 - self.digits))

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def __repr__(self) -> str:
        return f"UtcDateTime(digits={self.digits})"
