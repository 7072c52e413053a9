"""Records: the values that tables look up, in the form in which constants stand in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from jsonapi_sieve.backends.python.constants import kind_of
from jsonapi_sieve.backends.python.rows import Access, access_of, report_missing_keys, values_reader
from jsonapi_sieve.field import Field
from jsonapi_sieve.index.conjunctions import EPOCH
from jsonapi_sieve.index.tables import UNKNOWN
from jsonapi_sieve.types import Kind
from jsonapi_sieve.types.numbers import ROUNDED
from jsonapi_sieve.types.times import AWARE, NAIVE

__all__ = ["RecordReader"]

Convert = Callable[[Any], Any]
_Ways = tuple[tuple[int, Convert], ...]

_REMEMBERED: Final = 256
_NAIVE_EPOCH: Final = EPOCH.replace(tzinfo=None)
_PLAIN: Final = (str, bool, int, float, Decimal, date)
_COMPARED: Final = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__", "__len__")


class RecordReader:
    """Reads the attributes that an index tests, of every kind of row that the Python backend takes."""

    __slots__ = ("_fields", "_getters", "_ways")

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self._fields = tuple(fields)
        self._getters: dict[Access, Convert] = {}
        self._ways: dict[tuple[type, ...], _Ways] = {}

    @property
    def width(self) -> int:
        """How many attributes are read."""
        return len(self._fields)

    def read(self, record: object) -> tuple[Sequence[Any], bool]:
        """Give the values of a record, and whether tables know them all.

        Raises:
            TypeError: when it holds a value of another kind, naming the attribute.
            KeyError, AttributeError: when it lacks an attribute.
        """
        access = access_of(record)
        getter = self._getters.get(access)
        if getter is None:
            if len(self._getters) >= _REMEMBERED:
                self._getters.clear()
            getter = self._getters[access] = values_reader(access, [field.name for field in self._fields])
        try:
            held = getter(record)
        except LookupError:
            if access == "key":
                report_missing_keys(record, [field.name for field in self._fields])
            raise
        classes = tuple(map(type, held))
        ways = self._ways.get(classes)
        if ways is None:
            ways = self._remember(classes, held)
        if not ways:
            return held, True
        values = list(held)
        try:
            for column, convert in ways:
                values[column] = convert(values[column])
        except TypeError:
            self._remember(classes, held)
            raise
        return values, all(values[column] is not UNKNOWN for column, _ in ways)

    def _remember(self, classes: tuple[type, ...], held: Sequence[Any]) -> _Ways:
        """Find how the values of some classes are looked up; what is not told is looked up as it is."""
        if len(self._ways) >= _REMEMBERED:
            self._ways.clear()
        found = enumerate(map(_way, self._fields, held))
        ways = self._ways[classes] = tuple((column, way) for column, way in found if way is not None)
        return ways


def _way(field: Field[Any], value: object) -> Convert | None:
    """Tell from one value of a field how values of its class are looked up; None says, as they are.

    Raises:
        TypeError: for a value of no kind that the field's type knows, naming the attribute.
    """
    kind = kind_of(field, value)
    if kind is None:
        return None
    match field.type.name:
        case "timestamp":
            return _moment(kind) if type(value) is datetime else _unknown
        case "uuid" | "enum" | "address":
            # They are compared by equality alone, for which the constant that a value stands for will do.
            return kind.restore or _plain(value)
        case _ if kind.convert is not None and kind is not ROUNDED:  # of a type of the user's own
            return _unknown
        case _:
            return _number if type(value) is float else _plain(value)


def _moment(kind: Kind[Any]) -> Convert:
    if kind is NAIVE:
        return lambda held: held - _NAIVE_EPOCH
    return (lambda held: held - EPOCH) if kind.restore is AWARE.restore else _unknown


def _plain(value: object) -> Convert | None:
    """Look up values as they are whose class compares as the base that tables hold, such as members of a StrEnum."""
    cls = type(value)
    base = next((base for base in _PLAIN if isinstance(value, base)), None)
    same = base is not None and all(getattr(cls, name, None) is getattr(base, name, None) for name in _COMPARED)
    return None if same else _unknown


def _number(held: float) -> object:
    return held if held == held else UNKNOWN  # noqa: PLR0124  (NaN has no place in an order)


def _unknown(_: object) -> object:
    return UNKNOWN
