"""Declarations of filters, drawn at random: of all types, with all operators, rules and relationships."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import new_class
from typing import Any, Final

from hypothesis import reject
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.field import AllOf, AnyOf, Field
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.operators import Arity, offered_by
from jsonapi_sieve.relationship import ToMany, ToOne
from jsonapi_sieve.rules import Default, Dependent, Required, RequiredAny, Rule
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.values import constants

__all__ = ["TYPES", "declarations", "values_of"]

TYPES: Final[tuple[AnyType, ...]] = (
    *[types.Integer(bits) for bits in (16, 32, 64)],
    *[types.Decimal(scale=scale) for scale in (0, 2, 12, 40)],
    types.Decimal(exact=False),
    types.Float(),
    types.Boolean(),
    types.Text(),
    types.Enum("Pending", "a,b", "é", "0"),
    types.Uuid(),
    types.Address(),
    types.Timestamp(),
    types.Timestamp(loose=True),
    types.Timestamp(digits=3),
    types.Timestamp(zone="UTC"),
    types.Date(),
)
"""Every value type of the library, with its settings."""

# Names that are easily taken apart wrongly.
_NAMES = ["id", "a", "rows_count", "src_prefix_in", "a1_b2", "not_in", "line_1"]


@st.composite
def declarations(
    draw: st.DrawFn,
    *,
    types: Sequence[AnyType] = TYPES,
    max_rules: int = 0,
    relationships: bool = False,
) -> FilterSet:
    """Draw declarations of up to six fields, some of which open a few operators only, or one that is bare.

    Fields have one of `types`; at times a parameter stands for two of them. Up to `max_rules` rules require parameters
    or give them defaults. With `relationships=True` there are two, one of which leads on, and filters have groups.

    >>> from hypothesis import given, settings
    >>> from jsonapi_sieve import types
    >>> @settings(max_examples=5, database=None)
    ... @given(declarations(types=[types.Integer(32), types.Text()]))
    ... def test_that_each_parameter_has_a_key(filters):
    ...     assert len({parameter.key for parameter in filters.parameters}) == len(filters.parameters)
    >>> test_that_each_parameter_has_a_key()
    """
    attributes = draw(_attributes(types))
    options = {"camel": draw(st.booleans())}
    if relationships:
        far, to_one, near = (draw(_attributes(types)) for _ in range(3))
        near["next_one"] = draw(_RELATIONSHIPS)(_class_of(far, {}))
        attributes |= {"to_one": ToOne(_class_of(to_one, {})), "to_many": ToMany(_class_of(near, {}))}
        options["groups"] = True
    return draw(_ruled(_class_of(attributes, options), max_rules))


_RELATIONSHIPS: st.SearchStrategy[Callable[[Any], Any]] = st.sampled_from([ToOne, ToMany])


@st.composite
def _attributes(draw: st.DrawFn, types: Sequence[AnyType]) -> dict[str, object]:
    """Draw the fields of a declaration, at times two of one type and a parameter over both."""
    types_ = st.sampled_from(types)
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


@st.composite
def _fields(draw: st.DrawFn, type_: AnyType) -> Field[Any]:
    names = st.sampled_from(_operator_names(type_))
    operators = draw(st.none() | st.lists(names, unique=True, max_size=6))
    return Field(type_, nullable=draw(st.booleans()), operators=operators, bare=draw(st.none() | names))


def _operator_names(type_: AnyType) -> list[str]:
    return [operator.name for operator in offered_by(type_.name)]


def _class_of(attributes: dict[str, object], options: dict[str, bool]) -> Any:
    try:
        made = new_class("Fields", (FilterSet,), options, lambda space: space.update(attributes))
        made()
    except DeclarationError:  # two parameters of one name
        reject()
    return made


@st.composite
def _ruled(draw: st.DrawFn, fields: Any, max_rules: int) -> FilterSet:
    parameters = fields().parameters
    rules = draw(st.lists(_rules(parameters), max_size=max_rules)) if parameters else []
    defaults = {rule.parameter: rule for rule in rules if isinstance(rule, Default)}  # of each parameter one
    kept = (*(rule for rule in rules if not isinstance(rule, Default)), *defaults.values())
    ruled: Any = new_class("Ruled", (fields,), {}, lambda space: space.update(rules=kept))
    filters: FilterSet = ruled()
    return filters


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


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Give the values that a parameter may be given."""
    drawn = constants(parameter.operand.type)
    if parameter.operator.arity is Arity.LIST:
        drawn = st.lists(drawn, min_size=1, max_size=4)
    return drawn.map(parameter.operand.accept)
