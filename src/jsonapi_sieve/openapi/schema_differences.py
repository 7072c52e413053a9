"""What changed from one schema to the next, in requests and in answers: the two break by opposite changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

__all__ = ["Difference", "Schemas", "resolved"]

Schema: TypeAlias = Mapping[str, Any]

_Types: TypeAlias = frozenset[str]

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_TEXTS: Final = ("format", "pattern", "default")

# What is true is an integer to Python too.
_JSON_TYPES: Final = (
    (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), ((list, tuple), "array"),
    (type(None), "null"), (object, "object"),
)  # fmt: skip


class Difference(NamedTuple):
    """One change: whether it breaks clients, where it is, and what it is, for people."""

    breaking: bool
    place: str
    message: str

    def __str__(self) -> str:
        return f"{'breaking' if self.breaking else 'harmless'}: {self.place}: {self.message}"


class Schemas:
    """Compares schemas of two documents; a component is compared once for requests, and once for answers."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[str, str, bool]] = set()

    def compare(self, old: Schema, new: Schema, place: str, *, of_request: bool) -> Iterator[Difference]:
        """Tell what changed at a place of a request, or of an answer."""
        old, new = _written_out(old), _written_out(new)
        was, now = _flat(resolved(self._old, old)), _flat(resolved(self._new, new))
        names = _name(old), _name(new)
        if names[0] and names[1]:
            if (*names, of_request) in self._seen:
                return
            self._seen.add((*names, of_request))
            if names[0] == names[1]:
                place = names[0]
        if (old == {}) != (new == {}):
            yield _about_anything(of_request, place, is_new=new == {})
            return
        before, after = _types_of(was), _types_of(now)
        if before - after and after - before:
            # Nothing else can be compared.
            yield Difference(True, place, f"was of the type {_joined(before)} and is {_joined(after)}")
            return
        if ("anyOf" in was) != ("anyOf" in now):
            yield from _choices(was.get("anyOf", [old]), now.get("anyOf", [new]), place, of_request)
            return
        yield from _of_values(was, now, place, of_request)
        yield from self._members(was, now, place, of_request)
        yield from self._alternatives(was, now, place, of_request)

    def _members(self, old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
        """Compare the properties of objects and the items of arrays."""
        was, now = old.get("properties", {}), new.get("properties", {})
        for name in dict.fromkeys((*was, *now)):
            at = f"{place}.{name}"
            if name not in now:
                # An open object takes what it does not know.
                breaking = not of_request or new.get("additionalProperties") is False
                yield Difference(breaking, at, "is gone")
            elif name not in was:
                is_needed = of_request and name in new.get("required", [])
                yield Difference(is_needed, at, "is new, and needed" if is_needed else "is new")
            else:
                yield from self.compare(was[name], now[name], at, of_request=of_request)
        yield from _needed(old, new, place, of_request)
        if "items" in old and "items" in new:
            yield from self.compare(old["items"], new["items"], f"{place}[]", of_request=of_request)

    def _alternatives(self, old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
        for word in ("anyOf", "allOf"):
            was, now = _told(old.get(word, [])), _told(new.get(word, []))
            if len(was) == len(now):
                for before, after in zip(was, now, strict=True):
                    yield from self.compare(before, after, place, of_request=of_request)
            elif word == "anyOf":
                yield from _choices(was, now, place, of_request)
            else:
                yield Difference(of_request and len(was) < len(now), place, "the conditions on its members are others")


def resolved(document: Mapping[str, Any], value: object) -> Mapping[str, Any]:
    """Give what an object refers to in its document, or the object where it does not refer.

    >>> resolved({"components": {"schemas": {"text": {"type": "string"}}}}, {"$ref": "#/components/schemas/text"})
    {'type': 'string'}
    """
    found: Any = value
    while isinstance(found, Mapping) and "$ref" in found:
        steps = found["$ref"].removeprefix("#/").split("/")
        found = document
        for step in steps:
            found = found.get(step, {})
    # What is not in this document says nothing that could be compared.
    return found if isinstance(found, Mapping) else {}


def _written_out(schema: Schema | bool) -> Schema:
    """Write the schemas true and false as objects."""
    match schema:
        case bool():
            return {} if schema else {"not": {}}
        case _:
            return schema


def _flat(schema: Schema) -> Schema:
    """Write what may be null besides by its types, as what has but a type is written."""
    match schema:
        case {"anyOf": [only, {"type": "null"}]} if types := _types_of(only):
            return {**only, "type": sorted(types | {"null"})}
        case _:
            return schema


def _about_anything(of_request: bool, place: str, *, is_new: bool) -> Difference:
    """Tell of a schema that takes all, and takes it no more."""
    message = "can be anything now" if is_new else "can no longer be anything"
    return Difference(of_request is not is_new, place, message)


def _name(schema: object) -> str:
    """Name the component that a schema refers to."""
    reference = schema.get("$ref", "") if isinstance(schema, Mapping) else ""
    return str(reference).rpartition("/")[2]


def _told(schemas: list[Schema]) -> list[Schema]:
    """Leave out what only keeps the keys of a sort apart."""
    return [schema for schema in schemas if "contains" not in resolved({}, schema)]


def _choices(old: list[Schema], new: list[Schema], place: str, of_request: bool) -> Iterator[Difference]:
    was, now = ({json.dumps(schema, sort_keys=True): schema for schema in schemas} for schemas in (old, new))
    for text, schema in was.items():
        if text not in now:
            yield Difference(of_request, place, f"can no longer be {_named(schema)}")
    is_another = was.keys().isdisjoint(now)
    for text, schema in now.items():
        if text not in was:
            # What is included is asked for, and stands beside what was; null is not asked for.
            is_foreign = is_another or schema == {"type": "null"}
            yield Difference(not of_request and is_foreign, place, f"can also be {_named(schema)}")


def _named(schema: Schema) -> str:
    return _name(schema) or str(resolved({}, schema).get("type", "another value"))


def _needed(old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
    was, now = old.get("required", []), new.get("required", [])
    known = old.get("properties", {})
    for name in now:
        if name not in was and name in known:
            yield Difference(
                of_request, f"{place}.{name}", "is always there now" if not of_request else "is needed now"
            )
    for name in was:
        if name not in now and name in new.get("properties", {}):
            message = "is no longer needed" if of_request else "may be missing now"
            yield Difference(not of_request, f"{place}.{name}", message)
    together, then = new.get("dependentRequired", {}), old.get("dependentRequired", {})
    for name, others in together.items():
        if added := [other for other in others if other not in then.get(name, [])]:
            yield Difference(of_request, f"{place}.{name}", f"goes only together with {', '.join(added)} now")


def _of_values(old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
    """Compare what single values may be."""
    yield from _types(_types_of(old), _types_of(new), place, of_request)
    yield from _enums(old, new, place, of_request)
    yield from _bounds(old, new, place, of_request)
    for word in _TEXTS:
        if old.get(word) != new.get(word):
            # Of two texts nobody can tell which one takes more.
            lifted = of_request and new.get(word) is None and word != "default"
            yield Difference(not lifted, place, _changed(word, old.get(word), new.get(word)))


def _bounds(old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
    for words, sign in ((_LOWER, -1), (_UPPER, 1)):
        for word in words:
            was, now = old.get(word), new.get(word)
            if was != now:
                is_tighter = was is None or (now is not None and (now - was) * sign < 0)
                yield Difference(is_tighter is of_request, place, _changed(word, was, now))


def _changed(word: str, old: object, new: object) -> str:
    if old is None:
        return f"has the {word} {new!r} now"
    return f"has no {word} any more" if new is None else f"the {word} was {old!r} and is {new!r}"


def _types(was: _Types, now: _Types, place: str, of_request: bool) -> Iterator[Difference]:
    if was - now and now:
        yield Difference(of_request, place, f"can no longer be {_joined(was - now)}")
    if now - was and was:
        yield Difference(not of_request, place, f"can also be {_joined(now - was)}")


def _types_of(schema: Schema) -> _Types:
    """Give the types that a schema names, or its values are of; none where neither tells."""
    types = schema.get("type", [_type_of(value) for value in _enum(schema) or ()])
    named = frozenset([types] if isinstance(types, str) else types)
    return named | {"integer"} if "number" in named else named


def _type_of(value: object) -> str:
    return next(name for kind, name in _JSON_TYPES if isinstance(value, kind))


def _joined(types: _Types) -> str:
    return " or ".join(sorted(types))


def _enums(old: Schema, new: Schema, place: str, of_request: bool) -> Iterator[Difference]:
    was, now = _enum(old), _enum(new)
    if was is None and now is not None:
        only = f"can only be one of {', '.join(map(repr, now))} now" if now else "can have no value any more"
        yield Difference(of_request, place, only)
    elif was is not None and now is None:
        yield Difference(not of_request, place, "can be other values too" if was else "can have values now")
    elif was is not None and now is not None:
        for value in was:
            if value not in now:
                yield Difference(of_request, place, f"the value {value!r} is gone")
        for value in now:
            if value not in was:
                yield Difference(not of_request, place, f"the value {value!r} is new")


def _enum(schema: Schema) -> list[Any] | None:
    if schema.get("not") == {}:
        return []  # nothing is taken
    return [schema["const"]] if "const" in schema else schema.get("enum")
