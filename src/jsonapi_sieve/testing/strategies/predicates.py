"""Predicates over a declaration, drawn at random: most small, with constants near what rows hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.predicate import FALSE, TRUE, And, Not, Or, Predicate, Related
from jsonapi_sieve.relationship import Declares
from jsonapi_sieve.testing.strategies.rows import rows as rows_of
from jsonapi_sieve.testing.strategies.vocabulary import Values, Vocabulary

__all__ = ["Case", "cases", "predicates", "trees"]

# Often a small one, for in a large one little shows.
_DEPTHS = st.sampled_from([0, 0, 0, 1, 2, 5])
_MEMBERS = st.integers(0, 3)


def predicates(
    filters: FilterSet | type[Declares],
    rows: Iterable[Any] = (),
    *,
    declared: bool = False,
    values: Values | None = None,
) -> st.SearchStrategy[Predicate]:
    """Give predicates over a declaration: comparisons, joined by AND, OR and NOT, of related rows too.

    Most constants lie near what `rows` hold, in ways that engines are apt to read differently; others are edges of the
    types, wildcards, and what no column can hold. Comparisons are made by every operator that a field's type has; with
    `declared=True` only by those that the field opens to clients. `values` has strategies for the constants of fields,
    by their names, or of one operator by both (`name_cont`).

    >>> from hypothesis import given, settings
    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> from jsonapi_sieve.backends.python import compile_python
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> calls = [{"duration": 60}, {"duration": None}]
    >>> @settings(max_examples=10, database=None)
    ... @given(predicates(CallFilters(), calls))
    ... def test_that_no_row_passes_both_a_predicate_and_its_negation(predicate):
    ...     passing, others = compile_python(predicate).select(calls), compile_python(~predicate).select(calls)
    ...     assert not [call for call in passing if call in others]
    >>> test_that_no_row_passes_both_a_predicate_and_its_negation()

    Raises:
        TypeError: for a value type of your own that has no method `strategy()`.
    """
    return trees(Vocabulary(filters, rows, values or {}, declared=declared))


class Case(NamedTuple):
    """A predicate, and rows to run it on."""

    predicate: Predicate
    rows: list[dict[str, Any]]


@st.composite
def cases(
    draw: st.DrawFn,
    filters: FilterSet | type[Declares],
    *,
    min_size: int = 0,
    max_size: int = 8,
    key: str = "id",
    declared: bool = False,
    values: Values | None = None,
) -> Case:
    """Draw rows, and a predicate whose constants lie near what they hold; arguments are those of both.

    >>> from hypothesis import given, settings
    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> from jsonapi_sieve.testing import assert_same_rows
    >>> class CallFilters(FilterSet):
    ...     number = Field(types.Text(), nullable=True)
    >>> @settings(max_examples=10, database=None, deadline=None)
    ... @given(cases(CallFilters()))
    ... def test_filters(case):
    ...     assert_same_rows(*case, engines=["sqlite"])
    >>> test_filters()
    """
    drawn = draw(rows_of(filters, min_size=min_size, max_size=max_size, key=key, values=values))
    return Case(draw(predicates(filters, drawn, declared=declared, values=values)), drawn)


@st.composite
def _comparisons(draw: st.DrawFn, vocabulary: Vocabulary) -> Predicate:
    field = draw(vocabulary.compared)
    operator = draw(vocabulary.operators(field))
    made: Predicate = field.compare(operator.name, draw(vocabulary.operands(field, operator)))
    return made


@st.composite
def trees(draw: st.DrawFn, vocabulary: Vocabulary) -> Predicate:
    """Draw a tree over comparisons, perhaps of related rows."""
    return draw(_trees(vocabulary, draw(_DEPTHS)))


@st.composite
def _trees(draw: st.DrawFn, vocabulary: Vocabulary, depth: int) -> Predicate:
    form = draw(vocabulary.forms) if depth else "comparison"
    match form:
        case "comparison":
            return draw(_comparisons(vocabulary) if vocabulary.fields else _CONSTANTS)
        case "not":
            return Not(draw(_trees(vocabulary, depth - 1)))
        case "related":
            relationship = draw(vocabulary.followed)
            return Related(relationship, draw(_trees(vocabulary.through(relationship), depth - 1)))
        case _:
            members = [draw(_trees(vocabulary, depth - 1)) for _ in range(draw(_MEMBERS))]
            return And(*members) if form == "and" else Or(*members)


_CONSTANTS: st.SearchStrategy[Predicate] = st.sampled_from([TRUE, FALSE])
