"""Query strings and orders that clients may ask for, drawn at random."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.names import spell
from jsonapi_sieve.rules import Default
from jsonapi_sieve.sorting import Order, Sort, SortKey
from jsonapi_sieve.testing.strategies.vocabulary import Values, Vocabulary

__all__ = ["orders", "query_strings", "spellings_of"]


@st.composite
def query_strings(
    draw: st.DrawFn,
    filters: FilterSet,
    rows: Iterable[Any] = (),
    *,
    max_size: int = 4,
    values: Values | None = None,
) -> str:
    """Draw query strings of filters that are understood: with any parameters, in any order and any of their spellings.

    Most constants lie near what `rows` hold, as those of `predicates` do. The parameters that rules of the declaration
    require are there, whatever `max_size`.

    >>> from hypothesis import given, settings
    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32))
    >>> filters = CallFilters()
    >>> @settings(max_examples=10, database=None)
    ... @given(query_strings(filters))
    ... def test_that_what_is_parsed_is_rendered(query_string):
    ...     predicate = filters.parse(query_string)
    ...     assert filters.parse(filters.render(predicate)) == predicate
    >>> test_that_what_is_parsed_is_rendered()

    Raises:
        TypeError: for a value type of your own that has no method `strategy()`.
    """
    vocabulary = Vocabulary(filters, rows, values or {})
    chosen = draw(st.lists(st.sampled_from(filters.parameters), unique=True, max_size=max_size))
    pairs = []
    for parameter in (*chosen, *_required(filters, chosen)):
        words = vocabulary
        for hop in parameter.path:
            words = words.through(hop.relationship)
        value = parameter.operand.accept(draw(words.operands(parameter.field, parameter.operator, 1)))
        pairs.append((draw(st.sampled_from(spellings_of(parameter))), parameter.operand.render(value)))
    return urlencode(pairs, quote_via=quote)


def _required(filters: FilterSet, chosen: list[Parameter]) -> list[Parameter]:
    """Give what the rules ask for besides what is chosen, until they ask for nothing more."""
    known = {name: each for each in filters.parameters for name in (each.full_name, each.name)}
    added: dict[Parameter, None] = {}
    for _ in filters.rules:
        for rule in filters.rules:
            if not isinstance(rule, Default):
                names = frozenset(name for each in (*chosen, *added) for name in (each.full_name, each.name))
                added |= dict.fromkeys(known[choice[0]] for choice in rule.missing(names))
    return list(added)


def spellings_of(parameter: Parameter) -> list[str]:
    """Give keys that all mean one parameter, but for those in camel case.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     src_prefix = Field(types.Text(), operators=["eq"])
    >>> spellings_of(CallFilters().parameters[0])
    ['filter[src_prefix_eq]', 'filter[src-prefix-eq]', 'filter[src-prefix_eq]']
    """
    names = [parameter.name]
    if parameter.operator in parameter.field.operators:
        names.append(parameter.full_name)
    spelled = [each for name in names for each in (name, spell(name, "dash"), name.replace("_", "-", 1))]
    return [f"filter[{name}]" for name in dict.fromkeys(spelled)]


@st.composite
def orders(draw: st.DrawFn, sort: Sort | Iterable[str], *, max_size: int | None = None) -> Order:
    """Draw orders: some of the names that clients may sort by, each ascending or descending.

    >>> from hypothesis import given, settings
    >>> from jsonapi_sieve import Sort
    >>> sort = Sort("duration", "cost")
    >>> @settings(max_examples=10, database=None)
    ... @given(orders(sort))
    ... def test_that_an_order_comes_back(order):
    ...     assert sort.parse(sort.render(order) or None) == order
    >>> test_that_an_order_comes_back()
    """
    names = sort.names if isinstance(sort, Sort) else tuple(sort)
    keys = draw(st.lists(st.sampled_from(names), unique=True, max_size=max_size))
    return tuple(SortKey(name, draw(st.booleans())) for name in keys)
