"""What a schema says of a resource that a client wants to create: its values, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from marshmallow import ValidationError
from marshmallow_jsonapi.fields import BaseRelationship, DocumentMeta, ResourceMeta

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.document import NewResource
from jsonapi_sieve.document.places import ROOT, Faults, Path, Place, deepest, path_of
from jsonapi_sieve.errors import ErrorObject
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.name_lists import MOST_EXPLAINED
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import shown
from jsonapi_sieve.serialization.fields import VISIBLE, Fault, StoredFilters
from jsonapi_sieve.serialization.messages import messages_of
from jsonapi_sieve.serialization.schemas import ResourceSchema
from jsonapi_sieve.serialization.stock import fresh, member_of

__all__ = ["Related", "load"]

Related: TypeAlias = Mapping[str, Callable[[str], object | None]]
"""For each relationship of a schema, what finds a related resource by its identifier, or None for this client."""

_Part: TypeAlias = Literal["attributes", "relationships"]

_DATA: Final = ROOT.member("data")
_DEFAULT_LIMITS: Final = Limits()


def load(
    schema: ResourceSchema,
    resource: NewResource,
    *,
    related: Related,
    visible: Visible | None = None,
    limits: Limits = _DEFAULT_LIMITS,
) -> dict[str, Any]:
    """Read the values of a resource that is to be created.

    The schema's own `load` reads them, with its hooks and validators, and they are what it gives; but the value of a
    relationship, under its name, is what its function in `related` finds. A resource that the function does not find
    does not exist, as far as this client is concerned. `limits.list_items` binds what the arrays and objects of an
    attribute hold, all together; stored filters have budgets of their own.

    `visible` says of the name of an attribute of rows, or of a relationship, whether this client may see it. A member
    that it hides is an unknown one, and none that the client has to send; stored filters ask it too. Hooks and defaults
    of the schema give hidden members as ever.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     duration = fields.Int(required=True)
    ...     account = fields.Relationship(attribute="account_id", type_="accounts")
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> resource = NewResource("calls", None, {"duration": 60}, {"account": {"type": "accounts", "id": "7"}})
    >>> load(ResourceSchema(CallSchema), resource, related={"account": {"7": "the account"}.get})
    {'duration': 60, 'account': 'the account'}

    Raises:
        QueryErrors: for another type (409) and an identifier that the client chose (403); for attributes over their
            budget (422); else with all faults of attributes and relationships (422) and all related resources that are
            not found (404), a hundred at most.
        TypeError: where `related` lacks a relationship that clients may set, and for a schema whose `load` gives no
            dictionary.
    """
    _check_identity(schema, resource)
    return _Loading(schema, resource, related, limits, visible).values()


def _check_identity(schema: ResourceSchema, resource: NewResource) -> None:
    faults = Faults()
    if resource.type != schema.type:
        detail = f"{shown(resource.type)} is not the type of the resources here, which is {schema.type!r}."
        faults.add(_error("wrong-type", detail, _DATA.member("type"), 409, {"allowed": [schema.type]}))
    if resource.id is not None:
        faults.add(_error("client-id", "A new resource gets its id here; send none.", _DATA.member("id"), 403))
    faults.raise_any()


class _Member(NamedTuple):
    """A member that clients may set: its name in documents, that of its field, and its key in what the schema reads."""

    part: _Part
    member: str
    name: str
    key: str
    field: Any

    @property
    def attribute(self) -> str:
        """The name that visibility is a matter of, as in `ResourceSchema.members`."""
        return self.name if self.part == "relationships" else self.field.attribute or self.name

    @property
    def place(self) -> Place:
        return _DATA.member(self.part).member(self.member)


class _Loading:
    """Reads a resource to its end, whatever is wrong with it, and raises all its faults together."""

    def __init__(
        self,
        schema: ResourceSchema,
        resource: NewResource,
        related: Related,
        limits: Limits,
        visible: Visible | None,
    ) -> None:
        self._schema = schema
        self._related = related
        self._limits = limits
        self._visible = visible
        self._faults = Faults()
        self._empty = resource.empty
        self._sent: Mapping[_Part, Mapping[str, Any]] = {
            "attributes": resource.attributes,
            "relationships": {member: {"data": linkage} for member, linkage in resource.relationships.items()},
        }
        # Whether the schema lets clients choose identifiers or not, here they have not.
        self._instance = fresh(schema.schema, dump_only={*schema.schema.opts.dump_only, "id"})
        for field in self._instance.load_fields.values():
            # The instance has its own copies of the declared fields.
            field.deserialize = partial(_deserialize, field.deserialize)
        self._members: dict[str, _Member] = {}
        for member in _writable(self._instance):
            if is_visible_path(member.attribute, visible):
                self._members[member.key] = member
            else:
                member.field.required = False
        self._refused: set[_Member] = set()
        lacking = [member.name for member in self._of("relationships") if member.name not in related]
        if lacking:
            raise TypeError(
                f"clients may set {', '.join(lacking)}, and nothing finds what that leads to: give the related rows, or"
                " what finds them, or declare it with dump_only=True"
            )

    def values(self) -> dict[str, Any]:
        """Give the loaded values."""
        self._check_sizes()
        self._check_names("attributes", self._schema.attributes)
        self._check_names("relationships", self._schema.relationships)
        sent = [member for member in self._of("relationships") if member.member in self._sent["relationships"]]
        found = {member: self._find(member) for member in sent}
        values = self._load()
        self._faults.raise_any()
        if not isinstance(values, dict):
            raise TypeError(f"{self._schema!r} loads a {type(values).__name__}, and a dict is needed")
        for member in found:
            _take_out(values, (member.field.attribute or member.name).split("."))
        return values | {member.name: value for member, value in found.items()}

    def _of(self, part: _Part) -> list[_Member]:
        return [member for member in self._members.values() if member.part == part]

    def _check_sizes(self) -> None:
        """Refuse what is too large before the schema looks at it: for each bad item it would make an error."""
        most = self._limits.list_items
        for member in self._of("attributes"):
            value = self._sent["attributes"].get(member.member)
            if not isinstance(member.field, StoredFilters) and _holds_more(value, most):
                detail = f"{shown(member.member)} holds more than {most} items."
                pointer = member.place.pointer
                self._faults.add(self._limits.exceeded("list_items", detail, pointer, source="pointer", status=422))
        self._faults.raise_any()

    def _check_names(self, part: _Part, known: Collection[str]) -> None:
        """Refuse members that clients cannot set."""
        writable = [member.member for member in self._of(part)]
        refused = [name for name in self._sent[part] if name not in writable]
        names = self._schema.members
        shown_only = {name for name in refused if name in known and is_visible_path(names[name], self._visible)}
        unknown = [name for name in refused if name not in shown_only]
        # Looking for near names takes time, and the answer stays in proportion to the question.
        explained = unknown[:MOST_EXPLAINED]
        for name in refused:
            place = _DATA.member(part).member(name)
            if name in shown_only:
                self._add("read-only-member", f"{shown(name)} cannot be set.", place)
            else:
                detail = f"{shown(name)} is none of the {part} of {self._schema.type}"
                self._add_unknown(detail, name, writable if name in explained else [], place)

    def _add_unknown(self, detail: str, name: str, allowed: list[str], place: Place) -> None:
        near = nearest(name, allowed)
        meta: dict[str, object] = {"nearest": near} if near else {}
        meta |= {"allowed": allowed} if allowed else {}
        self._add("unknown-member", f"{detail}; did you mean {near}?" if near else f"{detail}.", place, meta)

    def _find(self, member: _Member) -> object:
        """Find what a relationship leads to. Whether it may lead to nothing is for the schema to say."""
        linkage = self._sent["relationships"][member.member]["data"]
        place = member.place.member("data")
        if linkage is None:
            return None
        many = member.field.many
        if isinstance(linkage, list) != many:
            expected = "a list of resource identifiers" if many else "one resource identifier"
            self._refuse(member, _error("invalid-relationship", f"The data is not {expected}.", place))
            return None
        if not many:
            return self._find_one(member, linkage, place, member.place)
        places = [place.member(index) for index in range(len(linkage))]
        return [self._find_one(member, each, at, at) for each, at in zip(linkage, places, strict=True)]

    def _find_one(
        self, member: _Member, identifier: Mapping[str, str], place: Place, missing_at: Place
    ) -> object | None:
        type_ = member.field.type_
        if identifier["type"] != type_:
            detail = f"{shown(identifier['type'])} is not the type that {member.member} leads to, which is {type_!r}."
            at = place.member("type")
            self._refuse(member, _error("invalid-relationship", detail, at, meta={"allowed": [type_]}))
            return None
        found = self._related[member.name](identifier["id"])
        if found is None:
            detail = f"There is no resource {shown(identifier['id'])} of the type {type_!r}."
            self._refuse(member, _error("related-not-found", detail, missing_at, 404))
        return found

    def _refuse(self, member: _Member, error: ErrorObject) -> None:
        self._refused.add(member)
        self._faults.add(error)

    def _load(self) -> Any:
        # What was refused goes along, so that hooks see nothing that their schema would not show them.
        data: dict[str, Any] = {"type": self._schema.type}
        for part in ("attributes", "relationships"):
            sent = self._sent[part]
            data[part] = {member.key: sent[member.member] for member in self._of(part) if member.member in sent}
        token = VISIBLE.set(self._visible)
        try:
            return self._instance.load({"data": data})
        except ValidationError as error:
            # The messages as they were, before marshmallow-jsonapi put pointers of its own to them.
            for path, message in messages_of(error.args[0]):
                self._tell(path, message)
        finally:
            VISIBLE.reset(token)

    def _tell(self, path: Path, message: object) -> None:
        member = self._members.get(str(path[0])) if path else None
        if member is None:
            self._add("invalid-resource", str(message), _DATA)
        elif member not in self._refused:
            self._tell_of(member, path[1:], message)

    def _tell_of(self, member: _Member, path: Path, message: object) -> None:
        within: Path = ("data",) if member.part == "relationships" else ()
        document = {"data": {part: sent for part, sent in self._sent.items() if sent or part in self._empty}}
        if isinstance(message, Fault):
            path = (*path, *path_of(message.error.at or ""))
        place, beyond = deepest(document, ("data", member.part, member.member, *within, *path))
        is_there = member.member in self._sent[member.part]
        named = beyond if is_there else (member.member, *path)
        if isinstance(message, Fault):
            detail = _named(named, message.error.detail)
            self._faults.add(message.error._replace(at=place.pointer, detail=detail))
        elif message == member.field.error_messages["required"] and not is_there:
            self._add("required-member", f"{shown(member.member)} is needed among the {member.part}.", place)
        else:
            code = "invalid-attribute" if member.part == "attributes" else "invalid-relationship"
            self._add(code, _named(named, str(message)), place)

    def _add(self, code: str, detail: str, place: Place, meta: Mapping[str, object] | None = None) -> None:
        self._faults.add(_error(code, detail, place, meta=meta))


def _named(path: Path, detail: str) -> str:
    """Name in a sentence what no pointer leads to, for the document lacks it."""
    return f"{shown('/'.join(map(str, path)))}: {detail}" if path else detail


def _deserialize(method: Callable[..., object], *args: object, **options: object) -> object:
    """Refuse a value that a field overflows at, as `NaiveDateTime` does at the first and the last day."""
    try:
        return method(*args, **options)
    except OverflowError:
        raise ValidationError("The value is out of range.") from None


def _take_out(values: dict[str, Any], names: list[str]) -> None:
    """Take out the value that names lead to, and what holds nothing without it."""
    name, *below = names
    inner = values.get(name)
    if below and isinstance(inner, dict):
        _take_out(inner, below)
    if not below or inner == {}:
        values.pop(name, None)


def _holds_more(value: object, most: int) -> bool:
    """Tell whether the arrays and objects of a JSON value hold more items than that, all together."""
    values, count = [value], 0
    while values and count <= most:
        match values.pop():
            case dict() as members:
                values += members.values()
                count += len(members)
            case list() as items:
                values += items
                count += len(items)
            case _:
                pass
    return count > most


def _writable(instance: Any) -> Iterator[_Member]:
    for name, field in instance.load_fields.items():
        if not isinstance(field, (DocumentMeta, ResourceMeta)):
            part: _Part = "relationships" if isinstance(field, BaseRelationship) else "attributes"
            yield _Member(part, member_of(instance, name), name, field.data_key or name, field)


def _error(
    code: str, detail: str, place: Place, status: int = 422, meta: Mapping[str, object] | None = None
) -> ErrorObject:
    title = code.replace("-", " ").capitalize()
    return ErrorObject(code, title, detail, place.pointer, "pointer", status, meta or {})
