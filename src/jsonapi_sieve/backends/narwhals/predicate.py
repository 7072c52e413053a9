"""A predicate as an expression of Narwhals: one test for each leaf, joined by AND and OR."""

from __future__ import annotations

from typing import Any, assert_never

import narwhals as nw
from narwhals.typing import Frame, IntoFrame

from jsonapi_sieve.backends.narwhals.checking import check_fields, no_related_rows
from jsonapi_sieve.backends.narwhals.dialect import COMMON, Dialect, dialect_of
from jsonapi_sieve.backends.narwhals.joining import joined
from jsonapi_sieve.backends.narwhals.own import own_test
from jsonapi_sieve.backends.narwhals.text import text_test
from jsonapi_sieve.backends.narwhals.values import compared, decided, one_of
from jsonapi_sieve.normal import Group, Leaf, Shape, Some, conditions_of, normalize
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.predicate import Predicate

__all__ = ["compile_narwhals"]


def compile_narwhals(predicate: Predicate, frame: IntoFrame | Frame | None = None) -> nw.Expr:
    """Give the expression that is TRUE for the rows that a predicate selects, and FALSE, never NULL, for all others.

    With `frame`, native or of Narwhals, the columns that the predicate tests are checked first, as `check` does, and
    the expression is written for the engine. Give it on DuckDB, which is slow to find values in long lists otherwise,
    and on Spark: what clients send can keep Java's regular expressions busy for ever, or overflow the stack of the JVM,
    unless they are written for it. An expression for Spark works nowhere else.

    >>> import narwhals as nw
    >>> import polars as pl
    >>> from jsonapi_sieve import Field, types
    >>> duration = Field(types.Integer(32), nullable=True, name="duration")
    >>> calls = pl.DataFrame(
    ...     {"id": [1, 2, 3], "duration": [60, None, 5]}, schema={"id": pl.Int64, "duration": pl.Int32}
    ... )
    >>> nw.from_native(calls).filter(compile_narwhals(~duration.eq(60), calls)).to_native()["id"].to_list()
    [3]

    Raises:
        CompileError: when a column of `frame` is missing or cannot stand for its field; for a tree deeper than 32, a
            decimal with more than 38 digits behind the point, a text longer than regex engines take, and a filter
            through a relationship.
    """
    shape, values = normalize(predicate)
    dialect = COMMON
    if frame is not None:
        wrapped = nw.from_native(frame)
        check_fields(dict.fromkeys(test.field for test in conditions_of(shape) if isinstance(test, Leaf)), wrapped)
        dialect = dialect_of(wrapped)
    return _Writer(values, dialect).write(shape)


class _Writer:
    """Writes the expression of one predicate."""

    def __init__(self, values: tuple[Any, ...], dialect: Dialect) -> None:
        self._values = iter(values)
        self._dialect = dialect

    def write(self, shape: Shape) -> nw.Expr:
        match shape:
            case Leaf():
                return self._leaf(shape)
            case Group(conjunction, ()):
                # An expression that filters has to be as long as the frame.
                first = nw.nth(0).is_null()
                return nw.lit(True) | first if conjunction else nw.lit(False) & first
            case Group(conjunction, members):
                return joined(conjunction, [self.write(member) for member in members])
            case Some():
                raise no_related_rows(shape.relationship)
            case _:  # pragma: no cover
                assert_never(shape)

    def _leaf(self, leaf: Leaf) -> nw.Expr:
        column = nw.col(leaf.field.name)
        null = column.is_null()
        match leaf.operator.name:
            case "null":
                return null
            case "not_null":
                return ~null
            case "blank":
                return null | (column == "")
            case "present":
                return ~null & (column != "")
            case _ if isinstance(leaf.operator, OwnOperator):
                test = own_test(leaf.operator, column, next(self._values))
                return null | test if leaf.operator.null else ~null & test
            case _:
                return ~null & self._test(leaf, column, null)

    def _test(self, leaf: Leaf, column: nw.Expr, null: nw.Expr) -> nw.Expr:
        """Test values that are not NULL; `null` is FALSE for all of them."""
        declared, value = leaf.field.type, next(self._values)
        match leaf.operator.base.name:
            case ("eq" | "not_eq" | "gt" | "gteq" | "lt" | "lteq") as name:
                answer = decided(declared, name, value)
                if answer is None:
                    return compared(declared, name, column, value)
                return ~null if answer else null
            case ("in" | "not_in") as name:
                test = one_of(declared, column, value, self._dialect)
                found = null if test is None else test
                return found if name == "in" else ~found
            case _:
                return text_test(leaf, column, value, self._dialect)
