"""Schemas at random: fields of all kinds, hooks, relationships, links, and what applications override."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_UP
from functools import cache, partial
from typing import Any, Final, NamedTuple, TypeAlias

import marshmallow as ma
from hypothesis import assume
from hypothesis import strategies as st
from marshmallow import missing, post_dump, pre_dump
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi import fields as package_fields

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.serialization import StoredFilters, Typed
from tests.serialization.compiled.values import Colour

__all__ = ["NAMES", "Draw", "Made", "chance", "pick", "schemas"]

# package_fields has all of marshmallow's; those whose constructors have no annotations are taken as they are.
fields: Any = package_fields

# The first is what every schema has; a dictionary has methods by some names, and a row of SQLAlchemy by others.
NAMES: Final = ("id", "name", "status", "items", "count", "class", "a b", "é", "ﬁ", "owner", "created_at", "_x")

# marshmallow 4 has another name for it.
MANY: Final[Any] = {"pass_many" if "pass_many" in inspect.signature(post_dump).parameters else "pass_collection": True}


class CallFilters(FilterSet):
    duration = Field(types.Integer(32))


class Shouted(fields.Str):  # type: ignore[misc]
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return missing if value == "" else f"{value}!"


class Doubled(fields.Integer):  # type: ignore[misc]
    def _format_num(self, value: Any) -> Any:
        return 2 * int(value)


class Chosen(fields.Str):  # type: ignore[misc]
    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = missing) -> Any:
        return super().get_value(obj, "name", accessor, default)


class Attributed(fields.Raw):  # type: ignore[misc]
    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        return attr, type(obj).__name__


class OwnerSchema(ma.Schema):
    id = fields.Int()
    name = fields.Str(dump_default="nobody")


class PersonSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "people"
        register = False


PERSON: Final[Any] = PersonSchema


# Ways to make a field, by the kind of values that it is made for.
MAKERS: Final[Mapping[str, list[Callable[..., Any]]]] = {
    "text": [
        *(fields.Str, fields.Email, fields.Url, fields.Raw, Shouted),
        *(partial(fields.Constant, "fixed"), partial(fields.Constant, None), partial(fields.Method, "spelled")),
        *(partial(fields.Function, lambda row: type(row).__name__), partial(fields.Function, len)),
        *(partial(Typed, types.Text()), partial(Typed, types.Enum("red", "text"))),
    ],
    "number": [
        *(fields.Int, partial(fields.Int, strict=True), partial(fields.Int, as_string=True), Doubled),
        *(fields.Float, partial(fields.Float, allow_nan=True), partial(fields.Float, as_string=True)),
        *(fields.Decimal, partial(fields.Decimal, 1, ROUND_UP), partial(fields.Decimal, as_string=True)),
        *(partial(fields.Decimal, allow_nan=True), partial(fields.Decimal, 0, ROUND_DOWN, as_string=True)),
        *(partial(Typed, types.Integer(16)), partial(Typed, types.Decimal()), partial(Typed, types.Float())),
        partial(Typed, types.Decimal(exact=False)),
    ],
    "truth": [
        *(fields.Bool, partial(fields.Bool, truthy={"yes", 1}, falsy={"off"}), partial(fields.Bool, falsy={1})),
        partial(Typed, types.Boolean()),
    ],
    "moment": [
        *(fields.DateTime, partial(fields.DateTime, "rfc"), partial(fields.DateTime, "timestamp")),
        *(partial(fields.DateTime, "%d/%m/%Y"), fields.NaiveDateTime, partial(fields.AwareDateTime, "timestamp_ms")),
        *(partial(Typed, types.Timestamp(digits=3)), partial(Typed, types.Timestamp(zone="UTC"))),
    ],
    "date": [fields.Date, partial(fields.Date, "%Y"), partial(Typed, types.Date())],
    "time": [fields.Time, partial(fields.Time, "%H")],
    "interval": [fields.TimeDelta, partial(fields.TimeDelta, "milliseconds")],
    "uuid": [fields.UUID, partial(Typed, types.Uuid())],
    "address": [
        fields.IP,
        partial(fields.IP, exploded=True),
        fields.IPv4,
        fields.IPv6,
        partial(Typed, types.Address()),
    ],
    "interface": [fields.IPInterface, fields.IPv4Interface, partial(fields.IPv6Interface, exploded=True)],
    "colour": [
        *(partial(fields.Enum, Colour), partial(fields.Enum, Colour, by_value=True)),
        *(partial(fields.Enum, Colour, by_value=fields.Raw), partial(Typed, types.Enum(Colour))),
    ],
    "list": [
        *(partial(fields.List, fields.Str()), partial(fields.List, fields.List(fields.Int())), fields.Raw),
        *(partial(fields.List, fields.Nested(OwnerSchema)), partial(fields.Tuple, (fields.Int(), fields.Str()))),
    ],
    "dict": [
        *(fields.Dict, partial(fields.Dict, keys=fields.Str(), values=fields.Int())),
        *(partial(fields.Dict, values=Shouted()), partial(StoredFilters, CallFilters())),
    ],
    "owner": [
        *(partial(fields.Nested, OwnerSchema), partial(fields.Nested, OwnerSchema, only=("id",)), Chosen, Attributed),
        *(partial(fields.Nested, PersonSchema), partial(fields.Pluck, OwnerSchema, "name")),
    ],
    "owners": [partial(fields.Nested, OwnerSchema, many=True), partial(fields.Pluck, OwnerSchema, "id", many=True)],
}
KINDS: Final = [(make, good) for good, makers in MAKERS.items() for make in makers]

TEMPLATES: Final = [
    "/x/{id}",
    "/x/{id}/{name}'\"\\",
    "/{{x}}/{id}",
    "{id}",
    "/{id:>5}",
    "/{id!r}",
    "/{0}",
    "/{id",
    "",
    None,
    "/é",
]
PARAMETERS: Final = [
    "<id>",
    "<id>",
    "<id>",
    " <name> ",
    "<owner.id>",
    "<a.b>",
    "<nothing>",
    "constant/?",
    7,
    None,
    "<>",
]


Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

# To make a strategy takes longer than to draw from it.
_below = cache(partial(st.integers, 0))


def pick(draw: Draw, choices: Sequence[Any]) -> Any:
    """Draw one of some things; the simplest is the first."""
    return choices[draw(_below(len(choices) - 1))]


def chance(draw: Draw, times: int) -> bool:
    """Draw what is so once in so many times."""
    return bool(draw(_below(times - 1)) == times - 1)


def _template(draw: Draw) -> tuple[Any, Any]:
    """Draw a template, mostly a good one, and its parameters."""
    if not chance(draw, 3):
        return "/people/{id}/it", {"id": "<id>"}
    parameters = {name: pick(draw, PARAMETERS) for name in ("id", "name") if chance(draw, 2)}
    return pick(draw, TEMPLATES), None if chance(draw, 5) else parameters


def _options(draw: Draw) -> dict[str, Any]:
    """Draw options that every field takes, few of them."""
    match draw(_below(23)):
        case 20:
            return {"data_key": pick(draw, ("shown", "a.b", "x-y", "id"))}
        case 21:
            return {"attribute": pick(draw, (*NAMES, "a.b", "owner.id", ""))}
        case 22:
            return {"dump_default": pick(draw, (None, "12", 5, dict, lambda: "made"))}
        case 23:
            return {pick(draw, ("load_only", "dump_only")): True}
        case _:
            return {}


def _relationship(draw: Draw) -> Any:
    self_url, self_parameters = _template(draw)
    related_url, related_parameters = _template(draw)
    return fields.Relationship(
        related_url,
        related_parameters,
        self_url=self_url,
        self_url_kwargs=self_parameters,
        include_resource_linkage=chance(draw, 2),
        many=chance(draw, 2),
        type_="people",
        schema=pick(draw, (None, PersonSchema, PERSON())),
        id_field=pick(draw, (None, None, "name")),
        **_options(draw),
    )


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _spelled(self: Any, row: Any) -> str:
    return f"{type(row).__name__} in {type(self).__name__}"


def _marked(self: Any, data: Any, *rest: Any, **options: Any) -> Any:
    return {**data, "marked": len(rest)} if isinstance(data, dict) else data


def _shouted(self: Any, text: str) -> str:
    return text.upper()


def _read(self: Any, obj: Any, attr: str, default: Any) -> Any:
    return default if attr == "status" else ma.utils.get_value(obj, attr, default)


def _item(self: Any, item: Any) -> Any:
    return {"type": "own", "of": list(item)}


def _links(self: Any, item: Any) -> Any:
    return {"of": str(len(item))}


def _wrapped(self: Any, data: Any, many: bool) -> Any:
    return {"data": data, "jsonapi": {"version": "1.1"}}


OVERRIDES: Final[list[Mapping[str, Any]]] = [
    {"mark": post_dump(_marked)},
    {"mark": post_dump(pass_original=True)(_marked)},
    {"mark": post_dump(**MANY)(_marked)},
    {"mark": pre_dump(_marked)},
    {"get_attribute": _read},
    {"format_item": _item},
    {"get_resource_links": _links},
    {"wrap_response": _wrapped},
    {"inflect": _shouted},
]


class Made(NamedTuple):
    """A class of schemas, options for its instances, and what kind of values each of its attributes is made for."""

    cls: type[Schema]
    options: Mapping[str, Any]
    goods: Mapping[str, str]

    def instance(self) -> Any:
        """Make an instance."""
        return self.cls(**self.options)


_Fields: TypeAlias = dict[str, Any]


@st.composite
def schemas(draw: st.DrawFn) -> Made:
    """Draw a schema that marshmallow takes."""
    goods: dict[str, str] = {}
    declared: _Fields = {}
    first = draw(_below(len(NAMES) - 1))
    for name in (*NAMES[first:], *NAMES[:first]):
        if name == "id":
            declared[name], good = pick(draw, (fields.Str, fields.Str, fields.Int, fields.Raw, fields.UUID))(), "number"
        elif not chance(draw, 3):
            continue
        elif chance(draw, 5):
            declared[name], good = _relationship(draw), pick(draw, ("owner", "owners", "number"))
        else:
            make, good = pick(draw, KINDS)
            declared[name] = make(**_options(draw))
        goods[declared[name].attribute or name] = good
    if chance(draw, 20):
        declared["about"], goods["about"] = pick(draw, (fields.DocumentMeta, fields.ResourceMeta))(), "dict"
    made = Made(_class(declared, _meta(draw), _override(draw)), _instance_options(draw, declared), goods)
    assume(_is_taken(made))
    return made


def _is_taken(made: Made) -> bool:
    try:
        made.cls(), made.instance()
    except ValueError:
        # Two fields are shown by one name, or something is left out that a schema needs.
        return False
    return True


def _class(declared: _Fields, meta: Mapping[str, Any], override: Mapping[str, Any]) -> type[Schema]:
    namespace = {**declared, "spelled": _spelled, **override, "Meta": type("Meta", (), dict(meta))}
    return type("RandomSchema", (Schema,), namespace)


def _override(draw: Draw) -> Mapping[str, Any]:
    return pick(draw, OVERRIDES) if chance(draw, 5) else {}


def _meta(draw: Draw) -> dict[str, Any]:
    meta: dict[str, Any] = {"type_": pick(draw, ("calls", "call's")), "register": False}
    if chance(draw, 2):
        meta["inflect"] = _dashed
    if chance(draw, 2):
        meta["self_url"], meta["self_url_kwargs"] = _template(draw)
    if chance(draw, 2):
        meta["self_url_many"] = pick(draw, ("/people", "", "/{id}"))
    return meta


def _instance_options(draw: Draw, declared: _Fields) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if chance(draw, 4):
        chosen = tuple(name for name in declared if name != "id" and chance(draw, 2))
        options.update(pick(draw, ({"only": ("id", *chosen)}, {"exclude": chosen})))
    if chance(draw, 4):
        options["many"] = True
    relationships = tuple(name for name, field in declared.items() if isinstance(field, fields.Relationship))
    if relationships and chance(draw, 10):
        options["include_data"] = relationships
    return options
