"""Tests that own operators spell."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from jsonapi_sieve.backends.narwhals.joining import joined
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.operators import Quantifier
from jsonapi_sieve.own_operators import OwnOperator, Refused

__all__ = ["own_test", "refusal"]


def own_test(operator: OwnOperator, column: nw.Expr, value: Any) -> nw.Expr:
    """Give the test that an operator makes; of NULL it may say anything.

    Raises:
        CompileError: when it refuses frames, or makes something else.
    """
    form = operator.backends.narwhals
    if isinstance(form, Refused):
        raise refusal(operator, form)
    quantifier = operator.quantifier if operator.holds else operator.complement.quantifier
    values = (value,) if quantifier is None else value
    test = joined(quantifier is not Quantifier.ANY, [_checked(operator, form(column, each)) for each in values])
    # What is unknown counts as false. pandas holds it as an object among others, of which ~True is -2.
    return test if operator.holds else ~test.fill_null(False).cast(nw.Boolean)


def _checked(operator: OwnOperator, made: object) -> nw.Expr:
    if isinstance(made, nw.Expr):
        return made
    raise CompileError(f"the operator {operator.positive.name} made {made!r} for frames, which is no expression")


def refusal(operator: OwnOperator, refused: Refused) -> CompileError:
    """Make the error of an operator that refuses frames."""
    return CompileError(f"the operator {operator.positive.name} has no form for frames: {refused.reason}")
