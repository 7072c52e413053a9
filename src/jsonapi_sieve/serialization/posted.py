"""The quick way from the body of a POST to the values of a new resource, for bodies without fault.

`load` has the last word: what is not good, or not known, is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeAlias

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
from jsonapi_sieve.serialization.schemas import ResourceSchema
from jsonapi_sieve.serialization.stock import fresh, member_of

__all__ = ["PostedReader", "posted_reader"]

PostedReader: TypeAlias = Callable[[bytes, Related, Visible | None], dict[str, Any] | None]
"""Gives what `load` gives for a body; None where that has to be asked."""

_Load: TypeAlias = Callable[[Any, Visible | None], Any]

# Those of a document whose filters have a list, or which has the identifiers of a relationship; and those of a group.
_NESTS: Final = 6
_NESTS_OF_GROUP: Final = 2


class _Attribute(NamedTuple):
    """An attribute that clients may send: its member in documents, the name of its value, and what loads that."""

    member: str
    name: str
    quick: _Load | None
    load: _Load
    absent: Callable[[], Any] | None


class _Relation(NamedTuple):
    """A relationship that clients may send: its member in documents, its name, and what checks its linkage."""

    member: str
    name: str
    identify: Callable[[Any], str | list[str]]
    many: bool
    is_required: bool


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
    instance = fresh(schema.schema, dump_only={*schema.schema.opts.dump_only, "id"})
    attributes, relations = _attributes(instance), _relations(instance, limits)
    if attributes is None or relations is None:
        return lambda _, __, ___: None
    plain = loads_plainly(instance) and limits.json_depth >= _nests(instance)
    return _reader(schema.type, attributes, relations, limits) if plain else lambda _, __, ___: None


def _nests(instance: Any) -> int:
    groups = [
        field.filter_set.limits.depth
        for field in instance.load_fields.values()
        if isinstance(field, StoredFilters) and field.filter_set.takes_groups
    ]
    return _NESTS + _NESTS_OF_GROUP * max(groups, default=0)


def _attributes(instance: Any) -> list[_Attribute] | None:
    """Give the attributes that clients may send; None where one of them is not known."""
    attributes = []
    for name, field in instance.load_fields.items():
        if not isinstance(field, Relationship):
            loading = loading_of(name, field)
            if loading.load is None:
                return None
            is_filters = isinstance(field, StoredFilters)
            load = _filters(field) if is_filters else _flat(loading.load)
            # What is not written at once is loaded.
            quick = field.filter_set._canonical if is_filters and not field.validators else None  # noqa: SLF001
            attributes.append(_Attribute(member_of(instance, name), loading.name, quick, load, loading.absent))
    return attributes


def _flat(load: Loader) -> _Load:
    def loaded(value: Any, _: Visible | None) -> Any:
        if type(value) in (dict, list):
            raise ValueError("its items are to be counted")
        return load(value)

    return loaded


def _filters(field: StoredFilters) -> _Load:
    normalize, validate = field.filter_set.normalize, field._validate  # noqa: SLF001

    def loaded(value: Any, visible: Visible | None) -> Any:
        written = normalize(value, visible=visible)
        validate(written)
        return written

    return loaded


def _relations(instance: Any, limits: Limits) -> list[_Relation] | None:
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
            relations.append(_Relation(member, name, identify, bool(field.many), bool(field.required)))
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


def _reader(type_: str, attributes: list[_Attribute], relations: list[_Relation], limits: Limits) -> PostedReader:
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
    exec(_source(type_, attributes, relations, limits), scope)  # noqa: S102  (names of the schema stand in it as literals)
    read: PostedReader = scope["read"]
    return read


def _source(type_: str, attributes: list[_Attribute], relations: list[_Relation], limits: Limits) -> str:
    """Write the code that reads a body; the related resources are asked for last, when all else is good."""
    loading = [line for place, each in enumerate(attributes) for line in _loading_lines(place, each)]
    linking = [line for place, each in enumerate(relations) for line in _linking_lines(place, each)]
    finding = [line for place, each in enumerate(relations) for line in _finding_lines(place, each)]
    placing = ["values = placed(values)"] if any("." in each.name for each in attributes) else []
    lines = [
        "document = decode(body)",
        "data = document['data']",
        "sent, linked = data.get('attributes', none), data.get('relationships', none)",
        "members = 1 + (sent is not none) + (linked is not none)",
        f"if len(document) != 1 or len(data) != members or data['type'] != {_literal(type_)}:",
        "    return None",
        "if type(sent) is not dict or type(linked) is not dict:",
        "    return None",
        "if visible is not None and not are_visible((*sent, *linked), visible):",
        "    return None",
        "values = {}",
        "unread = len(sent) + len(linked)",
        *loading,
        *linking,
        "if unread:",
        "    return None",
        *placing,
    ]
    return "\n".join(
        [
            "def read(body, related, visible):",
            f"    if len(body) > {limits.body}:",
            "        return None",
            "    try:",
            *(f"        {line}" for line in lines),
            "    except Exception:  # the careful way meets it again, and says what is wrong",
            "        return None",
            *(f"    {line}" for line in finding),
            "    return values",
        ]
    )


def _literal(text: str) -> str:
    """Write a text as code; members of enumerations, which are text too, have a `repr` of their own."""
    return str.__repr__(text)


def _loading_lines(place: int, attribute: _Attribute) -> list[str]:
    member, name = _literal(attribute.member), _literal(attribute.name)
    value = f"load_{place}(sent[{member}], visible)"
    if attribute.quick is not None:
        value = f"{value} if (value := quick_{place}(sent[{member}], visible)) is None else value"
    lines = [f"if {member} in sent:", f"    values[{name}] = {value}", "    unread -= 1"]
    if attribute.absent is not None:
        lines += [f"elif (value := absent_{place}()) is not missing:", f"    values[{name}] = value"]
    return lines


def _linking_lines(place: int, relation: _Relation) -> list[str]:
    member = _literal(relation.member)
    absent = "return None" if relation.is_required else f"linkage_{place} = None"
    return [
        f"find_{place} = related[{_literal(relation.name)}]",
        f"if {member} in linked:",
        f"    relationship = linked[{member}]",
        f"    linkage_{place} = identify_{place}(relationship['data'])",
        "    if len(relationship) != 1:",
        "        return None",
        "    unread -= 1",
        "else:",
        f"    {absent}",
    ]


def _finding_lines(place: int, relation: _Relation) -> list[str]:
    found = f"find_all(find_{place}, linkage_{place})" if relation.many else f"find_{place}(linkage_{place})"
    return [
        f"if linkage_{place} is not None:",
        f"    values[{_literal(relation.name)}] = found = {found}",
        "    if found is None:",
        "        return None",
    ]
