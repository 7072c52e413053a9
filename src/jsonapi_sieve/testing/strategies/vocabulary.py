"""What predicates over a declaration are made of: fields, relationships, and what may stand right of each operator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias, assert_never

from hypothesis import strategies as st

from jsonapi_sieve.backends.python.order import path_reader
from jsonapi_sieve.backends.python.rows import access_of
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.operand import LikePattern, operand_of
from jsonapi_sieve.operators import Arity, Operator, offered_by
from jsonapi_sieve.relationship import Declares, Relationship, ToMany
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.values import constants

__all__ = ["AnyField", "Values", "Vocabulary", "operators_of"]

AnyField: TypeAlias = Field[Any] | Several
Values: TypeAlias = Mapping[str, st.SearchStrategy[Any]]
"""Strategies for constants: of a field by its name, or of one of its operators too: `name`, `name_cont`."""

_MOST_ITEMS = 4
_FORMS = st.sampled_from(["comparison", "comparison", "and", "and", "or", "or", "not"])


def operators_of(field: AnyField) -> tuple[Operator, ...]:
    """Give all operators that code can compare a field by: those of its type, and what it opens besides."""
    return tuple(dict.fromkeys((*offered_by(field.type.name), *_opened(field))))


def _opened(field: AnyField) -> tuple[Operator, ...]:
    bare = () if field.bare is None else (field.bare,)
    return tuple(dict.fromkeys((*field.operators, *bare)))


class Vocabulary:
    """What predicates over some rows are made of. Strategies are kept, for they are slow to make.

    `declared` opens nothing but the operators that the declaration does.
    """

    def __init__(
        self, filters: Declares | type[Declares], rows: Iterable[Any], values: Values, *, declared: bool = False
    ) -> None:
        everything = tuple(filters.declarations())
        self.fields: tuple[AnyField, ...] = tuple(
            each for each in everything if isinstance(each, (Field, Several)) and (_opened(each) or not declared)
        )
        self.relationships: tuple[Relationship, ...] = tuple(
            each for each in everything if isinstance(each, Relationship)
        )
        self.forms: st.SearchStrategy[str] = _FORMS | st.just("related") if self.relationships else _FORMS
        self.compared: st.SearchStrategy[AnyField] = st.sampled_from(self.fields)
        self.followed: st.SearchStrategy[Relationship] = st.sampled_from(self.relationships)
        self._rows = list(rows)
        self._values = values
        self._declared = declared
        self.operators: Callable[[AnyField], st.SearchStrategy[Operator]] = cache(self._operators)
        self.operands: Callable[..., st.SearchStrategy[Any]] = cache(self._operands)
        self.through: Callable[[Relationship], Vocabulary] = cache(self._through)
        self._constants: Callable[[AnyField, AnyType], st.SearchStrategy[Any]] = cache(self._constants_of)

    def _operators(self, field: AnyField) -> st.SearchStrategy[Operator]:
        """Give those that a field is compared by."""
        return st.sampled_from(_opened(field) if self._declared else operators_of(field))

    def _operands(self, field: AnyField, operator: Operator, least: int = 0) -> st.SearchStrategy[Any]:
        """Give what may stand right of an operator, lists of `least` items and more."""
        match operator.arity:
            case Arity.FLAG:
                return st.booleans()
            case Arity.SCALAR:
                return self._items(field, operator)
            case Arity.LIST:
                return st.lists(self._items(field, operator), min_size=least, max_size=_MOST_ITEMS)
            case _:
                assert_never(operator.arity)

    def _items(self, field: AnyField, operator: Operator) -> st.SearchStrategy[Any]:
        given = self._values.get(f"{field.name}_{operator.name}")
        return self._constants(field, operand_of(field.type, operator).type) if given is None else given

    def _constants_of(self, field: AnyField, taken: AnyType) -> st.SearchStrategy[Any]:
        names = field.attributes if isinstance(field, Several) else (field.name,)
        given = [self._values[name] for name in names if name in self._values]
        if taken == field.type and given:
            return st.one_of(given)
        near = [value for name in names for value in self._held(name)]
        # Of an own operator, the constants may be of another type than what rows hold.
        return constants(taken, near if taken == field.type or isinstance(taken, LikePattern) else ())

    def _held(self, name: str) -> list[Any]:
        return [path_reader(access_of(row), name)(row) for row in self._rows]

    def _through(self, relationship: Relationship) -> Vocabulary:
        """Give what predicates over the related rows are made of."""
        held = [value for value in self._held(relationship.name) if value is not None]
        rows = [row for many in held for row in many] if isinstance(relationship, ToMany) else held
        return Vocabulary(relationship.filters, rows, self._values, declared=self._declared)
