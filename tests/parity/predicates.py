"""Predicates over a dataset, drawn at random: built in code, with any constant, or as a client may ask for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias, assert_never

from hypothesis import strategies as st

from jsonapi_sieve import And, Comparison, Field, Not, Or, Predicate, Related
from jsonapi_sieve.field import Several
from jsonapi_sieve.operators import Arity, Operator, offered_by
from tests.parity.datasets import Dataset
from tests.parity.texts import PATTERNS, patterns_beside
from tests.parity.values import asked

__all__ = ["Vocabulary", "requests", "trees"]

AnyField: TypeAlias = Field[Any] | Several

_DEPTHS = st.sampled_from([0, 0, 0, 1, 2, 5])
_FORMS = st.sampled_from(["comparison", "comparison", "and", "and", "or", "or", "not"])
_RELATED = st.just("related")
_MEMBERS = st.integers(0, 3)


class Vocabulary:
    """What predicates over a dataset are made of. Strategies are kept, for they are slow to make."""

    def __init__(self, dataset: Dataset, *, related: bool = False) -> None:
        self.forms = _FORMS | _RELATED if related else _FORMS
        self.relationships = st.sampled_from(dataset.relationships)
        self._held, self._beside = dataset.held, dataset.beside
        self._operands: dict[tuple[str, bool, Arity, int], st.SearchStrategy[Any]] = {}
        self.parameters = st.lists(st.sampled_from(dataset.filters.parameters), unique=True, max_size=4)
        self.fields = st.sampled_from(dataset.fields)

    def operands(self, field: AnyField, operator: Operator, least: int) -> st.SearchStrategy[Any]:
        """Give what may stand right of an operator, lists of `least` items and more."""
        takes_pattern = operator.base.name in ("matches", "does_not_match")
        key = (field.name, takes_pattern, operator.arity, least)
        if key not in self._operands:
            constants = self._patterns(field) if takes_pattern else self._constants(field)
            self._operands[key] = _operands(operator.arity, constants, least)
        return self._operands[key]

    def _constants(self, field: AnyField) -> st.SearchStrategy[Any]:
        return _mostly(self._held[field.name], self._beside[field.name], asked(field.type))

    def _patterns(self, field: AnyField) -> st.SearchStrategy[str]:
        beside = [pattern for text in self._held[field.name] for pattern in patterns_beside(text)]
        return _mostly(beside, beside, PATTERNS)


def _mostly(held: list[Any], beside: list[Any], others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give constants that are in the rows, that lie beside those, or any others."""
    near = [st.sampled_from(constants) for constants in (held, held, beside, beside) if constants]
    # Not one_of(), which would weigh each alternative among the others as much as those.
    return st.sampled_from([*near, others]).flatmap(lambda chosen: chosen)


def _operands(arity: Arity, constants: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[Any]:
    match arity:
        case Arity.FLAG:
            return st.booleans()
        case Arity.SCALAR:
            return constants
        case Arity.LIST:
            return st.lists(constants, min_size=least, max_size=4)
        case _:
            assert_never(arity)


@lru_cache(maxsize=16)
def _offered(type_name: str) -> st.SearchStrategy[Operator]:
    return st.sampled_from(offered_by(type_name))


@st.composite
def _comparisons(draw: st.DrawFn, vocabulary: Vocabulary) -> Comparison:
    field = draw(vocabulary.fields)
    operator = draw(_offered(field.type.name))
    made: Comparison = field.compare(operator.name, draw(vocabulary.operands(field, operator, 0)))
    return made


@st.composite
def trees(draw: st.DrawFn, vocabulary: Vocabulary) -> Predicate:
    """Draw a tree over comparisons, perhaps of related rows; often a small one, for in a large one little shows."""
    return draw(_trees(vocabulary, draw(_DEPTHS)))


@st.composite
def _trees(draw: st.DrawFn, vocabulary: Vocabulary, depth: int) -> Predicate:
    form = draw(vocabulary.forms) if depth else "comparison"
    match form:
        case "comparison":
            return draw(_comparisons(vocabulary))
        case "not":
            return Not(draw(_trees(vocabulary, depth - 1)))
        case "related":
            return Related(draw(vocabulary.relationships), draw(_trees(vocabulary, depth - 1)))
        case _:
            members = [draw(_trees(vocabulary, depth - 1)) for _ in range(draw(_MEMBERS))]
            return And(*members) if form == "and" else Or(*members)


@st.composite
def requests(draw: st.DrawFn, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Draw the parameters of a request that is understood, in any order."""
    request: list[tuple[str, str]] = []
    for parameter in draw(vocabulary.parameters):
        value = draw(vocabulary.operands(parameter.field, parameter.operator, 1))
        request.append((parameter.key, parameter.operand.render(parameter.operand.accept(value))))
    return request
