"""One record against many stored filters, beside their predicates one by one and what such tables cannot beat.

Three workloads over records of 20 attributes, 8 of numbers (3 % of them NULL) and 12 of categories:
`templates` (60 forms of rules, most with an account), `accounts` (forms at random, four of five with an account) and
`broad` (forms at random, and no test that is selective). `benchmarks.scale` measures them at many sizes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from benchmarks.contest import Contest
from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import FilterIndex
from jsonapi_sieve.predicate import And, Comparison

WORKLOADS: Final = ("templates", "accounts", "broad")
RECORDS: Final = 64
NUMBERS: Final = {f"number_{place}": 10 ** (2 + place % 4) for place in range(8)}
CATEGORIES: Final = dict(
    zip(
        ("account_id", *(f"category_{place}" for place in range(1, 12))),
        (5000, 2, 3, 4, 5, 6, 10, 20, 50, 100, 300, 1000),
        strict=True,
    )
)

RuleFilters: type[FilterSet] = type(
    "RuleFilters",
    (FilterSet,),
    {name: Field(types.Integer(32), nullable=True) for name in NUMBERS}
    | {name: Field(types.Integer(32)) for name in CATEGORIES},
)
FIELDS: Final = {field.name: field for field in RuleFilters().fields}

Record = dict[str, int | None]
Form = list[tuple[str, str]]
"""What a rule tests: attributes with operators."""


def record(chance: random.Random) -> Record:
    """Make a record."""
    numbers = {name: None if chance.random() < 0.03 else chance.randrange(size) for name, size in NUMBERS.items()}
    return {**numbers, **{name: chance.randrange(size) for name, size in CATEGORIES.items()}}


def _templates(chance: random.Random) -> Callable[[], Form]:
    forms = []
    for _ in range(60):
        size = chance.choice([3, 4, 4, 5])
        numbers = chance.sample(list(NUMBERS), chance.choice([1, 2]))
        categories = chance.sample(list(CATEGORIES), size - len(numbers))
        if chance.random() < 0.7 and "account_id" not in categories:
            categories[0] = "account_id"
        form = [(name, chance.choice(["gteq", "lt", "gt", "lteq", "range"])) for name in numbers]
        form += [
            (name, chance.choice(["eq", "eq", "in"] if CATEGORIES[name] > 6 else ["eq", "not_eq"]))
            for name in categories
        ]
        forms.append(sorted(form))
    return lambda: forms[min(int(chance.expovariate(1 / 15)), len(forms) - 1)]


def _at_random(chance: random.Random, account: float, widest: int) -> Callable[[], Form]:
    """Give forms of three to six tests: an account in so many of them, and else no category of more values."""
    categories = [name for name, size in CATEGORIES.items() if size <= widest]

    def form() -> Form:
        names = chance.sample([*NUMBERS, *categories], chance.choice([3, 4, 5, 6]))
        made = [
            (name, chance.choice(["gteq", "lt", "gt", "lteq"] if name in NUMBERS else _tests(name))) for name in names
        ]
        return [("account_id", "eq"), *made[1:]] if chance.random() < account else made

    def _tests(name: str) -> list[str]:
        return ["eq", "in"] if CATEGORIES[name] > 6 else ["not_eq", "in"]

    return form


def _rule(form: Form, chance: random.Random) -> And:
    tests: list[Comparison] = []
    for name, operator in form:
        field = FIELDS[name]
        size = NUMBERS.get(name) or CATEGORIES[name]
        if name in NUMBERS:
            bound = chance.randrange(size)
            bound -= bound % max(1, size // 100)
            if operator == "range":
                tests += [field.gteq(bound), field.lt(bound + size // 10)]
            else:
                tests.append(field.compare(operator, bound))
        elif operator == "in":
            tests.append(field.in_(chance.sample(range(size), min(3, size - 1))))
        else:
            tests.append(field.compare(operator, chance.randrange(size)))
    return And(*tests)


def filters(workload: str, count: int) -> list[And]:
    """Make the stored filters of a workload, always the same ones."""
    chance = random.Random(7)
    form = {
        "templates": lambda: _templates(chance),
        "accounts": lambda: _at_random(chance, 0.8, 1000),
        "broad": lambda: _at_random(chance, 0.0, 10),
    }[workload]()
    return [_rule(form(), chance) for _ in range(count)]


class Limit:
    """What no such index can beat: one AND for each of 20 attributes over all filters, and the hits taken out."""

    def __init__(self, hits: Sequence[Sequence[int]], size: int) -> None:
        chance = random.Random(1)
        tables = [[chance.getrandbits(size) for _ in range(16)] for _ in range(19)]
        found = [sum(1 << number for number in numbers) for numbers in hits]
        self._sets = [[one, *(chance.choice(table) | one for table in tables)] for one in found]
        self._size = size
        self._keys = list(range(size))

    def __call__(self) -> list[list[int]]:
        """Give the hits of each record."""
        return [self._match(sets) for sets in self._sets]

    def _match(self, sets: list[int]) -> list[int]:
        left = sets[-1]
        for one in sets[:-1]:
            left &= one
        held = left.to_bytes(self._size // 8 + 1, "little")
        keys = self._keys
        if left.bit_count() * 64 > self._size:
            return [keys[place << 3 | bit] for place, byte in enumerate(held) if byte for bit in OFFSETS[byte]]
        marks = held.translate(SET)
        hits: list[int] = []
        place = marks.find(1)
        while place >= 0:
            hits += [keys[place << 3 | bit] for bit in OFFSETS[held[place]]]
            place = marks.find(1, place + 1)
        return hits


OFFSETS: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
SET: Final = bytes(map(bool, range(256)))


def in_order(found: list[list[int]]) -> list[list[int]]:
    """Sort the hits of each record."""
    return list(map(sorted, found))


def contests_of(workload: str, size: int, *, alone: int = 2) -> Iterator[Contest]:
    """Give the contests of a workload: with the limit, and with its predicates one by one on so many records."""
    chance = random.Random(2)
    predicates = filters(workload, size)
    records = [record(chance) for _ in range(RECORDS)]
    index = FilterIndex(enumerate(predicates))
    limit = Limit([index.match(each) for each in records], size)
    work = f"{size:,} filters, {workload}"
    yield Contest("index", f"{work}, per {RECORDS}", limit, lambda: list(index.match_many(records)), 2, shown=in_order)
    compiled = [compile_python(predicate) for predicate in predicates]
    few = records[:alone]

    def one_by_one() -> list[list[int]]:
        return [[key for key, passes in enumerate(compiled) if passes(each)] for each in few]

    yield Contest(
        "index",
        f"{work}, one by one, per {alone}",
        one_by_one,
        lambda: list(index.match_many(few)),
        150,
        faster=True,
        shown=in_order,
    )


def contests(count: int = 10_000) -> Iterator[Contest]:
    """Give the contests of this stage."""
    for workload in WORKLOADS:
        yield from contests_of(workload, count)
