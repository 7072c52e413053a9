"""How the values of a field are written, without asking the field for each.

A field is known by the functions that write its values, not by its class: a subclass that changes none of them is
known too, and one that changes any is not.
"""

from __future__ import annotations

import decimal
import enum
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final, TypeAlias

from marshmallow import fields

from jsonapi_sieve import types
from jsonapi_sieve.serialization.compiled.typed_values import INTEGER_LIMIT, passing_values, value_writer
from jsonapi_sieve.serialization.fields import Typed

__all__ = ["Writer", "bound", "function_of", "passing", "unchanged", "writer"]

Writer: TypeAlias = Callable[[Any], Any]
"""Writes one value of a field."""

_UNCHANGED: Final = frozenset({NoneType, bool, int, float, str})
_SPELLED: Final = frozenset({int, str, uuid.UUID})


def function_of(instance: object, name: str) -> object:
    """Give the function behind a method, to be told from others by identity; None for one of the instance's own.

    >>> function_of(fields.Email(), "_serialize") is function_of(fields.Str(), "_serialize")
    True
    """
    return None if name in vars(instance) else getattr(type(instance), name)


def _written_by(cls: type[fields.Field]) -> object:
    return getattr(cls, "_serialize")  # noqa: B009  (what a class of fields writes by is no business of type checkers)


# In marshmallow 4 that of booleans is that of all fields, and in marshmallow 3 that of UUIDs is that of texts.
_RAW: Final = _written_by(fields.Field)
_TEXTS: Final = (_written_by(fields.String), _written_by(fields.UUID))
_NUMBER: Final = _written_by(fields.Integer)
_BOOLEAN: Final = _written_by(fields.Boolean)
_INTERVAL: Final = _written_by(fields.TimeDelta)
_MOMENT: Final = _written_by(fields.DateTime)
_ADDRESSES: Final = (_written_by(fields.IP), _written_by(fields.IPInterface))
_LIST: Final = _written_by(fields.List)
_MAPPING: Final = _written_by(fields.Dict)
_ENUM: Final = _written_by(fields.Enum)
_TYPED: Final = _written_by(Typed)


def unchanged(value: Any) -> Any:
    """Give a value as it is: how fields such as Raw write, of which this very function is the writer.

    >>> writer(fields.Raw()) is unchanged
    True
    """
    return value


def passing(field: Any) -> frozenset[type] | None:
    """Give the exact classes whose values a field writes as they are; None for a field that is not known.

    A subclass of one of them does not pass. Of a field whose writer is `unchanged` they are those of JSON's scalars.

    >>> sorted(cls.__name__ for cls in passing(fields.Str()) or ())
    ['NoneType', 'str']
    >>> passing(fields.Nested("CallSchema")) is None
    True
    """
    if writer(field) is None:
        return None
    write = function_of(field, "_serialize")
    if write is _RAW:
        return _UNCHANGED
    if write in _TEXTS:
        return frozenset({NoneType, str})
    if write is _NUMBER and _is_unrounded(field):
        return frozenset({NoneType, field.num_type})
    if write is _BOOLEAN and all(_written(field, truth) is truth for truth in (True, False)):
        return frozenset({NoneType, bool})
    if write is _TYPED:
        return passing_values(field.value_type)
    return frozenset({NoneType})


def bound(field: Any) -> int | None:
    """Give the number that integers lie below, and above its negative, whose field writes them as they are.

    None where integers pass or do not whatever they are; those that have a bound are not among the classes that pass.

    >>> from jsonapi_sieve import types
    >>> bound(Typed(types.Integer(16))) == 10**19, bound(fields.Int())
    (True, None)
    """
    is_typed = writer(field) is not None and function_of(field, "_serialize") is _TYPED
    return INTEGER_LIMIT if is_typed and type(field.value_type) is types.Integer else None


def writer(field: Any) -> Writer | None:
    """Give a quick function that writes a value as the field does; None for a field that is not known.

    It takes every value: what it does not know the field writes itself, or refuses with its own errors.

    >>> from datetime import date
    >>> write = writer(fields.Date())
    >>> write(date(2019, 1, 31)), write(None)
    ('2019-01-31', None)
    """
    write = function_of(field, "_serialize")
    if write is _RAW:
        return unchanged
    if write in _TEXTS:
        return _text_writer(field)
    if write is _NUMBER:
        return _number_writer(field) if _formats_plainly(field) else None
    if write is _BOOLEAN or write is _INTERVAL:
        return _by_field(field)
    if write is _MOMENT:
        return _moment_writer(field)
    if write in _ADDRESSES:
        return _exploded if field.exploded else _compressed
    if write is _ENUM:
        return _enum_writer(field)
    if write is _TYPED and function_of(field, "_constant") is Typed._constant:  # noqa: SLF001
        return value_writer(field.value_type, _by_field(field))
    return _container_writer(field, write)


def _written(field: Any, value: object) -> Any:
    return field._serialize(value, field.name, None)  # noqa: SLF001


def _by_field(field: Any) -> Writer:
    """Write by the field. Those that are known look at the value alone; Typed names the attribute in its errors."""
    serialize, name = field._serialize, field.name  # noqa: SLF001
    return lambda value: serialize(value, name, None)


def _text_writer(field: Any) -> Writer:
    by_field = _by_field(field)

    def write(value: Any) -> Any:
        return str(value) if type(value) in _SPELLED else by_field(value)

    return write


def _formats_plainly(field: Any) -> bool:
    """Tell whether a field writes numbers as those of marshmallow for the same kind of numbers."""
    kind = fields.Decimal if field.num_type is decimal.Decimal else fields.Integer
    return field.num_type in (int, float, decimal.Decimal) and all(
        function_of(field, name) is getattr(kind, name) for name in ("_format_num", "_to_string")
    )


def _is_unrounded(field: Any) -> bool:
    # A NaN that is allowed is written without its sign and its digits.
    exact = field.num_type is not decimal.Decimal or (field.places is None and not field.allow_nan)
    return exact and not field.as_string


def _number_writer(field: Any) -> Writer:
    by_field = _by_field(field)
    if field.num_type is not decimal.Decimal:
        return by_field
    places, rounding, as_string = field.places, field.rounding, field.as_string
    if as_string and places is None and not field.allow_nan:
        return lambda value: f"{value:f}" if type(value) is decimal.Decimal else by_field(value)

    def write(value: Any) -> Any:
        if type(value) is not decimal.Decimal or not value.is_finite():
            return by_field(value)
        rounded = value if places is None else value.quantize(places, rounding=rounding)
        return f"{rounded:f}" if as_string else rounded

    return write


def _moment_writer(field: Any) -> Writer:
    wanted = field.format or field.DEFAULT_FORMAT
    spell = field.SERIALIZATION_FUNCS.get(wanted)
    if spell and spell is fields.DateTime.SERIALIZATION_FUNCS["iso"]:
        return _iso_writer(spell)
    if spell:
        return lambda value: None if value is None else spell(value)
    return lambda value: None if value is None else value.strftime(wanted)


def _iso_writer(spell: Writer) -> Writer:
    combine = datetime.combine

    def write(value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is UTC:
            # Without a zone it is quicker to write, and this is the quickest way to that.
            return f"{combine(value.date(), value.time()).isoformat()}+00:00"
        return None if value is None else spell(value)

    return write


def _exploded(value: Any) -> Any:
    return None if value is None else value.exploded


def _compressed(value: Any) -> Any:
    return None if value is None else value.compressed


def _enum_writer(field: Any) -> Writer | None:
    inner, by_field = writer(field.field), _by_field(field)
    if inner is None or not _is_plain(field.enum):
        return None
    cls, by_value = field.enum, field.by_value

    def write(value: Any) -> Any:
        if type(value) is not cls:
            return by_field(value)
        return inner(value._value_ if by_value else value._name_)

    return write


def _is_plain(cls: type[enum.Enum]) -> bool:
    """Tell whether the members of an enumeration class have no `name` and `value` of another kind."""
    own = cls.__mro__[: cls.__mro__.index(enum.Enum)]
    return not any(name in vars(base) for base in own for name in ("name", "value"))


def _container_writer(field: Any, write: object) -> Writer | None:
    if write is _LIST:
        inner = writer(field.inner)
        return None if inner is None else lambda value: None if value is None else [inner(each) for each in value]
    if write is _MAPPING and not field.key_field and not field.value_field:
        mapping_type: Callable[[Any], Any] = field.mapping_type
        return lambda value: None if value is None else mapping_type(value)
    return None
