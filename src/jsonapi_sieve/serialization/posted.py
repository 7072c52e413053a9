"""The quick way from the body of a POST to the values of a new resource, for bodies without fault.

`load` has the last word: what is not good, or not known, is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from marshmallow.utils import missing, set_value
from marshmallow_jsonapi.fields import Relationship

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.document.quick import quick_decoder
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.serialization.compiled.loading import (
    Loader,
    as_it_is,
    identifier_loader,
    is_known,
    loading_of,
    loads_plainly,
)
from jsonapi_sieve.serialization.fields import StoredFilters
from jsonapi_sieve.serialization.loading import Related
from jsonapi_sieve.serialization.posted_source import Attribute, Known, LoadSent, Relation, reader_source
from jsonapi_sieve.serialization.schemas import ResourceSchema
from jsonapi_sieve.serialization.stock import fresh, member_of

__all__ = ["PostedReader", "posted_reader", "posted_source"]

PostedReader: TypeAlias = Callable[[bytes, Related, Visible | None], dict[str, Any] | None]
"""Gives what `load` gives for a body; None where that has to be asked."""

# Levels of a document with the identifiers of a relationship, and those around an attribute.
_LEVELS: Final = 6
_AROUND: Final = 3


def posted_reader(schema: ResourceSchema, limits: Limits) -> PostedReader:
    """Compile what reads bodies; where the schema is not known, it gives None for all of them.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     duration = fields.Int(required=True)
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> read = posted_reader(ResourceSchema(CallSchema), Limits())
    >>> read(b'{"data": {"type": "calls", "attributes": {"duration": 60}}}', {}, None)
    {'duration': 60}
    >>> read(b'{"data": {"type": "calls", "attributes": {"duration": "a minute"}}}', {}, None) is None
    True
    """
    known = _known(schema, limits)
    return _reader(schema.type, known, limits) if known else lambda _, __, ___: None


def posted_source(schema: ResourceSchema, limits: Limits) -> str | None:
    """Write the code that reads bodies; None where the schema is not known."""
    known = _known(schema, limits)
    return reader_source(schema.type, known, limits) if known else None


def _known(schema: ResourceSchema, limits: Limits) -> Known | None:
    """Give what clients may send; None where the schema, or one of its fields, is not known."""
    instance = fresh(schema.schema, dump_only={*schema.schema.opts.dump_only, "id"})
    attributes, relations = _attributes(instance, limits), _relations(instance, limits)
    if attributes is None or relations is None or limits.json_depth < _LEVELS or not loads_plainly(instance):
        return None
    return Known(attributes, relations)


def _attributes(instance: Any, limits: Limits) -> list[Attribute] | None:
    """Give the attributes that clients may send; None where one of them is not known."""
    attributes = []
    for name, field in instance.load_fields.items():
        if not isinstance(field, Relationship):
            loading = loading_of(name, field)
            if loading.load is None:
                return None
            is_filters = isinstance(field, StoredFilters)
            load = _filters(field, limits) if is_filters else _flat(loading.load)
            # What is not written at once is loaded.
            quick = field.filter_set._canonical if is_filters and not field.validators else None  # noqa: SLF001
            attributes.append(Attribute(member_of(instance, name), loading.name, quick, load, loading.absent))
    return attributes


def _flat(load: Loader) -> LoadSent:
    def loaded(value: Any, _: Visible | None) -> Any:
        if type(value) in (dict, list):
            raise ValueError("its items are to be counted")
        return load(value)

    return loaded


def _filters(field: StoredFilters, limits: Limits) -> LoadSent:
    normalize, validate = field.filter_set.normalize, field._validate  # noqa: SLF001
    most = limits.json_depth - _AROUND

    def loaded(value: Any, visible: Visible | None) -> Any:
        if _nests_deeper(value, most):
            raise ValueError("it is nested too deep")
        written = normalize(value, visible=visible)
        validate(written)
        return written

    return loaded


def _nests_deeper(value: Any, most: int) -> bool:
    """Tell whether arrays and objects are nested in more levels, as groups and an application's values may be.

    >>> _nests_deeper({"or": [{"duration_eq": 1}]}, 3), _nests_deeper({"or": [{"duration_in": []}]}, 3)
    (False, True)
    """
    nests = _nests([value])
    while nests and most > 0:
        nests = _nests(item for each in nests for item in (each.values() if type(each) is dict else each))
        most -= 1
    return bool(nests)


def _nests(values: Iterable[Any]) -> list[Any]:
    return [each for each in values if type(each) in (dict, list)]


def _relations(instance: Any, limits: Limits) -> list[Relation] | None:
    """Give the relationships that clients may send; None where one of them is not known."""
    relations = []
    names = [field.attribute or name for name, field in instance.load_fields.items()]
    nested = {name.partition(".")[0] for name in names if "." in name}
    for name, field in instance.load_fields.items():
        if isinstance(field, Relationship):
            check = identifier_loader(field) if is_known(field) else None
            # What the schema would load is none of the values, so it must leave no trace among them.
            is_apart = nested.isdisjoint((field.attribute or name).split("."))
            is_plain = not field.validators and (field.required or field.load_default is missing)
            if check is None or not is_apart or not is_plain:
                return None
            one = _identifier(field.type_, None if check is as_it_is else check)
            identify: Callable[[Any], str | list[str]] = _identifiers(one, limits.list_items) if field.many else one
            member = member_of(instance, name)
            relations.append(Relation(member, name, identify, bool(field.many), bool(field.required)))
    return relations


def _identifier(type_: str, check: Loader | None) -> Callable[[Any], str]:
    def identify(identifier: Any) -> str:
        id_: str = identifier["id"]
        if type(id_) is not str or identifier["type"] != type_ or len(identifier) != 2:  # noqa: PLR2004
            raise ValueError("not a plain identifier")
        if check is not None:
            check(id_)
        return id_

    return identify


def _identifiers(identify: Callable[[Any], str], most: int) -> Callable[[Any], list[str]]:
    def identify_all(linkage: Any) -> list[str]:
        if type(linkage) is not list or len(linkage) > most:
            raise ValueError("not a list of identifiers")
        return list(map(identify, linkage))

    return identify_all


def _find_all(find: Callable[[str], object | None], identifiers: list[str]) -> list[object] | None:
    found = list(map(find, identifiers))
    return None if any(each is None for each in found) else found


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """Put values into the places that dotted names lead to."""
    placed: dict[str, Any] = {}
    for name, value in values.items():
        set_value(placed, name, value)
    return placed


def _reader(type_: str, known: Known, limits: Limits) -> PostedReader:
    attributes, relations = known
    names = {each.member: each.name for each in attributes} | {each.member: each.name for each in relations}

    def are_visible(members: Iterable[str], visible: Visible) -> bool:
        return all(is_visible_path(names[member], visible) for member in members)

    scope: dict[str, Any] = {
        "are_visible": are_visible,
        "decode": quick_decoder(),
        "find_all": _find_all,
        "missing": missing,
        "none": {},
        "placed": _placed,
    }
    scope |= {f"load_{place}": each.load for place, each in enumerate(attributes)}
    scope |= {f"quick_{place}": each.quick for place, each in enumerate(attributes)}
    scope |= {f"absent_{place}": each.absent for place, each in enumerate(attributes)}
    scope |= {f"identify_{place}": each.identify for place, each in enumerate(relations)}
    exec(reader_source(type_, known, limits), scope)  # noqa: S102  (names of the schema stand in it as literals)
    read: PostedReader = scope["read"]
    return read
