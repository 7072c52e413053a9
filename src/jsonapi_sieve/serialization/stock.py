"""The instances of schemas that this package works with: one for each use, so that nothing leaks from one to the next.

marshmallow-jsonapi keeps what it gathers in the instance (`included_data`, `document_meta`), so an instance that is
used again shows the last answer's data in the next, and one that threads share mixes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import quote

import marshmallow as ma
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import Relationship

__all__ = ["SchemaClass", "Template", "escaped", "fresh", "member_of"]

SchemaClass: TypeAlias = type[ma.Schema]
"""A class of marshmallow_jsonapi.Schema; that package has no types, so those of its base class have to do."""

# RFC 3986, 2.3.
_is_unreserved = re.compile("[A-Za-z0-9_.~-]*").fullmatch


def fresh(schema: SchemaClass, **options: Any) -> Any:
    """Make an instance of a schema whose links are escaped, and written without the warnings of marshmallow 3.26."""
    instance: Any = schema(**options)
    if isinstance(instance, Schema):
        instance.opts = copy(instance.opts)
        instance.opts.self_url = _template(instance.opts.self_url)
    for field in instance.fields.values():
        if isinstance(field, Relationship):
            # A schema's instance has its own copies of the declared fields.
            field.__class__ = _quiet(type(field))
            field.self_url, field.related_url = _template(field.self_url), _template(field.related_url)
    return instance


class Template(str):
    """A link to be filled from a row, whose texts stay what they are: no end of a segment, and no other host."""

    __slots__ = ()

    def format(self, **values: object) -> str:  # type: ignore[override]
        # A template without parameters is given back as it is, and is no text to send.
        return str(super().format(**{name: escaped(value) for name, value in values.items()}))

    def format_map(self, values: Mapping[str, object]) -> str:  # type: ignore[override]
        return str(super().format_map({name: escaped(value) for name, value in values.items()}))


def _template(link: Any) -> Any:
    return Template(link) if isinstance(link, str) else link


def escaped(value: object) -> object:
    """Escape a text for the place of a value in a link; what is no text has a spelling of its own there.

    >>> escaped("a/b"), escaped(7)
    ('a%2Fb', 7)
    """
    if type(value) is str and _is_unreserved(value):
        return value
    return quote(value, safe="", errors="replace") if isinstance(value, str) else value


@lru_cache(maxsize=256)
def _quiet(relationship: type[Relationship]) -> type[Relationship]:
    """Make a class whose `default` may be read: marshmallow-jsonapi 0.24 asks for it, by its old name, at each link."""
    return type(relationship.__name__, (relationship,), {"default": property(_dump_default)})


def _dump_default(field: Relationship) -> Any:
    return field.dump_default


def member_of(schema: Any, name: str) -> str:
    """Give the name that a schema's instance writes a field by; `inflect` is applied to a `data_key` too."""
    member: str = schema.inflect(schema.fields[name].data_key or name)
    return member
