"""Numbers: whole, exact and binary."""

from __future__ import annotations

import decimal
import math
import re
from typing import ClassVar, Final, Literal, TypeGuard

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types.base import Fit, InvalidValue, Kind, ValueType, mismatch, unfit

__all__ = ["DECIMALS", "FLOATS", "INTEGERS", "ROUNDED", "Decimal", "Float", "Integer"]

INTEGERS: Final[Kind[int]] = Kind("integers")
"""Rows hold int."""

DECIMALS: Final[Kind[decimal.Decimal]] = Kind("decimals", restore=decimal.Decimal)
"""Rows hold decimal.Decimal or int."""

FLOATS: Final[Kind[float]] = Kind("floats", restore=float)
"""Rows hold float or int."""


def _shortest(held: float) -> decimal.Decimal:
    return decimal.Decimal(repr(float(held)))


ROUNDED: Final[Kind[decimal.Decimal]] = Kind("floats", float, _shortest)
"""Rows hold float or int; the constant is exact and is rounded to the nearest float."""

_INTEGER_DIGITS: Final = 19
_DIGITS: Final = 40
_INTEGER_LIMIT: Final = 10**_INTEGER_DIGITS
_LIMIT: Final = 10**_DIGITS
_POWERS: Final = tuple(10**digits for digits in range(_DIGITS + 1))
_UNITS: Final = tuple(decimal.Decimal(f"1e-{digits}") for digits in range(_DIGITS + 1))
_ZERO: Final = decimal.Decimal(0)
# Raises where a number has to be rounded, or takes more digits.
_HELD: Final = decimal.Context(
    prec=_DIGITS,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[decimal.Inexact, decimal.InvalidOperation],
)
# To look a member of an enumeration up takes Python 3.11 as long as all the rest of placing a constant.
_FITS: Final = Fit.EXACT

# No quantifier is possessive: Python 3.11.0 to 3.11.2 match wrongly behind one. Each pattern has one way to match.
_integer_spelled = re.compile("[+-]?[0-9]+").fullmatch
# The group is the exponent.
_number_spelled = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?").fullmatch


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float) or _is_int(value)


class Integer(ValueType[int, int]):
    """Whole numbers in columns of 16, 32 or 64 bits. Constants are int of at most 19 digits.

    A constant may exceed the column: then `place` says on which side it lies, and comparisons keep their meaning.

    >>> Integer().parse("-007"), Integer(16).place(40_000)
    (-7, (<Fit.ABOVE: ...>, 40000))

    Raises:
        DeclarationError: for another number of bits.
    """

    __slots__ = ("bits",)

    name: ClassVar[str] = "integer"

    bits: Literal[16, 32, 64]

    def __init__(self, bits: Literal[16, 32, 64] = 64) -> None:
        if bits not in (16, 32, 64):
            raise DeclarationError(f"an integer column has 16, 32 or 64 bits, not {bits!r}")
        object.__setattr__(self, "bits", bits)

    def _settings(self) -> dict[str, object]:
        return {"bits": self.bits}

    @property
    def expected(self) -> str:
        return "an integer such as 10 or -3"

    @property
    def unbounded(self) -> bool:
        return False

    def parse(self, text: str) -> int:
        if not _integer_spelled(text):
            raise self._refusal()
        if len(text) <= _INTEGER_DIGITS:
            return int(text)
        # int() refuses thousands of digits, and leading zeros count among them.
        digits = text.lstrip("+-0") or "0"
        if len(digits) > _INTEGER_DIGITS:
            raise _too_long(_INTEGER_DIGITS)
        return -int(digits) if text[0] == "-" else int(digits)

    def render(self, value: int) -> str:
        return str(value)

    def load(self, value: object) -> int:
        if _is_int(value):
            return self.accept(value)
        if isinstance(value, str):
            return self.parse(value)
        raise self._refusal()

    def dump(self, value: int) -> int:
        return value

    def accept(self, value: int) -> int:
        if not _is_int(value):
            raise self._unaccepted(value, "int")
        if not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
            raise _too_long(_INTEGER_DIGITS)
        return int(value)

    def place(self, value: int) -> tuple[Fit, int]:
        limit = 1 << (self.bits - 1)
        if -limit <= value < limit:
            return _FITS, value
        return (Fit.ABOVE if value > 0 else Fit.BELOW), value

    def held(self, values: tuple[int, ...]) -> tuple[int, ...]:
        # To place each would take longer than all else that is done for a long list.
        limit = 1 << (self.bits - 1)
        return tuple([value for value in values if -limit <= value < limit])

    def kind(self, sample: object) -> Kind[int]:
        if not _is_int(sample):
            raise mismatch(self, sample, "int")
        if self.place(sample)[0] is not Fit.EXACT:
            raise unfit(self, "greater integers", f"{self.bits} bits", "declare more bits")
        return INTEGERS


class Decimal(ValueType[decimal.Decimal, decimal.Decimal | int]):
    """Exact decimal numbers, as PostgreSQL's NUMERIC(40, scale) holds them. Constants are decimal.Decimal.

    A constant has at most 40 digits as written without exponent; a lone zero on either side of the point is none. It
    may be finer or greater than the column: then `place` says where it lies, and comparisons keep their meaning. No
    method depends on the ambient decimal context. `exact=False` declares columns and rows of floats: constants are
    spelled and shown as before, and rounded to the nearest float when they are compared.

    >>> price = Decimal(scale=2)
    >>> price.parse("1.50"), price.render(price.parse("15e-1")), price.place(price.parse("-0.125"))
    (Decimal('1.50'), '1.5', (<Fit.BETWEEN: ...>, Decimal('-0.13')))

    Raises:
        DeclarationError: for a scale outside 0 to 40.
    """

    __slots__ = ("exact", "scale")

    name: ClassVar[str] = "decimal"

    scale: int
    exact: bool

    def __init__(self, *, scale: int = 12, exact: bool = True) -> None:
        if not _is_int(scale) or scale not in range(_DIGITS + 1):
            raise DeclarationError(f"the scale of a decimal column is a number from 0 to {_DIGITS}, not {scale!r}")
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "exact", exact)

    def _settings(self) -> dict[str, object]:
        return {"scale": self.scale, "exact": self.exact}

    @property
    def expected(self) -> str:
        return "a number such as 2.5 or -3"

    @property
    def unbounded(self) -> bool:
        return not self.exact

    def parse(self, text: str) -> decimal.Decimal:
        match = _number_spelled(text)
        if match is None:
            raise self._refusal()
        value = decimal.Decimal(text)
        if len(text) > _DIGITS or match.lastindex:
            _check_digits(value)
        return value or _ZERO

    def render(self, value: decimal.Decimal) -> str:
        if not value:
            return "0.0"
        # This is much faster than a format, which only exponents need.
        text = str(value)
        if "E" in text or "e" in text:
            text = f"{value:f}"
        if "." not in text:
            return f"{text}.0"
        if text[-1] != "0":
            return text
        text = text.rstrip("0")
        return f"{text}0" if text[-1] == "." else text

    def load(self, value: object) -> decimal.Decimal:
        match value:
            case str():
                return self.parse(value)
            case float():
                # A JSON number is read by its text; that of a float is the shortest one that gives it back.
                return self.parse(float.__repr__(value))
            case decimal.Decimal() | int() if not isinstance(value, bool):
                return self.accept(value)
            case _:
                raise self._refusal()

    def accept(self, value: decimal.Decimal | int) -> decimal.Decimal:
        if isinstance(value, decimal.Decimal):
            if not value.is_finite():
                raise self._refusal()
            _check_digits(value)
            return decimal.Decimal(value) or _ZERO
        if isinstance(value, float):
            raise TypeError(f"{self!r} takes no float: it is inexact; write decimal.Decimal({str(value)!r})")
        if not _is_int(value):
            raise self._unaccepted(value, "decimal.Decimal or int")
        if not -_LIMIT < value < _LIMIT:
            raise _too_long(_DIGITS)
        return decimal.Decimal(value)

    def place(self, value: decimal.Decimal) -> tuple[Fit, decimal.Decimal]:
        if not self.exact:
            return _FITS, decimal.Decimal(float(value))
        try:
            _HELD.quantize(value, _UNITS[self.scale])
        except (decimal.Inexact, decimal.InvalidOperation):
            return self._beside(value)
        return _FITS, value

    def _beside(self, value: decimal.Decimal) -> tuple[Fit, decimal.Decimal]:
        """Place what the column cannot hold."""
        numerator, denominator = value.as_integer_ratio()
        units = numerator * _POWERS[self.scale] // denominator
        if units >= _LIMIT:
            return Fit.ABOVE, value
        if units <= -_LIMIT:
            return Fit.BELOW, value
        return Fit.BETWEEN, decimal.Decimal(f"{units}e-{self.scale}")

    def kind(self, sample: object) -> Kind[decimal.Decimal]:
        if not self.exact:
            _check_float(self, sample)
            return ROUNDED
        if isinstance(sample, float):
            raise unfit(self, "float values", "decimal.Decimal or int", "declare types.Decimal(exact=False)")
        if not isinstance(sample, decimal.Decimal) and not _is_int(sample):
            raise mismatch(self, sample, "decimal.Decimal or int")
        if not self._holds(sample):
            raise unfit(self, "other decimals", f"finite ones of scale {self.scale}", "declare their scale")
        return DECIMALS

    def _holds(self, value: decimal.Decimal | int) -> bool:
        try:
            return self.place(self.accept(value))[0] is Fit.EXACT
        except InvalidValue:
            return False


_EXACT: Final = Decimal()


class Float(ValueType[float, float | int]):
    """Finite binary numbers, IEEE 754 double precision. Constants are float, spelled as `Decimal` spells them.

    >>> Float().parse("1e-7"), Float().load(3), Float().render(-0.0)
    (1e-07, 3.0, '0.0')
    """

    __slots__ = ()

    name: ClassVar[str] = "float"

    @property
    def expected(self) -> str:
        return _EXACT.expected

    def parse(self, text: str) -> float:
        return _rounded(_EXACT.parse(text))

    def render(self, value: float) -> str:
        return repr(value or 0.0)

    def load(self, value: object) -> float:
        return _rounded(_EXACT.load(value))

    def dump(self, value: float) -> float:
        return value

    def accept(self, value: float) -> float:
        if not _is_number(value):
            raise self._unaccepted(value, "float or int")
        return self.load(value)

    def kind(self, sample: object) -> Kind[float]:
        _check_float(self, sample)
        return FLOATS


def _too_long(digits: int) -> InvalidValue:
    return InvalidValue(f"has more than {digits} digits")


def _check_digits(value: decimal.Decimal) -> None:
    _, digits, places = value.as_tuple()
    exponent = int(places)
    before = max(0, value.adjusted() + 1) if value else 0
    behind = 0 if exponent == -1 and digits[-1] == 0 else max(0, -exponent)
    if before + behind > _DIGITS:
        raise _too_long(_DIGITS)


def _rounded(value: decimal.Decimal) -> float:
    number = float(value)
    # Forty nines round up to the first number of 41 digits.
    if abs(number) >= _LIMIT:
        raise _too_long(_DIGITS)
    return number


def _check_float(declared: Decimal | Float, sample: object) -> None:
    if not _is_number(sample):
        raise mismatch(declared, sample, "float or int")
    if math.isnan(sample):
        raise unfit(declared, "NaN", "numbers", "store NULL for what is not known")
