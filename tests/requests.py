"""Strategies for declarations, and for requests that keep to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import new_class
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from jsonapi_sieve import (
    AllOf,
    AnyOf,
    DeclarationError,
    Default,
    Dependent,
    Field,
    FilterSet,
    Required,
    RequiredAny,
    ToMany,
    ToOne,
)
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.names import spell
from jsonapi_sieve.operand import LikePattern
from jsonapi_sieve.operators import Arity, offered_by
from jsonapi_sieve.rules import Rule
from tests.types.constants import CONSTANTS, AnyType

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)

_CONSTANTS = dict(CONSTANTS)
_NAMES = ["id", "a", "rows_count", "src_prefix_in", "a1_b2", "not_in", "line_1"]
_PATTERNS = st.text("a%_\\é,", max_size=5).filter(lambda text: not (len(text) - len(text.rstrip("\\"))) % 2)


@dataclass(frozen=True)
class Request:
    """A request with one text and one stored value for each of some parameters, and what they mean."""

    given: dict[Parameter, Any]
    pairs: list[tuple[str, str]]
    document: dict[str, object]


def _operator_names(type_: AnyType) -> list[str]:
    return [operator.name for operator in offered_by(type_.name)]


@st.composite
def _fields(draw: st.DrawFn, type_: AnyType) -> Field[Any]:
    names = st.sampled_from(_operator_names(type_))
    operators = draw(st.none() | st.lists(names, unique=True, max_size=6))
    return Field(type_, operators=operators, bare=draw(st.none() | names))


@st.composite
def _attributes(draw: st.DrawFn) -> dict[str, object]:
    """Draw the fields of a declaration, at times two of one type and a parameter over both."""
    types_ = st.sampled_from(list(_CONSTANTS))
    attributes: dict[str, object] = {
        name: draw(_fields(draw(types_))) for name in draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=3))
    }
    if not attributes or draw(st.booleans()):
        shared = draw(types_)
        names = st.sampled_from(_operator_names(shared))
        join = draw(st.sampled_from([AnyOf, AllOf]))
        attributes |= {"src": draw(_fields(shared)), "dst": draw(_fields(shared))}
        operators = draw(st.lists(names, unique=True, min_size=1, max_size=3))
        attributes["src_or_dst"] = join("src", "dst", operators=operators, bare=draw(st.none() | names))
    return attributes


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Give the values that a parameter may be given."""
    type_ = parameter.operand.type
    constants = _PATTERNS if isinstance(type_, LikePattern) else _CONSTANTS[type_]
    if parameter.operator.arity is Arity.LIST:
        return st.lists(constants, min_size=1, max_size=4).map(lambda items: tuple(dict.fromkeys(items)))
    return constants


@st.composite
def _rules(draw: st.DrawFn, parameters: tuple[Parameter, ...]) -> Rule:
    names = st.sampled_from(parameters).map(lambda parameter: parameter.name)
    some = st.lists(names, min_size=1, max_size=3).map(tuple)
    match draw(st.integers(0, 6)):
        case 0:
            return Required(draw(names))
        case 1:
            return RequiredAny(*draw(some))
        case 2:
            return Dependent(draw(names), on=draw(some))
        case _:
            parameter = draw(st.sampled_from(parameters))
            constant = draw(values_of(parameter))
            unless = draw(some | st.just(()))
            return Default(parameter.name, draw(st.sampled_from([constant, lambda _: constant])), unless=unless)


@st.composite
def filter_sets(draw: st.DrawFn, max_rules: int = 3) -> FilterSet:
    """Draw a declaration of up to six fields, with all types, all operators and random rules."""
    return draw(_ruled(draw(_attributes()), {"camel": draw(st.booleans())}, max_rules))


@st.composite
def related_sets(draw: st.DrawFn, max_rules: int = 3) -> FilterSet:
    """Draw a declaration with groups and two relationships, one of which leads on to other rows."""
    far = draw(_attributes())
    near = draw(_attributes()) | {"next_one": draw(_RELATIONSHIPS)(_class_of(far, {}))}
    related = {"to_one": ToOne(_class_of(draw(_attributes()), {})), "to_many": ToMany(_class_of(near, {}))}
    return draw(_ruled(draw(_attributes()) | related, {"camel": draw(st.booleans()), "groups": True}, max_rules))


_RELATIONSHIPS = st.sampled_from([ToOne, ToMany])


def _class_of(attributes: dict[str, object], options: dict[str, bool]) -> Any:
    try:
        made = new_class("Fields", (FilterSet,), options, lambda space: space.update(attributes))
        made()
    except DeclarationError:  # two parameters of one name
        reject()
    return made


@st.composite
def _ruled(draw: st.DrawFn, attributes: dict[str, object], options: dict[str, bool], max_rules: int) -> FilterSet:
    fields = _class_of(attributes, options)
    parameters = fields().parameters
    rules = draw(st.lists(_rules(parameters), max_size=max_rules)) if parameters else []
    ruled: Any = new_class("Ruled", (fields,), {}, lambda space: space.update(rules=rules))
    try:
        filters: FilterSet = ruled()
    except DeclarationError:  # two defaults of one parameter
        reject()
    return filters


def spellings_of(filters: FilterSet, parameter: Parameter) -> list[str]:
    """Give keys that all mean one parameter."""
    names = [parameter.name]
    if parameter.operator in parameter.field.operators:
        names.append(parameter.full_name)
    spellings = [name for name in names for name in (name, spell(name, "dash"), name.replace("_", "-", 1))]
    if filters._declaration.by_key.get(f"filter[{spell(parameter.name, 'camel')}]") is parameter:
        spellings.append(spell(parameter.name, "camel"))
    return [f"filter[{spelling}]" for spelling in spellings]


@st.composite
def requests_of(draw: st.DrawFn, filters: FilterSet) -> Request:
    """Draw a request of up to five filters in any order, each spelled in any of its ways."""
    some = st.lists(st.sampled_from(filters.parameters), unique=True, max_size=5) if filters.parameters else st.just([])
    given = {parameter: draw(values_of(parameter)) for parameter in draw(some)}
    pairs = [
        (draw(st.sampled_from(spellings_of(filters, parameter))), parameter.operand.render(value))
        for parameter, value in given.items()
    ]
    document = {parameter.name: parameter.operand.dump(value) for parameter, value in given.items()}
    return Request(given, pairs, document)
