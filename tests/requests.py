"""Strategies for requests that keep to a declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from jsonapi_sieve import FilterSet
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.names import spell
from jsonapi_sieve.testing.strategies import queries
from jsonapi_sieve.testing.strategies.declarations import declarations, values_of

__all__ = ["NOW", "Request", "filter_sets", "related_sets", "requests_of", "spellings_of", "values_of"]

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)


@dataclass(frozen=True)
class Request:
    """A request with one text and one stored value for each of some parameters, and what they mean."""

    given: dict[Parameter, Any]
    pairs: list[tuple[str, str]]
    document: dict[str, object]


def filter_sets(max_rules: int = 3) -> st.SearchStrategy[FilterSet]:
    return declarations(max_rules=max_rules)


def related_sets(max_rules: int = 3) -> st.SearchStrategy[FilterSet]:
    return declarations(max_rules=max_rules, relationships=True)


def spellings_of(filters: FilterSet, parameter: Parameter) -> list[str]:
    """Give keys that all mean one parameter, in camel case too where that is open."""
    camel = f"filter[{spell(parameter.name, 'camel')}]"
    return [*queries.spellings_of(parameter), *([camel] if filters._declaration.by_key.get(camel) is parameter else [])]


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
