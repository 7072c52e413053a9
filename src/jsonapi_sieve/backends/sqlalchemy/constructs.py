"""SQL constructs that each dialect spells by its own rules, which are chosen when SQLAlchemy compiles a statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType, desc_op, nulls_first_op, nulls_last_op
from sqlalchemy.sql.visitors import ExternallyTraversible, InternalTraversal, iterate, replacement_traverse
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.dialects import is_generic, rules_of
from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules, null_placed
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.own_operators import OwnOperator, Refused

__all__ = [
    "AsciiLower",
    "Closed",
    "Contains",
    "EndsWith",
    "Exact",
    "Fails",
    "Floating",
    "Item",
    "Large",
    "Matches",
    "NullPlaced",
    "OneFloatOf",
    "OneOf",
    "Ordered",
    "OwnTest",
    "SomeItem",
    "SomeRow",
    "Sorted",
    "StartsWith",
    "Tested",
    "TextTest",
    "Unproven",
    "declared_type",
]

T = TypeVar("T")


class Construct(FunctionElement[T]):
    """Something that a dialect's rules spell. Each has a class of its own, which is its part of the cache key."""

    inherit_cache: bool | None = True

    def arguments(self, dialect: Dialect) -> Iterable[sa.ColumnElement[Any]]:
        """Give the arguments as the dialect takes them."""
        return self.clauses

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        """Give the SQL, from the SQL of the arguments."""
        raise NotImplementedError  # pragma: no cover


class Exact(Construct[Any]):
    """A column that equals what it holds and nothing else."""

    inherit_cache: bool | None = True
    type: TypeEngine[Any]

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.exact(arguments[0], declared_type(self.type, dialect))


class Ordered(Exact):
    """A column that sorts and compares in the library's order."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.ordered(arguments[0], declared_type(self.type, dialect))


class Sorted(Exact):
    """A column that rows are sorted by, in the library's order."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.sorted(arguments[0], declared_type(self.type, dialect))


class Floating(Exact):
    """A column of numbers that are compared as floats."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.floating(arguments[0], declared_type(self.type, dialect))


class AsciiLower(Construct[str]):
    """A text with its ASCII letters in lower case."""

    inherit_cache: bool | None = True
    type: TypeEngine[Any] = sa.String()

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.ascii_lower(*arguments)


class Tested(Construct[str]):
    """The text that the test in a `SomeItem` looks at."""

    inherit_cache: bool | None = True

    def __init__(self, type_: TypeEngine[Any]) -> None:
        super().__init__()
        self.type = type_

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.tested()


class Item(Construct[str]):
    """The item that the test in a `SomeItem` looks at."""

    inherit_cache: bool | None = True
    type: TypeEngine[Any] = sa.String()

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.item()


class Condition(Construct[bool]):
    """A construct that is true, false or unknown."""

    inherit_cache: bool | None = True
    type: TypeEngine[Any] = sa.Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        # It stands in parentheses by itself. SQLAlchemy would compare it with 1, and then no index serves.
        return self


class Closed(Condition):
    """A condition that stays in parentheses, where SQLAlchemy would dissolve it in the one around it."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return arguments[0]


class Large(Closed):
    """A condition so large that SQLAlchemy, too, shall not keep the statements that it stands in."""

    inherit_cache: bool | None = False


class SomeRow(Condition):
    """Whether there is a row, by an EXISTS of SQLAlchemy's own."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.some_row(arguments[0])


class Fails(Condition):
    """A condition that is false."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return f"NOT {arguments[0]}"


class Unproven(Fails):
    """A condition that is false or unknown."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return f"{arguments[0]} IS NOT TRUE"


class OneOf(Condition):
    """A value that is in a list."""

    inherit_cache: bool | None = True

    def __init__(self, value: sa.ColumnElement[Any], items: sa.BindParameter[Any], item: TypeEngine[Any]) -> None:
        super().__init__(value, items)
        # It needs no part of the cache key: the type of the list holds it too.
        self.item = item

    def expands(self, rules: DialectRules) -> bool:
        """Whether each item has a parameter of its own."""
        return rules.expands_lists

    def arguments(self, dialect: Dialect) -> Iterable[sa.ColumnElement[Any]]:
        value: sa.ColumnElement[Any]
        items: Any
        value, items = self.clauses
        if is_generic(dialect) or not self.expands(rules_of(dialect)):
            return value, items
        # SQLAlchemy finds the values of this parameter by the key that it shares with the other.
        return value, sa.bindparam(items.key, items.value, self.item, required=items.required, expanding=True)

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        value, items = arguments
        if self.expands(rules):
            return f"{value} IN {items}"
        return rules.one_of(value, items, self.item.dialect_impl(dialect))


class OneFloatOf(OneOf):
    """A float that is in a list."""

    inherit_cache: bool | None = True

    def expands(self, rules: DialectRules) -> bool:
        return rules.expands_floats


class SomeItem(Condition):
    """A list of which some item passes a test of a text; never unknown."""

    inherit_cache: bool | None = True

    def __init__(self, items: sa.ColumnElement[Any], test: sa.ColumnElement[bool]) -> None:
        # The text is taken out of the test, to be computed once for all items.
        (found,) = (part for part in iterate(test) if isinstance(part, TextTest))
        text, _ = found.clauses

        def replace(element: ExternallyTraversible, **_: Any) -> Tested | None:
            return Tested(text.type) if element is text else None

        super().__init__(items, text, replacement_traverse(test, {}, replace))

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.some_item(*arguments)


class TextTest(Condition):
    """A test of a text against another."""

    inherit_cache: bool | None = True

    def __init__(self, text: sa.ColumnElement[str], other: sa.ColumnElement[str]) -> None:
        super().__init__(text, other)


class Contains(TextTest):
    """A text that contains another."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.contains(*arguments)


class StartsWith(TextTest):
    """A text, in the library's order or in lower case, that starts with another."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.starts_with(*arguments)


class EndsWith(TextTest):
    """A text that ends with another."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.ends_with(*arguments)


class Matches(TextTest):
    """A text that matches a LIKE pattern."""

    inherit_cache: bool | None = True

    def spell(self, rules: DialectRules, dialect: Dialect, *arguments: str) -> str:
        return rules.matches(*arguments)


class OwnTest(TextTest):
    """A test that an own operator spells, by its form for the engine."""

    inherit_cache: bool | None = True
    # The operator is a part of the cache key.
    _traverse_internals = [*FunctionElement._traverse_internals, ("operator", InternalTraversal.dp_plain_obj)]  # noqa: RUF012, SLF001

    def __init__(self, text: sa.ColumnElement[Any], other: sa.ColumnElement[Any], operator: OwnOperator) -> None:
        super().__init__(text, other)
        self.operator = operator

    def condition(self, rules: DialectRules) -> sa.ColumnElement[bool]:
        """Give the condition that the operator makes for an engine.

        Raises:
            CompileError: when it refuses the engine, or makes something else.
        """
        name, form = self.operator.name, self.operator.sql_form(rules.engine)
        if isinstance(form, Refused):
            raise CompileError(f"the operator {name} has no form for {rules.engine}: {form.reason}")
        condition: object = form(*self.clauses)
        if not isinstance(condition, sa.ColumnElement) or self._is_value(condition):
            raise CompileError(f"the operator {name} made {condition!r} for {rules.engine}, which is no condition")
        return condition

    def _is_value(self, made: sa.ColumnElement[Any]) -> bool:
        """Tell what is only a column or a constant, which databases take for a condition in ways of their own."""
        bare = any(made is given for given in self.clauses) or isinstance(made, (sa.ColumnClause, sa.BindParameter))
        is_text = isinstance(made, sa.ColumnClause) and made.is_literal  # SQL by hand, which may say anything
        return bare and not is_text and not isinstance(made.type, sa.Boolean)


class NullPlaced(sa.UnaryExpression[Any]):
    """A term that sorts by a value that may be NULL, which is the largest: the place of NULL is written behind it.

    It is the expression that SQLAlchemy has for that, so that it can move an order to where it needs it.
    """

    inherit_cache: bool | None = True

    def __init__(self, term: sa.UnaryExpression[Any]) -> None:
        self.descends: bool = term.modifier is desc_op
        super().__init__(term, modifier=nulls_first_op if self.descends else nulls_last_op)


@compiles(NullPlaced)
def _compile_order(element: NullPlaced, compiler: SQLCompiler, **options: Any) -> str:
    value = compiler.process(element.element.element, **options)
    direction = "DESC" if element.descends else "ASC"
    if is_generic(compiler.dialect):
        return null_placed(value, direction)
    return rules_of(compiler.dialect).order_term(value, direction)


@compiles(OwnTest)
def _compile_own(element: OwnTest, compiler: SQLCompiler, **options: Any) -> str:
    if is_generic(compiler.dialect):
        arguments = ", ".join(compiler.process(argument, **options) for argument in element.clauses)
        return f"{element.operator.name}({arguments})"
    return f"({compiler.process(element.condition(rules_of(compiler.dialect)), **options)})"


@compiles(Construct)
def _compile(element: Construct[Any], compiler: SQLCompiler, **options: Any) -> str:
    taken = element.arguments(compiler.dialect)
    arguments = [_closed(argument, compiler.process(argument, **options)) for argument in taken]
    if is_generic(compiler.dialect):
        # Printed without an engine, a construct shows its name.
        return f"{type(element).__name__}({', '.join(arguments)})"
    spelled = element.spell(rules_of(compiler.dialect), compiler.dialect, *arguments)
    return f"({spelled})" if isinstance(element, Condition) else spelled


def declared_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Give the type that a column has on a dialect; the driver's own in its place may hide that it is CHAR or REAL."""
    return type_._variant_mapping.get(dialect.name, type_)  # noqa: SLF001  (there is no other way to see them)


def _closed(element: sa.ColumnElement[Any], spelled: str) -> str:
    tight = isinstance(element, (sa.ColumnClause, sa.BindParameter, FunctionElement))
    return spelled if tight else f"({spelled})"
