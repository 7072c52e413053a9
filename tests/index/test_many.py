"""A million random pairs of a filter and a record: each is found by the index exactly when its predicate is TRUE."""

from __future__ import annotations

import ipaddress
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from jsonapi_sieve import Field, Predicate
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import FilterIndex
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.predicate import And, Not, Or
from tests.index.declared import Below, Everything

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
MOMENTS = [NOON + timedelta(hours=hours) for hours in range(5)]
UUIDS = [f"00000000-0000-4000-8000-00000000000{digit}" for digit in "0123"]
BELOW: list[Field[Any]] = [Below.number, Below.text]
# Few values of each kind, so that they meet.
CONSTANTS: dict[str, list[Any]] = {
    "integer": [*range(-1, 7), 70_000],
    "decimal": [Decimal(number) / 4 for number in range(8)],
    "float": [-0.0, 0.25, 0.5, 1.0, 2.0],
    "boolean": [True, False],
    "text": ["", "a", "A", "b", "ab", "a%", "é", "Pending"],
    "enum": ["Pending", "a,b", "é"],
    "uuid": UUIDS,
    "address": ["10.0.0.1", "10.0.0.2", "10.0.0.0/8", "::1"],
    "timestamp": MOMENTS,
    "date": [date(2024, 7, day) for day in range(1, 6)],
}


def held(chance: random.Random, field: Field[Any]) -> Any:
    """Give a value of a field as rows may hold it."""
    if field is not Everything.large and chance.random() < 0.15:
        return None
    value = chance.choice(CONSTANTS[field.type.name][: 8 if field.type.name == "integer" else None])
    match field.type.name:
        case "uuid" if chance.random() < 0.5:
            return UUID(value)
        case "address" if chance.random() < 0.5:
            return ipaddress.ip_interface(value) if "/" in value else ipaddress.ip_address(value)
        case "timestamp" if field is Everything.naive:
            return value.replace(tzinfo=None)
        case "decimal" if field is Everything.rounded:
            return float(value)
        case _:
            return value


def row(chance: random.Random, fields: list[Field[Any]]) -> dict[str, Any]:
    return {field.name: held(chance, field) for field in fields}


def comparison(chance: random.Random, field: Field[Any]) -> Predicate:
    operator = chance.choice(field.operators)
    constants = CONSTANTS[field.type.name]
    match operator.arity:
        case Arity.FLAG:
            return field.compare(operator, chance.random() < 0.5)
        case Arity.LIST:
            return field.compare(operator, chance.sample(constants, chance.randrange(min(4, len(constants)))))
        case _:
            return field.compare(operator, chance.choice(constants))


def tree(chance: random.Random, fields: list[Field[Any]], depth: int = 0) -> Predicate:
    kind = chance.random()
    if depth == 2 or kind < 0.4:
        return comparison(chance, chance.choice(fields))
    if kind < 0.5:
        return Not(tree(chance, fields, depth + 1))
    if kind < 0.57 and fields != BELOW:
        inner = tree(chance, BELOW, 1)
        return chance.choice([Everything.one, Everything.many]).any(inner)
    members = [tree(chance, fields, depth + 1) for _ in range(chance.randrange(1, 5))]
    return Or(*members) if kind > 0.8 else And(*members)


@pytest.mark.heavy
def test_a_million_pairs() -> None:
    chance = random.Random(8)  # noqa: S311
    fields = [field for field in vars(Everything).values() if isinstance(field, Field)]
    filters = {number: tree(chance, fields) for number in range(2_000)}
    compiled = {number: compile_python(predicate) for number, predicate in filters.items()}
    index: FilterIndex[int] = FilterIndex()
    waiting = list(filters)
    passed = 0
    for _ in range(1_000):
        # Half of them are there from the first on, and others come and go meanwhile.
        while len(index) < 1_000:
            key = waiting.pop(chance.randrange(len(waiting)))
            index.add(key, filters[key])
        record = row(chance, fields)
        record |= {"one": row(chance, BELOW), "many": [row(chance, BELOW) for _ in range(chance.randrange(3))]}
        expected = [key for key in index if compiled[key](record)]
        assert sorted(index.match(record)) == sorted(expected)
        passed += len(expected)
        for key in chance.sample(list(index), chance.randrange(4)):
            index.remove(key)
            waiting.append(key)
    assert 100_000 < passed < 900_000
