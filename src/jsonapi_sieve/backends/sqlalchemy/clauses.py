"""A shape as a SQL clause: one expression for each leaf, joined by AND and OR."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias, assert_never

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.columns import Compared, compared
from jsonapi_sieve.backends.sqlalchemy.constants import FloatConstant, ListConstant, PatternConstant
from jsonapi_sieve.backends.sqlalchemy.constructs import (
    AsciiLower,
    Closed,
    Contains,
    EndsWith,
    Fails,
    Item,
    Matches,
    OneFloatOf,
    OneOf,
    OwnTest,
    SomeItem,
    StartsWith,
    TextTest,
    Unproven,
)
from jsonapi_sieve.backends.sqlalchemy.fitting import own_constant
from jsonapi_sieve.backends.sqlalchemy.targets import Columns
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Group, Leaf, Shape, Some
from jsonapi_sieve.operators import Quantifier
from jsonapi_sieve.own_operators import OwnOperator

__all__ = ["Bind", "clause_of"]

Clause: TypeAlias = sa.ColumnElement[bool]
Bind: TypeAlias = Callable[[TypeEngine[Any]], sa.BindParameter[Any]]
"""Gives the parameter of the next leaf that takes a value, of a type."""


def clause_of(shape: Shape, columns: Columns, bind: Bind) -> Clause:
    """Give the clause that is TRUE for the rows that a shape selects; parameters are asked for in leaf order.

    Raises:
        CompileError: when a column cannot stand for a field.
    """
    match shape:
        case Leaf():
            return _leaf(shape, compared(shape.field, columns), bind)
        case Group(conjunction, members):
            return _joined(conjunction, [clause_of(member, columns, bind) for member in members])
        case Some(relationship, holds, member):
            related = columns.related(relationship)
            return _turned(related.some(clause_of(member, related.columns, bind)), holds)
        case _:  # pragma: no cover
            assert_never(shape)


# Engines read a chain of ANDs or ORs as a nest: SQLite refuses one deeper than 1,000.
_CHAIN: Final = 100


def _joined(conjunction: bool, clauses: list[Clause]) -> Clause:
    """Join clauses, many of them in parentheses: a tree that is wide and not deep."""
    if len(clauses) > _CHAIN:
        parts = [clauses[start : start + _CHAIN] for start in range(0, len(clauses), _CHAIN)]
        return _joined(conjunction, [Closed(_joined(conjunction, part)) for part in parts])
    return sa.and_(sa.true(), *clauses) if conjunction else sa.or_(sa.false(), *clauses)


_COMPARE: Final[Mapping[str, Callable[[Any, Any], Clause]]] = MappingProxyType(
    {
        "eq": operator.eq,
        "not_eq": operator.ne,
        "gt": operator.gt,
        "gteq": operator.ge,
        "lt": operator.lt,
        "lteq": operator.le,
    }
)
_EMPTY: Final = sa.literal_column("''", sa.String())


def _leaf(leaf: Leaf, at: Compared, bind: Bind) -> Clause:
    match leaf.operator.base.name:
        case "null":
            return at.column.is_(None)
        case "not_null":
            return at.column.is_not(None)
        case "present":
            return at.exact != _EMPTY
        case "blank":
            return sa.or_(at.column.is_(None), at.exact == _EMPTY)
        case ("eq" | "not_eq") as name:
            return _COMPARE[name](at.exact, bind(at.constant))
        case ("gt" | "gteq" | "lt" | "lteq") as name:
            return _COMPARE[name](at.ordered, bind(at.constant))
        case "in":
            return _one_of(at, bind, True)
        case "not_in":
            return _one_of(at, bind, False)
        case _ if isinstance(leaf.operator, OwnOperator):
            return _own(leaf.field, leaf.operator, at, bind)
        case name:
            return _text(leaf, *_TEXT[name], at, bind)


def _one_of(at: Compared, bind: Bind, holds: bool) -> Clause:
    test = OneFloatOf if isinstance(at.constant, FloatConstant) else OneOf
    found = test(at.exact, bind(ListConstant(at.constant, at.column.type)), at.constant)
    # A dialect may leave all items out, and NULL is not in an empty list.
    return found if holds else sa.and_(at.column.is_not(None), Fails(found))


# The construct, and whether the operator asks for its truth.
_TEXT: Final[Mapping[str, tuple[type[TextTest], bool]]] = MappingProxyType(
    {
        "cont": (Contains, True),
        "not_cont": (Contains, False),
        "start": (StartsWith, True),
        "not_start": (StartsWith, False),
        "end": (EndsWith, True),
        "not_end": (EndsWith, False),
        "matches": (Matches, True),
        "does_not_match": (Matches, False),
    }
)


def _text(leaf: Leaf, test: type[TextTest], holds: bool, at: Compared, bind: Bind) -> Clause:
    text = AsciiLower(at.column) if leaf.folded else at.ordered
    constant = PatternConstant() if test is Matches else at.constant
    quantifier = leaf.operator.quantifier
    tested = _tested(partial(test, text), quantifier, holds, constant, bind)
    # There is nothing that NULL fails.
    return sa.and_(at.column.is_not(None), tested) if quantifier is Quantifier.ALL else tested


def _own(field: Field[Any], operator: OwnOperator, at: Compared, bind: Bind) -> Clause:
    constant = own_constant(operator.operand_for(field.type))
    test = partial(OwnTest, at.ordered, operator=operator.positive)
    tested = _tested(test, operator.quantifier, operator.holds, constant, bind)
    # Whatever the form would answer of NULL.
    return sa.or_(at.column.is_(None), tested) if operator.null else sa.and_(at.column.is_not(None), tested)


def _tested(
    test: Callable[[sa.ColumnElement[Any]], Clause],
    quantifier: Quantifier | None,
    holds: bool,
    constant: TypeEngine[Any],
    bind: Bind,
) -> Clause:
    """Test by one constant, or by some or all of a list."""
    match quantifier:
        case None:
            return _turned(test(bind(constant)), holds)
        case Quantifier.ANY:
            return SomeItem(bind(ListConstant(constant)), _turned(test(Item()), holds))
        case Quantifier.ALL:
            return Fails(SomeItem(bind(ListConstant(constant)), _turned(test(Item()), not holds)))
        case _:  # pragma: no cover
            assert_never(quantifier)


def _turned(condition: Clause, holds: bool) -> Clause:
    if holds:
        return condition
    # The form of an own operator may be unknown of what is not NULL.
    return Unproven(condition) if isinstance(condition, OwnTest) else Fails(condition)
