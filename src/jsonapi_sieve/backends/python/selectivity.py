"""Which member of a predicate is tested first: the one that, for its cost, decides most rows."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

from jsonapi_sieve.backends.python.rows import Access
from jsonapi_sieve.backends.python.source import compile_shape
from jsonapi_sieve.normal import Group, Shape, Some
from jsonapi_sieve.own_operators import OwnOperator

__all__ = ["most_decisive_first"]

_ROWS: Final = 10_000
"""From how many rows on the order of the tests pays for finding it."""

_SAMPLE: Final = 128


def most_decisive_first(
    shape: Shape, constants: list[object], access: Access, rows: Sequence[Any]
) -> tuple[Shape, list[object]]:
    """Order the members of the outermost group, and the constants with them, by what a sample of the rows shows.

    A conjunction is decided by a member that fails, a disjunction by one that passes. Few rows are not worth it.
    """
    if not isinstance(shape, Group) or len(rows) < _ROWS:
        return shape, constants
    # An odd step, for rows may alternate.
    sample = rows[:: len(rows) // _SAMPLE | 1]
    ranked = []
    start = 0
    for member in shape.members:
        code = compile_shape(member, access)
        own = constants[start : start + code.parameters]
        start += code.parameters
        passed = len(code.select(sample, *own))
        decided = len(sample) - passed if shape.conjunction else passed
        ranked.append((decided / _cost(member), member, own))
    ranked.sort(key=itemgetter(0), reverse=True)
    ordered = Group(shape.conjunction, tuple(member for _, member, _ in ranked))
    return ordered, [constant for _, _, own in ranked for constant in own]


def _cost(shape: Shape) -> float:
    """Estimate what a test costs, in equality tests of one value."""
    if isinstance(shape, Group):
        return sum(map(_cost, shape.members))
    if isinstance(shape, Some):
        return 20 * (1 + _cost(shape.member))
    own = isinstance(shape.operator, OwnOperator)
    if own or shape.operator.quantifier is not None or shape.operator.base.name in ("matches", "does_not_match"):
        return 10
    return 3 if shape.folded else 1.5 if shape.operator.name not in ("eq", "in", "null", "not_null") else 1
