"""`ResourceSchema`: what a marshmallow-jsonapi schema says of one resource type, and resource objects from rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import BaseRelationship, DocumentMeta, ResourceMeta

from jsonapi_sieve.document import Link, Linkage
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.names import is_member_name
from jsonapi_sieve.query import EVERYWHERE, Reach
from jsonapi_sieve.serialization.relations import Relation
from jsonapi_sieve.serialization.resource_objects import add_linkage, arranged, reached
from jsonapi_sieve.serialization.stock import SchemaClass, fresh, member_of

__all__ = ["ResourceSchema", "Tree", "tree_of"]

Tree: TypeAlias = dict[str, "Tree"]
"""Paths of relationships, each name with what follows it."""

_ALL_FIELDS: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


class ResourceSchema:
    """A schema, read once. Immutable and safe to share between threads, for each call makes an instance of its own.

    `type` is the resource type. `attributes` leads from the names in documents to those of the rows' attributes,
    `relationships` from the names in documents to what is known of each, and `members` from all of them to names.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     rows_count = fields.Int()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    ...         inflect = lambda name: name.replace("_", "-")
    ...         self_url = "/calls/{id}"
    ...         self_url_kwargs = {"id": "<id>"}
    >>> calls = ResourceSchema(CallSchema)
    >>> dict(calls.members)
    {'rows-count': 'rows_count'}
    >>> calls.dump([{"id": 8, "rows_count": None}], url="https://example.org/calls?sort=id")
    [{'id': '8', 'type': 'calls', 'links': {'self': 'https://example.org/calls/8'}, 'attributes': {'rows-count': None}}]

    Raises:
        DeclarationError: for a schema that gives no valid resource objects (JSON:API 1.1, "Resource Objects").
    """

    __slots__ = ("_by_name", "attributes", "members", "relationships", "schema", "type")

    schema: SchemaClass
    type: str
    attributes: Mapping[str, str]
    relationships: Mapping[str, Relation]
    members: Mapping[str, str]

    def __init__(self, schema: SchemaClass) -> None:
        instance = _instance(schema)
        self.schema = schema
        self.type = _checked(schema, "type", instance.opts.type_)
        attributes: dict[str, str] = {}
        relationships: dict[str, Relation] = {}
        for name, field in _shown(instance):
            member = _checked(schema, "member", member_of(instance, name))
            if member in ("id", "type") or member in attributes or member in relationships:
                raise DeclarationError(
                    f"{schema.__name__}.{name}: there is one {member!r} in a resource object already"
                )
            if isinstance(field, BaseRelationship):
                relationships[member] = _relation(schema, field, member)
            else:
                attributes[member] = field.attribute or name
        _check_sent(schema, instance)
        self.attributes = MappingProxyType(attributes)
        self.relationships = MappingProxyType(relationships)
        self.members = MappingProxyType(attributes | {member: of.name for member, of in relationships.items()})
        self._by_name = {relation.name: relation for relation in relationships.values()}

    def __repr__(self) -> str:
        return f"ResourceSchema({self.schema.__name__})"

    def relation(self, name: str) -> Relation | None:
        """Give the relationship of a name of the schema's; None where there is none."""
        return self._by_name.get(name)

    def related(self, name: str) -> tuple[Relation, ResourceSchema]:
        """Give the relationship of a name of the schema's, and the schema that it leads to.

        Raises:
            KeyError: for a name that is no relationship with a schema.
        """
        relation = self.relation(name)
        declared = None if relation is None else relation.schema
        if relation is None or declared is None:
            raise KeyError(f"{self!r} has no relationship {name!r} with a schema")
        return relation, _read(declared)

    def dump(
        self, rows: Iterable[object], *, url: str, members: Collection[str] | None = None
    ) -> list[dict[str, object]]:
        """Make the resource objects of rows, each what the schema's own `dump` gives.

        Their members stand in the order of the specification's examples. `url` is what the client asked for; links that
        begin with one slash get its scheme and host. `members` names the attributes and relationships that are shown,
        all without it; whole rows are dumped all the same, so that the schema's hooks see whole objects.

        Raises:
            ValueError: for a row without an identifier.
        """
        document = fresh(self.schema).dump(list(rows), many=True)
        return [arranged(resource, url, members) for resource in document["data"]]

    def self_link(self, row: object, *, url: str) -> str | None:
        """Give the link of a row's resource to itself, as `dump` does; None where the schema makes none."""
        [resource] = self.dump([row], url=url, members=())
        match resource:
            case {"links": {"self": str(link) | Link(href=link) | {"href": str(link)}}}:
                return link
            case _:
                return None

    def linkage(self, row: object, name: str) -> Linkage:
        """Give what a relationship of a row leads to: the resource's identifier or None, or a list of them.

        Raises:
            KeyError: for a name that is no relationship of the schema's.
            AttributeError: for a row that lacks the attribute that the linkage is read from.
        """
        return self._by_name[name].linkages(fresh(self.schema), [row])[0]

    def identifiers(self, row: object, name: str) -> list[str]:
        """Give the identifiers of what a relationship of a row leads to, whether it can be one or several.

        Raises:
            KeyError: for a name that is no relationship of the schema's.
            AttributeError: for a row that lacks the attribute that the linkage is read from.
        """
        match self.linkage(row, name):
            case None:
                return []
            case list(several):
                return [each["id"] for each in several]
            case one:
                return [one["id"]]

    def relationship_links(self, row: object, name: str, *, url: str) -> dict[str, str]:
        """Give the links of a relationship of a row, `self` and `related`, those that are declared.

        Raises:
            KeyError: for a name that is no relationship of the schema's.
        """
        return self._by_name[name].links(row, url)

    def include(
        self,
        data: Iterable[dict[str, object]],
        rows: Iterable[object],
        paths: Iterable[str],
        *,
        url: str,
        fields: Mapping[str, Collection[str]] = _ALL_FIELDS,
        reach: Mapping[str, Reach] = EVERYWHERE,
    ) -> list[dict[str, object]]:
        """Make the resource objects that paths of relationships lead to from rows, whose own are `data`.

        A path is made of names, such as "account.owner". The related rows are those that the attributes of these names
        hold. `data`, and what is included, get the linkage of what is included with them (JSON:API 1.1, "Compound
        Documents"), but for relationships that `fields`, by type the members to show, leaves out. Each resource is
        there once, and none that is in `data`. `reach` tells of relationships of `data`, by name, which related
        resources the client sees: no others are linked or included.

        Raises:
            KeyError: for a path that is not one of relationships with schemas.
            AttributeError: for a row that lacks the attribute of a relationship.
        """
        inclusion = _Inclusion(url, fields)
        primary = inclusion.take(zip(rows, data, strict=True))
        inclusion.follow(self, primary, tree_of(paths), reach)
        return [resource for _, resource in list(inclusion.known.values())[len(primary) :]]


def _instance(schema: object) -> Any:
    if not (isinstance(schema, type) and issubclass(schema, Schema)):
        raise DeclarationError(f"a class of marshmallow_jsonapi.Schema is needed, not {schema!r}")
    try:
        return fresh(schema)
    except ValueError as error:
        raise DeclarationError(f"{schema.__name__}: {error}") from error


def _shown(instance: Any) -> Iterator[tuple[str, Any]]:
    """Give the fields that stand among a resource object's attributes and relationships."""
    for name, field in instance.dump_fields.items():
        if isinstance(field, DocumentMeta):
            raise DeclarationError(
                f"{type(instance).__name__}.{name}: a row cannot say what the meta of a document is; give it where the"
                " document is made"
            )
        if name != "id" and not isinstance(field, ResourceMeta):
            yield name, field


def _check_sent(schema: SchemaClass, instance: Any) -> None:
    """Check the names by which clients send what they may; what is only shown can have the same."""
    if "id" not in instance.dump_fields:
        raise DeclarationError(f"{schema.__name__}.id: every resource shows its id, and it is load_only")
    sent = {"id", "type"}
    for name, field in instance.load_fields.items():
        if name != "id" and not isinstance(field, ResourceMeta):
            member = _checked(schema, "member", member_of(instance, name))
            if member in sent:
                raise DeclarationError(
                    f"{schema.__name__}.{name}: there is one {member!r} in a resource object already"
                )
            sent.add(member)


def _checked(schema: SchemaClass, what: str, name: object) -> str:
    if not isinstance(name, str) or not is_member_name(name):
        raise DeclarationError(
            f"{schema.__name__}: {name!r} is no {what} name: use letters and digits, with dashes, underscores or blanks"
            " between them"
        )
    return name


def _relation(schema: SchemaClass, field: Any, member: str) -> Relation:
    if getattr(field, "type_", None) is None:
        raise DeclarationError(f"{schema.__name__}.{field.name}: a relationship says what it leads to; give type_=")
    _checked(schema, "type", field.type_)
    return Relation(schema, field, member)


class _Shown(NamedTuple):
    """A row, and the resource object that shows it."""

    row: object
    resource: dict[str, object]


class _Inclusion:
    """Gathers the resources of one compound document: `known`, in the order in which they were found."""

    def __init__(self, url: str, fields: Mapping[str, Collection[str]]) -> None:
        self.known: dict[tuple[object, object], _Shown] = {}
        self._url = url
        self._fields = fields

    def take(self, found: Iterable[tuple[object, dict[str, object]]]) -> list[_Shown]:
        """Take rows and their resource objects; of several rows that are one resource, the first ever taken stays."""
        taken: dict[tuple[object, object], _Shown] = {}
        for row, resource in found:
            key = resource["type"], resource["id"]
            taken[key] = self.known.setdefault(key, _Shown(row, resource))
        return list(taken.values())

    def follow(self, schema: ResourceSchema, shown: list[_Shown], tree: Tree, reach: Mapping[str, Reach]) -> None:
        """Add what the relationships of a tree lead to from resources of a schema."""
        instance = fresh(schema.schema) if tree else None
        for name, below in tree.items():
            relation, related_schema = schema.related(name)
            rows = [row for row, _ in shown]
            if relation.member in self._fields.get(schema.type, schema.members):
                linkages = reached(relation.linkages(instance, rows), reach.get(name))
                for (_, resource), linkage in zip(shown, linkages, strict=True):
                    add_linkage(resource, relation.member, linkage)
            related = relation.related(instance, rows)
            members = self._fields.get(related_schema.type)
            resources = related_schema.dump(related, url=self._url, members=members)
            found = list(zip(related, resources, strict=True))
            if name in reach:
                seen = reach[name](frozenset(str(resource["id"]) for resource in resources))
                found = [(row, resource) for row, resource in found if resource["id"] in seen]
            self.follow(related_schema, self.take(found), below, EVERYWHERE)


def tree_of(paths: Iterable[str]) -> Tree:
    """Join paths where they begin alike.

    >>> tree_of(["account.owner", "account"])
    {'account': {'owner': {}}}
    """
    tree: Tree = {}
    for path in paths:
        below = tree
        for name in path.split("."):
            below = below.setdefault(name, {})
    return tree


_read = lru_cache(maxsize=256)(ResourceSchema)
