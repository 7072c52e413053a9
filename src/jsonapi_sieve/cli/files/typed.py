"""The values of rows, read by the declared types: what a predicate and an order look at, and nothing else."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from jsonapi_sieve import types
from jsonapi_sieve.cli.files.rows import Unreadable
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Leaf, Shape, Some, conditions_of
from jsonapi_sieve.operand import shown
from jsonapi_sieve.relationship import Relationship, ToMany
from jsonapi_sieve.types import Fit, InvalidValue, ValueType

__all__ = ["Reader"]

_ABSENT: Final = object()
_JSON: Final = (str, bool, int, float, decimal.Decimal, list, dict)


class Reader:
    """Reads what shapes test of a row, and further fields. `absent` says whether a member that is missing is NULL.

    >>> from jsonapi_sieve.normal import normalize
    >>> created_at = Field(types.Timestamp(digits=3), name="created_at")
    >>> Reader([], [created_at], absent=False).read({"created_at": "2019-01-31", "x": 1})
    {'created_at': datetime.datetime(2019, 1, 31, 0, 0, tzinfo=datetime.timezone.utc)}
    """

    def __init__(self, shapes: Iterable[Shape], fields: Iterable[Field[Any]], *, absent: bool) -> None:
        tests = [test for shape in shapes for test in conditions_of(shape)]
        fields = dict.fromkeys([*(test.field for test in tests if isinstance(test, Leaf)), *fields])
        self._absent = absent
        self._fields = [(field.name, field.nullable, _converter(field.type)) for field in fields]
        members: dict[Relationship, list[Shape]] = {}
        for test in tests:
            if isinstance(test, Some):
                members.setdefault(test.relationship, []).append(test.member)
        self._related = [
            (relationship.name, isinstance(relationship, ToMany), Reader(shapes, [], absent=absent))
            for relationship, shapes in members.items()
        ]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all that is read."""
        return (*(name for name, *_ in self._fields), *self.relationships)

    @property
    def relationships(self) -> tuple[str, ...]:
        """The names of what is related."""
        return tuple(name for name, *_ in self._related)

    def read(self, row: Mapping[str, object]) -> dict[str, object]:
        """Give the values of a row as the Python backend takes them.

        Raises:
            Unreadable: for the first that is missing, or none of its type.
        """
        values: dict[str, object] = {}
        for name, nullable, convert in self._fields:
            value = self._held(row, name)
            if value is None and not nullable:
                raise Unreadable("it is null, and not declared to be nullable", name)
            try:
                values[name] = None if value is None else convert(value)
            except (InvalidValue, TypeError) as error:
                raise Unreadable(_told(value, error), name) from None
        for name, many, reader in self._related:
            value = self._held(row, name)
            values[name] = _rows(name, value, reader) if many else _row(name, value, reader)
        return values

    def _held(self, row: Mapping[str, object], name: str) -> object:
        value = row.get(name, _ABSENT)
        if value is not _ABSENT:
            return value
        if not self._absent:
            raise Unreadable("it is missing", name)
        return None


def _rows(name: str, value: object, reader: Reader) -> list[dict[str, object] | None]:
    if not isinstance(value, list) or None in value:
        raise Unreadable("related rows are a list of objects", name)
    return [_row(name, each, reader) for each in value]


def _row(name: str, value: object, reader: Reader) -> dict[str, object] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Unreadable("a related row is an object", name)
    try:
        return reader.read(value)
    except Unreadable as error:
        raise Unreadable(str(error), name) from None


def _converter(declared: ValueType[Any, Any]) -> Callable[[object], object]:
    """Make what turns a value of a file into one of those that rows hold."""

    def convert(value: object) -> object:
        constant = declared.load(value) if isinstance(value, _JSON) else declared.accept(_zoned(value))
        if not declared.unbounded and declared.place(constant)[0] is not Fit.EXACT:
            raise InvalidValue(f"is no value of a column of {declared!r}")
        match declared:
            case types.Timestamp(zone="UTC"):
                return constant.replace(tzinfo=None)
            case types.Decimal(exact=False):
                return float(constant)
            case _:
                return constant

    return convert


def _zoned(value: object) -> object:
    """Put a moment without a zone in UTC, as text without one is read."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _told(value: object, error: Exception) -> str:
    if not isinstance(error, InvalidValue):
        return str(error)
    return f"{shown(str(value) if isinstance(value, decimal.Decimal) else value)} {error}"
