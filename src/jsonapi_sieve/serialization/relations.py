"""The relationships of a schema: what each leads to, and what rows say of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from marshmallow.exceptions import RegistryError
from marshmallow.utils import missing

from jsonapi_sieve.document import Linkage
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.serialization.resource_objects import absolute
from jsonapi_sieve.serialization.stock import SchemaClass, fresh

__all__ = ["Relation", "held"]


class Relation:
    """One relationship of a schema.

    `name` is that of the schema's field and of the attribute that holds the related rows, `member` its name in
    documents, `type` that of the resources that it leads to; `many` says whether there can be several of them.
    """

    __slots__ = ("_owner", "many", "member", "name", "type")

    name: str
    member: str
    type: str
    many: bool

    def __init__(self, owner: SchemaClass, field: Any, member: str) -> None:
        self._owner = owner
        self.name = field.name
        self.member = member
        self.type = field.type_
        self.many = field.many

    def __repr__(self) -> str:
        return f"<Relation {self._owner.__name__}.{self.name}>"

    @property
    def schema(self) -> SchemaClass | None:
        """The schema of the related resources, looked up when it is asked for; None where none is declared.

        Raises:
            DeclarationError: for the name of a schema that does not exist, or that several have.
        """
        return _declared(self._owner, self.name)

    def linkages(self, instance: Any, rows: Iterable[object]) -> list[Linkage]:
        """Give what the relationship of each row leads to: an identifier or None, or a list of identifiers.

        `instance` is one of the schema that the relationship belongs to.
        """
        field = instance.fields[self.name]
        values = held(instance, field.attribute or self.name, rows)
        return [self._nothing() if value is None else field.get_resource_linkage(value) for value in values]

    def related(self, instance: Any, rows: Iterable[object]) -> list[object]:
        """Give the related rows of rows, each object once, from the attribute of the relationship's name.

        `instance` is one of the schema that the relationship belongs to.
        """
        values = [value for value in held(instance, self.name, rows) if value is not None]
        found = [row for value in values for row in value] if self.many else values
        return list({id(row): row for row in found}.values())

    def links(self, row: object, url: str) -> dict[str, str]:
        """Give the links of the relationship of a row, those that are declared, resolved against a URL."""
        field = fresh(self._owner).fields[self.name]
        links = {"self": field.get_self_url(row), "related": field.get_related_url(row)}
        return absolute({name: link for name, link in links.items() if link}, url)

    def _nothing(self) -> Linkage:
        return [] if self.many else None


@lru_cache(maxsize=256)
def _declared(owner: SchemaClass, name: str) -> SchemaClass | None:
    """Give the schema that a relationship leads to; asking the field makes an instance of it, so it is asked once."""
    try:
        found: SchemaClass = fresh(owner).fields[name].schema.__class__
    except RegistryError as error:
        raise DeclarationError(f"{owner.__name__}.{name}: {error}") from error
    except ValueError:  # the field's own way to say that there is none
        return None
    return found


def held(instance: Any, attribute: str, rows: Iterable[object]) -> list[Any]:
    """Give what an attribute of each row holds: None where one that its dotted name leads across is None.

    `instance` is one of the schema of the rows.

    Raises:
        AttributeError: for a row that lacks the attribute.
    """
    return [_held(instance, row, attribute) for row in rows]


def _held(instance: Any, row: object, attribute: str) -> Any:
    names = attribute.split(".")
    value = instance.get_attribute(row, attribute, missing)
    if value is not missing:
        return value
    if any(instance.get_attribute(row, ".".join(names[:end]), missing) is None for end in range(1, len(names))):
        return None
    raise AttributeError(f"a {type(row).__name__} has no {attribute!r}, which {type(instance).__name__} needs")
