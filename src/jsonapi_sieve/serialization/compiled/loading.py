"""What clients send, loaded without asking a schema for each value: where all is good, and known.

A field is known by its functions, as in `scalars`. Whatever is not known or not good is left to the schema, which gives
its own errors.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from inspect import getattr_static
from types import FunctionType
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

from marshmallow import fields
from marshmallow.utils import missing, set_value
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import Relationship

from jsonapi_sieve.serialization.fields import StoredFilters, Typed
from jsonapi_sieve.types import Fit, ValueType

__all__ = [
    "Loader",
    "Loading",
    "as_it_is",
    "changed",
    "compiled_load",
    "identifier_loader",
    "is_known",
    "loading_of",
    "loads_plainly",
]

Loader: TypeAlias = Callable[[Any], Any]
"""Loads a value that was sent; raises whatever it likes for one that may be wrong."""

_KNOWN: Final = (
    StoredFilters,
    Typed,
    Relationship,
    fields.AwareDateTime,
    fields.Boolean,
    fields.Date,
    fields.DateTime,
    fields.Decimal,
    fields.Enum,
    fields.Float,
    fields.IP,
    fields.IPInterface,
    fields.Integer,
    fields.NaiveDateTime,
    fields.String,
    fields.Time,
    fields.TimeDelta,
    fields.UUID,
)
_FUNCTIONS: Final = (FunctionType, property, classmethod, staticmethod)
_WRITING: Final = frozenset({"__init__", "__repr__", "_serialize", "default", "get_value", "serialize"})
_DUMPING: Final = frozenset(
    {
        "dump",
        "dumps",
        "format_error",
        "format_errors",
        "format_item",
        "format_items",
        "format_json_api_response",
        "generate_url",
        "get_attribute",
        "get_resource_links",
        "get_top_level_links",
        "handle_error",
        "render_included_data",
        "render_meta_document",
        "wrap_response",
    }
)
_HOOKS: Final = ("pre_load", "post_load", "validates", "validates_schema")


class Loading(NamedTuple):
    """How a field is loaded: its key in what is sent, the name of its value, and what gives the value.

    `load` is None for a field that is not known: it is asked for each value, and where none is sent. `absent` gives the
    value of a known field where none is sent; None says that there is none then.
    """

    key: str
    name: str
    load: Loader | None
    absent: Callable[[], Any] | None
    field: Any


def changed(instance: object, base: type, but: frozenset[str]) -> bool:
    """Tell whether an object has other functions than a class that it is an instance of, but for some.

    >>> changed(fields.Email(), fields.String, frozenset()), changed(fields.Email(), fields.String, _WRITING)
    (True, False)
    """
    cls, functions = type(instance), _functions_of(base, but)
    if not functions.keys().isdisjoint(vars(instance)):
        return True
    return cls is not base and any(getattr_static(cls, name) is not function for name, function in functions.items())


@lru_cache(maxsize=64)
def _functions_of(cls: type, but: frozenset[str]) -> dict[str, object]:
    functions = ((name, getattr_static(cls, name)) for name in dir(cls) if name not in but)
    return {name: function for name, function in functions if isinstance(function, _FUNCTIONS)}


def is_known(field: Any) -> bool:
    """Tell whether a field loads as one of the library or of marshmallow does, from the value alone.

    >>> is_known(fields.Email()), is_known(fields.Nested("CallSchema"))
    (True, False)
    """
    base = next((known for known in type(field).__mro__ if known in _KNOWN), None)
    if base is None or changed(field, base, _WRITING):
        return False
    return base is not fields.Enum or is_known(field.field) or type(field.field) is fields.Raw


def loads_plainly(schema: Any) -> bool:
    """Tell whether the instance of a schema loads as marshmallow-jsonapi does: single objects, without own hooks."""
    hooks = [hook for tag in _HOOKS for hook in schema._hooks.get(tag, ())]  # noqa: SLF001  (there is no other way)
    return (
        [name for name, *_ in hooks] == ["unwrap_request"]
        and not changed(schema, Schema, _DUMPING)
        and schema.dict_class is dict
        and not schema.many
        and schema.partial is None
    )


def loading_of(name: str, field: Any) -> Loading:
    """Give how a field of a schema is loaded.

    >>> loading = loading_of("duration", fields.Int(data_key="seconds", load_default=0))
    >>> loading.key, loading.load(60), loading.absent()
    ('seconds', 60, 0)
    """
    load = _loader(field) if is_known(field) else None
    key = name if field.data_key is None else field.data_key
    return Loading(key, field.attribute or name, load, _absent(field), field)


def _absent(field: Any) -> Callable[[], Any] | None:
    default = field.load_default
    if field.required:
        return _refuse
    if default is missing:
        return None
    made: Callable[[], Any] = default if callable(default) else lambda: default
    return made


def _refuse() -> NoReturn:
    raise ValueError("a value is needed")


def _loader(field: Any) -> Loader:
    """Give what loads a value as a known field does, by a straight function where the value is of the usual class."""
    if field.validators:
        return _by_field(field)
    match field:
        case Relationship():
            return _relationship(field)
        case StoredFilters():
            return _exactly(dict, lambda value: field._deserialize(value, None, None), field)  # noqa: SLF001
        case Typed():
            return _typed(field.value_type, _by_field(field))
        case fields.UUID():
            return _by_field(field)
        case fields.String():
            return _exactly(str, as_it_is, field)
        case fields.Integer(num_type=kind) if kind is int:
            return _exactly(int, as_it_is, field)
        case fields.Boolean() if field.truthy is fields.Boolean.truthy and field.falsy is fields.Boolean.falsy:
            return _exactly(bool, as_it_is, field)
        case _:
            return _by_field(field)


def _by_field(field: Any) -> Loader:
    deserialize: Loader = field.deserialize
    return deserialize


def as_it_is(value: Any) -> Any:
    """Give a value that is loaded already."""
    return value


def _exactly(cls: type, load: Loader, field: Any) -> Loader:
    """Load the values of a class by a function, and others by the field."""
    other = _by_field(field)
    if load is as_it_is:
        return lambda value: value if type(value) is cls else other(value)
    return lambda value: load(value) if type(value) is cls else other(value)


def _typed(value_type: ValueType[Any, Any], other: Loader) -> Loader:
    load, place = value_type.load, value_type.place
    if value_type.unbounded:
        return lambda value: other(value) if value is None else load(value)

    def loaded(value: Any) -> Any:
        if value is None:
            return other(value)
        constant = load(value)
        return constant if place(constant)[0] is Fit.EXACT else other(value)

    return loaded


def identifier_loader(field: Any) -> Loader | None:
    """Give what a relationship loads the identifiers of related resources by; None where that is not known."""
    if not vars(field).get("_Relationship__schema"):
        return as_it_is
    try:
        identifier = field.schema.fields["id"]
    except Exception:  # noqa: BLE001  (whatever is wrong with the related schema, the field will say it)
        return None
    return _loader(identifier) if is_known(identifier) else None


def _relationship(field: Any) -> Loader:
    load, type_, many, other = identifier_loader(field), field.type_, field.many, _by_field(field)
    if load is None:
        return other

    def one(identifier: Any) -> Any:
        # What has attributes is loaded as a resource.
        if type(identifier) is not dict or identifier["type"] != type_ or "attributes" in identifier:
            raise ValueError("not a plain identifier")
        return load(identifier["id"])

    def loaded(value: Any) -> Any:
        linkage = value["data"] if type(value) is dict else None
        if many and type(linkage) is list:
            return list(map(one, linkage))
        return other(value) if many or linkage is None else one(linkage)

    return loaded


def compiled_load(schema: Any) -> Callable[..., Any]:
    """Compile the `load` of a schema of marshmallow-jsonapi, a class or an instance whose fields stay as they are.

    The result is what the schema's `load` gives, with the same errors: it is asked itself for all that is not good and
    known, and then asks validators and fields of an application again. Of a class that is done on an instance of its
    own each time.

    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     duration = fields.Int(required=True)
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> load = compiled_load(CallSchema)
    >>> load({"data": {"type": "calls", "attributes": {"duration": "60"}}})
    {'duration': 60}
    """
    is_class = isinstance(schema, type)
    instance = schema() if is_class else schema
    loadings = [loading_of(name, field) for name, field in instance.load_fields.items()]
    # A field that is not known may note something in its schema, so none of those is shared by all.
    known = not is_class or all(loading.load is not None for loading in loadings)
    quickly = _Compiled(instance, loadings).load if known and loads_plainly(instance) else None

    def load(data: Any, **options: Any) -> Any:
        if quickly is not None and not options:
            try:
                return quickly(data)
            except Exception:  # noqa: BLE001, S110  (the schema says what is wrong, in its own way)
                pass
        return (schema() if is_class else schema).load(data, **options)

    return load


class _Compiled:
    """Loads what is good; raises anything for what may not be."""

    def __init__(self, schema: Any, loadings: list[Loading]) -> None:
        self._schema = schema
        self._type = schema.opts.type_
        self._loadings = loadings
        self._keys = frozenset(loading.key for loading in loadings)
        self._nested = any("." in loading.name for loading in loadings)

    def load(self, data: Any) -> dict[str, Any]:
        sent = self._unwrapped(data)
        # What the schema would note of this document, for whatever is loaded or dumped with it.
        self._schema.included_data, self._schema.document_meta = {}, {}
        values: dict[str, Any] = {}
        for key, name, load, absent, field in self._loadings:
            if load is None:
                value = field.deserialize(sent.get(key, missing), key, sent)
            elif key in sent:
                value = load(sent[key])
            else:
                value = missing if absent is None else absent()
            if value is missing:
                continue
            if self._nested:
                set_value(values, name, value)
            else:
                values[name] = value
        return values

    def _unwrapped(self, data: Any) -> dict[str, Any]:
        item = data["data"]
        known = type(data) is dict and "included" not in data and "meta" not in data and type(item) is dict
        if not known or item["type"] != self._type or "meta" in item:
            raise ValueError("not a plain document")
        sent = {"id": item["id"]} if "id" in item else {}
        for part in ("attributes", "relationships"):
            if part in item:
                sent.update(item[part].items())
        if not sent.keys() <= self._keys:
            raise ValueError("a member is unknown")
        return sent
