"""What a schema's documents may include: the paths of relationships, and the schemas that they lead to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.serialization.relations import Relation
from jsonapi_sieve.serialization.schemas import ResourceSchema

__all__ = ["Includable"]


class Includable:
    """The relationships of a schema that clients may include, named as "account" or "account.owner".

    `paths` leads from a path as documents spell it to the same path in names, `schemas` from each type of resources in
    the documents to its schema, `types` to its members and their attributes, and `leading` from an included type to the
    paths that lead to it.

    Raises:
        DeclarationError: for a relationship that does not exist, or has no schema, or one of another type; and for two
            schemas of one type.
    """

    __slots__ = ("leading", "paths", "schemas")

    paths: dict[str, str]
    schemas: dict[str, ResourceSchema]
    leading: dict[str, list[str]]

    def __init__(self, schema: ResourceSchema, include: Collection[str]) -> None:
        if isinstance(include, str):
            raise DeclarationError(f"include= takes a collection of names; write include=({include!r},)")
        self.schemas = {schema.type: schema}
        self.paths = {}
        self.leading = {}
        for path in include:
            self._follow(schema, path)
        self.leading.pop(schema.type, None)

    @property
    def types(self) -> dict[str, Mapping[str, str]]:
        """The members of each type of resources in the documents, and the names of their attributes."""
        return {type_: schema.members for type_, schema in self.schemas.items()}

    def _follow(self, schema: ResourceSchema, path: str) -> None:
        members: list[str] = []
        names: list[str] = []
        for name in path.split("."):
            relation = schema.relation(name)
            if relation is None:
                raise DeclarationError(f"include {path!r}: {schema.type} has no relationship {name!r}")
            schema = self._related(relation, path)
            members.append(relation.member)
            names.append(name)
            self.leading.setdefault(schema.type, []).append(".".join(names))
        self.paths[".".join(members)] = path

    def _related(self, relation: Relation, path: str) -> ResourceSchema:
        """Give the schema that a relationship leads to, which is the only one of its type."""
        if relation.schema is None:
            raise DeclarationError(f"include {path!r}: the relationship {relation.name!r} has no schema")
        schema = ResourceSchema(relation.schema)
        if schema.type != relation.type:
            raise DeclarationError(
                f"include {path!r}: the relationship leads to {relation.type!r}, its schema is of {schema.type!r}"
            )
        known = self.schemas.setdefault(schema.type, schema)
        if known.schema is not schema.schema:
            raise DeclarationError(f"include {path!r}: {known!r} and {schema!r} are both of {schema.type!r}")
        return known
