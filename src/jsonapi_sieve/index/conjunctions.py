"""From a shape to conjunctions: what tables can decide of a predicate, attribute by attribute.

A predicate is brought into a disjunction of a few conjunctions, each of which is looked for by itself. What no table
decides (parts of text, related rows, own operators, disjunctions with too many branches) is left out: then more records
pass the tables than pass the predicate, and those are tested by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Any, Final, NamedTuple

from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Group, Leaf, Shape, width_of
from jsonapi_sieve.own_operators import OwnOperator

__all__ = ["EPOCH", "Conjunction", "Test", "conjunctions_of", "test_of"]

_MOST: Final = 16
"""Into how many conjunctions a predicate is split at most."""

_POINTS: Final = frozenset(("eq", "not_eq", "in", "not_in", "null", "not_null", "present", "blank"))
_RANGES: Final = frozenset(("gt", "gteq", "lt", "lteq"))

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Tables hold moments as distances from it, for two moments may be equal and have unequal hashes (PEP 495)."""


class Test(NamedTuple):
    """One test of an attribute: an operator, and the place of its value among those of the predicate.

    `convert` makes of a constant what stands in tables; None says that the constant does.
    """

    operator: str
    place: int
    convert: Callable[[Any], Any] | None

    def constant(self, values: tuple[Any, ...]) -> Any:
        """Give the constant, as it stands in tables."""
        value = values[self.place]
        return value if self.convert is None else self.convert(value)

    def constants(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give the constants of an equality or of a list of them."""
        if self.operator in ("eq", "not_eq"):
            return (self.constant(values),)
        listed: tuple[Any, ...] = values[self.place]
        return listed if self.convert is None else tuple(map(self.convert, listed))


class Conjunction(NamedTuple):
    """Tests that all have to hold, of single values (`points`) and of the order (`ranges`), for each attribute.

    `is_exact` says that they are all there is, so that whatever passes them passes the predicate.
    """

    points: tuple[tuple[Field[Any], tuple[Test, ...]], ...]
    ranges: tuple[tuple[Field[Any], tuple[Test, ...]], ...]
    equalities: tuple[tuple[Field[Any], Test], ...]
    is_exact: bool


_Tests = tuple[tuple[Field[Any], Test], ...]


class _Branch(NamedTuple):
    tests: _Tests
    is_exact: bool


_UNDECIDED: Final = _Branch((), False)


@lru_cache(maxsize=1024)
def conjunctions_of(shape: Shape) -> tuple[Conjunction, ...]:
    """Give the conjunctions of which one has to hold; none where the predicate is FALSE.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> from jsonapi_sieve.normal import normalize
    >>> class Filters(FilterSet):
    ...     status = Field(types.Text())
    ...     duration = Field(types.Integer(32))
    >>> either = (Filters.status.eq("a") | Filters.status.cont("b")) & Filters.duration.gt(1)
    >>> [(len(each.points), len(each.ranges), each.is_exact) for each in conjunctions_of(normalize(either).shape)]
    [(0, 1, False)]
    """
    return tuple(_gathered(branch) for branch in _branches(shape, 0))


def _gathered(branch: _Branch) -> Conjunction:
    points: dict[Field[Any], list[Test]] = {}
    ranges: dict[Field[Any], list[Test]] = {}
    for field, test in branch.tests:
        (points if test.operator in _POINTS else ranges).setdefault(field, []).append(test)
    return Conjunction(
        tuple((field, tuple(tests)) for field, tests in points.items()),
        tuple((field, tuple(tests)) for field, tests in ranges.items()),
        tuple((field, tests[0]) for field, tests in points.items() if tests[0].operator in ("eq", "in")),
        branch.is_exact,
    )


def _branches(shape: Shape, place: int) -> list[_Branch]:
    """Give the conjunctions of a shape whose values begin at a place."""
    if isinstance(shape, Leaf):
        test = test_of(shape, place)
        return [_UNDECIDED if test is None else _Branch(((shape.field, test),), True)]
    if not isinstance(shape, Group):
        return [_UNDECIDED]
    members = []
    for member in shape.members:
        members.append(_branches(member, place))
        place += width_of(member)
    return _all_of(members) if shape.conjunction else _any_of(members)


def _all_of(members: Iterable[list[_Branch]]) -> list[_Branch]:
    joined = [_Branch((), True)]
    for member in members:
        branches = member if len(joined) * len(member) <= _MOST else [_UNDECIDED]
        joined = [
            _Branch(one.tests + other.tests, one.is_exact and other.is_exact)
            for one, other in product(joined, branches)
        ]
    return joined


def _any_of(members: Iterable[list[_Branch]]) -> list[_Branch]:
    branches = [branch for member in members for branch in member]
    # A branch that every record passes makes the others useless.
    return [_UNDECIDED] if len(branches) > _MOST or _UNDECIDED in branches else branches


def test_of(leaf: Leaf, place: int) -> Test | None:
    """Give the test of a leaf whose value stands at a place; None for one that tables do not decide."""
    name = leaf.operator.name
    if isinstance(leaf.operator, OwnOperator) or not (name in _POINTS or name in _RANGES):
        return None
    match leaf.field.type.name:
        case "timestamp":
            return Test(name, place, _distance)
        case "decimal" if leaf.field.type.unbounded:  # rows hold floats
            return Test(name, place, float)
        case _:
            return Test(name, place, None)


def _distance(moment: datetime) -> object:
    return moment - EPOCH
