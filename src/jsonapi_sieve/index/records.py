"""Records: the values that tables look up, in the form in which constants stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias

from jsonapi_sieve.backends.python.constants import kind_of
from jsonapi_sieve.backends.python.rows import access_of, report_missing_keys, values_reader
from jsonapi_sieve.field import Field
from jsonapi_sieve.index.conjunctions import EPOCH
from jsonapi_sieve.index.tables import UNKNOWN
from jsonapi_sieve.types.numbers import ROUNDED
from jsonapi_sieve.types.times import AWARE, NAIVE

__all__ = ["RecordReader"]

_Convert: TypeAlias = Callable[[Any], Any]
_Ways: TypeAlias = tuple[tuple[int, _Convert], ...]

_REMEMBERED: Final = 256
_NAIVE_EPOCH: Final = EPOCH.replace(tzinfo=None)
_PLAIN: Final = (str, bool, int, float, Decimal, date)
_COMPARED: Final = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__", "__len__")


class RecordReader:
    """Reads the attributes that an index tests, of every kind of row that the Python backend takes."""

    __slots__ = ("_fields", "_getter", "_names", "_ways")

    def __init__(self, fields: Iterable[Field[Any]]) -> None:
        self._fields = tuple(fields)
        self._names = [field.name for field in self._fields]
        self._getter = lru_cache(_REMEMBERED)(partial(values_reader, names=self._names))
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
        try:
            held = self._getter(access)(record)
        except LookupError:
            if access == "key":
                report_missing_keys(record, self._names)
            raise
        classes = tuple(map(type, held))
        ways = self._ways.get(classes)
        if ways is None:
            ways = self._remember(classes, held)
        if not ways:
            return held, True
        values = list(held)
        for column, convert in ways:
            values[column] = convert(values[column])
        return values, all(values[column] is not UNKNOWN for column, _ in ways)

    def _remember(self, classes: tuple[type, ...], held: Sequence[Any]) -> _Ways:
        """Find how the values of some classes are looked up; what is not told is looked up as it is."""
        if len(self._ways) >= _REMEMBERED:
            self._ways.clear()
        found = enumerate(map(_way, self._fields, held))
        ways = self._ways[classes] = tuple((column, way) for column, way in found if way is not None)
        return ways


def _way(field: Field[Any], value: object) -> _Convert | None:
    """Tell from one value of a field how values of its class are looked up; None says, as they are.

    Raises:
        TypeError: for a value of no kind that the field's type knows, naming the attribute.
    """
    kind = kind_of(field, value)
    if kind is None:
        return None
    cls = type(value)
    if field.type.name == "timestamp":
        known = cls is datetime and (kind is NAIVE or kind.restore is AWARE.restore)
        return partial(_distance, field, _NAIVE_EPOCH if kind is NAIVE else EPOCH) if known else _unknown
    if field.type.name in ("uuid", "enum", "address") and kind.restore is not None:
        # They are compared by equality alone, for which the constant that a value stands for will do.
        return kind.restore
    if kind.convert is not None and kind is not ROUNDED:  # of a type of the user's own
        return _unknown
    if cls is Decimal:
        return partial(_finite, field)
    if cls is float:
        return _ordered
    # Looked up as they are whose class compares as one that tables hold, such as members of a StrEnum.
    base = next((base for base in _PLAIN if isinstance(value, base)), None)
    plain = base is not None and all(getattr(cls, name, None) is getattr(base, name, None) for name in _COMPARED)
    return None if plain else _unknown


def _distance(field: Field[Any], epoch: datetime, held: datetime) -> object:
    if (held.utcoffset() is None) is not (epoch is _NAIVE_EPOCH):
        kind_of(field, held)  # says what is wrong with one that has no zone among others that have
    return held - epoch


def _finite(field: Field[Any], held: Decimal) -> object:
    if not held.is_finite():
        kind_of(field, held)  # says that it is none
    return held


def _ordered(held: float) -> object:
    return held if held == held else UNKNOWN  # noqa: PLR0124  (NaN has no place in an order)


def _unknown(_: object) -> object:
    return UNKNOWN
