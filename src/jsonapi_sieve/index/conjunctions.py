"""From a shape to conjunctions: what tables can decide of a predicate, attribute by attribute.

A predicate is brought into a disjunction of a few conjunctions, each of which is looked for by itself. What no table
decides (parts of text, related rows, own operators, disjunctions with too many branches) is left out: then more records
pass the tables than pass the predicate, and those are tested by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Group, Leaf, Shape, width_of
from jsonapi_sieve.own_operators import OwnOperator

__all__ = ["EPOCH", "Bound", "Bounds", "Conjunction", "Point", "conjunctions_of", "test_of"]

_MOST: Final = 16
"""Into how many conjunctions a predicate is split at most."""

_POINTS: Final[Mapping[str, tuple[bool, tuple[object, ...]]]] = MappingProxyType(
    {
        "eq": (True, ()),
        "in": (True, ()),
        "null": (True, (None,)),
        "blank": (True, (None, "")),
        "not_eq": (False, (None,)),
        "not_in": (False, (None,)),
        "not_null": (False, (None,)),
        "present": (False, (None, "")),
    }
)
"""Each test of single values: whether it holds for those that it names or for all others, and which it always names."""

_BOUNDS: Final = frozenset(("gt", "gteq", "lt", "lteq"))

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Tables hold moments as distances from it, for two moments may be equal and have unequal hashes (PEP 495)."""

_Convert: TypeAlias = Callable[[Any], Any]


class Point(NamedTuple):
    """A test that `holds` for the single values that it names, or for all others; NULL is one of them."""

    field: Field[Any]
    holds: bool
    always: tuple[object, ...]
    own: slice | int
    convert: _Convert | None

    def named(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give what it names, as that stands in tables, from the values of the predicate."""
        own: tuple[Any, ...] = values[self.own]
        return (*self.always, *(own if self.convert is None else map(self.convert, own)))


class Bound(NamedTuple):
    """A test of the order."""

    field: Field[Any]
    operator: str
    place: int
    convert: _Convert | None

    def value(self, values: tuple[Any, ...]) -> Any:
        """Give the boundary, as it stands in tables, from the values of the predicate."""
        value = values[self.place]
        return value if self.convert is None else self.convert(value)


Bounds: TypeAlias = tuple[Bound | None, Bound | None]
"""The lower and the upper boundary of an attribute."""


class Conjunction(NamedTuple):
    """Tests that all have to hold: of each attribute one of single values, and a boundary on each side.

    `is_exact` says that they are all there is, so that whatever passes them passes the predicate. `asked` are those of
    the points that ask for some values and no others.
    """

    points: tuple[Point, ...]
    ranges: tuple[tuple[Field[Any], Bounds], ...]
    asked: tuple[Point, ...]
    fields: tuple[Field[Any], ...]
    is_exact: bool


class _Branch(NamedTuple):
    tests: tuple[Point | Bound, ...]
    is_exact: bool


_UNDECIDED: Final = _Branch((), False)


@lru_cache(maxsize=1024)
def conjunctions_of(shape: Shape) -> tuple[Conjunction, ...]:
    """Give the conjunctions of which one has to hold.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> from jsonapi_sieve.normal import normalize
    >>> class Filters(FilterSet):
    ...     status = Field(types.Text())
    ...     duration = Field(types.Integer(32))
    >>> either = (Filters.status.eq("a") | Filters.status.cont("b")) & Filters.duration.gt(1)
    >>> [(len(each.points), len(each.ranges), each.is_exact) for each in conjunctions_of(normalize(either).shape)]
    [(0, 1, False)]
    """
    # What is FALSE is looked for too, so that each filter has a conjunction.
    return tuple(map(_conjunction, _branches(shape, 0) or [_UNDECIDED]))


def _conjunction(branch: _Branch) -> Conjunction:
    points: dict[Field[Any], Point] = {}
    lower: dict[Field[Any], Bound] = {}
    upper: dict[Field[Any], Bound] = {}
    for test in branch.tests:
        if isinstance(test, Point):
            points.setdefault(test.field, test)
        else:
            (lower if test.operator in ("gt", "gteq") else upper).setdefault(test.field, test)
    return Conjunction(
        tuple(points.values()),
        tuple((field, (lower.get(field), upper.get(field))) for field in {**lower, **upper}),
        tuple(point for point in points.values() if point.holds and not point.always),
        tuple(dict.fromkeys(test.field for test in branch.tests)),
        branch.is_exact and len(points) + len(lower) + len(upper) == len(branch.tests),
    )


def _branches(shape: Shape, place: int) -> list[_Branch]:
    """Give the conjunctions of a shape whose values begin at a place."""
    if isinstance(shape, Leaf):
        test = test_of(shape, place)
        return [_UNDECIDED if test is None else _Branch((test,), True)]
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


def test_of(leaf: Leaf, place: int) -> Point | Bound | None:
    """Give the test of a leaf whose value stands at a place; None for one that tables do not decide."""
    name = leaf.operator.name
    if isinstance(leaf.operator, OwnOperator) or not (name in _POINTS or name in _BOUNDS):
        return None
    convert: _Convert | None = None
    if leaf.field.type.name == "timestamp":
        convert = _distance
    elif leaf.field.type.name == "decimal" and leaf.field.type.unbounded:  # rows hold floats
        convert = float
    if name in _BOUNDS:
        return Bound(leaf.field, name, place, convert)
    own = place if name in ("in", "not_in") else slice(place, place + width_of(leaf))
    return Point(leaf.field, *_POINTS[name], own, convert)


def _distance(moment: datetime) -> object:
    return moment - EPOCH
