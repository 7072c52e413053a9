"""Predicates and orders over the hostile rows: the same in every run, drawn part by part.

Each part goes on through all pairs of a field and an operator where the one before it stopped. Several predicates in a
row differ in nothing but their constants, as the requests of clients do: statements are made once for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from random import Random
from typing import Any, Final, TypeAlias
from uuid import UUID

from jsonapi_sieve import And, Comparison, Field, Not, Or, Order, Predicate, SortKey, types
from jsonapi_sieve.field import Several
from jsonapi_sieve.operators import Arity, Operator
from jsonapi_sieve.testing.strategies import near
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.texts import patterns_beside
from tests.parity.hostile import HOSTILE, STATUSES

__all__ = ["ORDERS", "PAIRS", "PART", "pairs_in", "part"]

Pair: TypeAlias = tuple[Field[Any] | Several, Operator]
Plan: TypeAlias = Callable[[Random], Predicate]

PART: Final = 250
"""How many predicates a part has."""

_REPEATED: Final = 3
_SINGLE: Final = 61
_MOST_ITEMS: Final = 1_000

PAIRS: Final[tuple[Pair, ...]] = tuple(
    (field, operator) for field in HOSTILE.filters._declaration.fields for operator in field.operators
)
"""All pairs of a field and an operator, in order of declaration."""


def part(number: int) -> tuple[Predicate, ...]:
    """Draw a part: first comparisons alone, pair after pair, then trees of them."""
    random = Random(f"part {number}")  # noqa: S311
    pairs = [PAIRS[(number * _SINGLE + step) % len(PAIRS)] for step in range(_SINGLE)]
    plans = [*(_comparison(*pair) for pair in pairs), *(_tree(random) for _ in range(PART // _REPEATED + 1 - _SINGLE))]
    return tuple(plan(random) for plan in plans for _ in range(_REPEATED))[:PART]


def pairs_in(predicate: Predicate) -> Iterator[Pair]:
    """Give the pairs of a field and an operator that a predicate tests."""
    match predicate:
        case Comparison(field=Field() | Several() as field):
            yield field, predicate.operator
        case And() | Or():
            for member in predicate.members:
                yield from pairs_in(member)
        case Not():
            yield from pairs_in(predicate.member)


def _comparison(field: Field[Any] | Several, operator: Operator) -> Plan:
    return lambda random: field.compare(operator.name, _operand(random, field, operator))


def _tree(random: Random) -> Plan:
    """Draw a tree of two floors or more."""
    return _group(random, random.choice((1, 1, 2, 3)))


def _node(random: Random, depth: int) -> Plan:
    form = random.choice(("comparison", "comparison", "group", "not")) if depth else "comparison"
    match form:
        case "comparison":
            return _comparison(*random.choice(PAIRS))
        case "group":
            return _group(random, depth)
        case _:
            member = _node(random, depth - 1)
            return lambda random: Not(member(random))


def _group(random: Random, depth: int) -> Plan:
    join = random.choice((And, Or))
    members = [_node(random, depth - 1) for _ in range(random.choice((0, 1, 2, 2, 2, 3, 3, 4)))]
    turned = random.random() < 1 / 4

    def plan(random: Random) -> Predicate:
        group = join(*(member(random) for member in members))
        return Not(group) if turned else group

    return plan


def _operand(random: Random, field: Field[Any] | Several, operator: Operator) -> Any:
    if operator.arity is Arity.FLAG:
        return random.random() < 3 / 4
    pools = _pools(field, takes_pattern=operator.base.name in ("matches", "does_not_match"))
    if operator.arity is Arity.SCALAR:
        return _constant(random, pools)
    return [_constant(random, pools) for _ in range(_items(random))]


def _items(random: Random) -> int:
    return _MOST_ITEMS if random.random() < 1 / 50 else random.choice((0, 1, 1, 2, 2, 3, 4, 12))


def _constant(random: Random, pools: Sequence[Sequence[Any]]) -> Any:
    return random.choice(random.choice(pools))


@lru_cache(maxsize=256)
def _pools(field: Field[Any] | Several, *, takes_pattern: bool) -> Sequence[Sequence[Any]]:
    """Give what a field may be compared with: what rows hold, what lies beside that, and what no row holds."""
    names = [single.name for single in field.fields] if isinstance(field, Several) else [field.name]
    held = list(dict.fromkeys(row[name] for name in names for row in HOSTILE.rows if row[name] is not None))
    if takes_pattern:
        return [[pattern for text in held for pattern in patterns_beside(text)]]
    same = [constant for value in held for constant in near.same(field.type, value)]
    beside = [constant for value in held for constant in near.beside(field.type, value)]
    return [pool for pool in (same, same, beside, beside, _foreign(field.type)) if pool]


def _foreign(declared: AnyType) -> list[Any]:
    """Give constants that no row holds and, if there are such, no column can hold."""
    match declared:
        case types.Integer():
            edges = [sign * (1 << bits) + step for bits in (15, 31, 63) for sign in (-1, 1) for step in (-1, 0, 1)]
            return [*edges, 10**19 - 1, 1 - 10**19, 12_345]
        case types.Decimal():
            fine = [
                Decimal(f"{sign}{number}") for sign in "+-" for number in ("1e-13", "1e-40", "0.005", "1.0050000000001")
            ]
            large = [Decimal(f"{sign}{number}") for sign in "+-" for number in ("1e25", "1e28", "1e38", "9" * 40)]
            return [*fine, *large, Decimal("1." + "3" * 39), Decimal(2**63)]
        case types.Float():
            return [1e-40, -1e-40, 9.99e39, -9.99e39, 0.30000000000000005, 2.0**63, 123.456]
        case types.Timestamp():
            return _moments(declared.digits)
        case types.Date():
            return [date.min, date(1899, 12, 31), date(2300, 1, 1), date.max, date(1582, 10, 10), date(2100, 2, 28)]
        case types.Uuid():
            return [str(UUID(int=number)) for number in (2, 2**32, 2**96, 2**112, 2**128 - 2)]
        case types.Enum():
            return list(STATUSES)
        case types.Address():
            return ["10.0.0.3", "10.0.0.1/32", "::ffff:10.0.0.2", "1.0.0.0/8", "fe80::2"]
        case types.Boolean():
            return [False, True]
        case _:
            return ["zz", "\U0010fffe", "\u0345", "x" * 5_000, "a" * 199, "\x7f", "\\x41", "[[:alpha:]]"]


def _moments(digits: int) -> list[datetime]:
    step = timedelta(microseconds=10 ** (6 - digits))
    first, after = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
    least, most = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return [least, least + step, datetime(1582, 10, 10, tzinfo=UTC), first - step, after, most - step, most]


def _orders() -> tuple[Order, ...]:
    """Give each attribute in both directions, alone and before another one, and orders of three and four keys."""
    random = Random("orders")  # noqa: S311
    names = [field.name for field in HOSTILE.fields]
    alone = [(SortKey(name, descending),) for name, descending in product(names, (False, True))]
    before = [
        (SortKey(name, descending), SortKey(other, random.random() < 1 / 2))
        for name, descending in product(names, (False, True))
        for other in [random.choice([other for other in names if other != name])]
    ]
    mixed = [
        tuple(SortKey(name, random.random() < 1 / 2) for name in random.sample(names, k=random.choice((3, 4))))
        for _ in range(31)
    ]
    return ((), *alone, *before, *mixed)


ORDERS: Final = _orders()
