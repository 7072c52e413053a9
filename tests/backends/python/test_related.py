"""Tests of related rows, in all the ways that rows are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from jsonapi_sieve import TRUE, Field, FilterSet, Predicate, ToMany, ToOne, types
from jsonapi_sieve.backends.python import compile_python


class OwnerFilters(FilterSet):
    name = Field(types.Text(), nullable=True)


class AccountFilters(FilterSet):
    name = Field(types.Text(), nullable=True)
    size = Field(types.Integer(32))
    owner = ToOne(OwnerFilters)


class CallFilters(FilterSet):
    id = Field(types.Integer(32))
    account = ToOne(AccountFilters)
    parts = ToMany(AccountFilters)


C, A, W = CallFilters, AccountFilters, OwnerFilters


class Account(NamedTuple):
    name: str | None
    size: int
    owner: object | None = None


@dataclass
class Call:
    id: int
    account: object | None
    parts: Iterable[object] = field(default_factory=list)


def named(name: str | None, size: int = 0, owner: Any = None) -> dict[str, Any]:
    return {"name": name, "size": size, "owner": owner}


ROWS: list[dict[str, Any]] = [
    {"id": 1, "account": named("North", 1, {"name": "Ada"}), "parts": [named("a", 1), named(None, 2)]},
    {"id": 2, "account": named(None, 2), "parts": []},
    {"id": 3, "account": None, "parts": [named("b", 3)]},
    {"id": 4, "account": named("south", 4, {"name": None}), "parts": [named("a", 4, {"name": "Ben"}), named("b", 4)]},
]


def as_objects(row: dict[str, Any]) -> Call:
    def account(held: dict[str, Any] | None) -> object:
        return held and SimpleNamespace(**held | {"owner": held["owner"] and SimpleNamespace(**held["owner"])})

    return Call(row["id"], account(row["account"]), [account(part) for part in row["parts"]])


def as_tuples(row: dict[str, Any]) -> Call:
    return Call(
        row["id"], row["account"] and Account(**row["account"]), tuple(Account(**part) for part in row["parts"])
    )


def as_generators(row: dict[str, Any]) -> dict[str, Any]:
    class Loaded:
        """Like a collection that is loaded anew each time."""

        def __iter__(self) -> Any:
            return iter(row["parts"])

    return row | {"parts": Loaded()}


ANSWERS: list[tuple[Predicate, list[int]]] = [
    (C.account.any(TRUE), [1, 2, 4]),
    (C.account.none(TRUE), [3]),
    (C.account.any(A.name.cont("O")), [1, 4]),
    (C.account.none(A.name.cont("O")), [2, 3]),
    (C.account.any(~A.name.eq("North")), [4]),
    (C.account.all(A.name.eq("North")), [1, 2, 3]),
    (C.account.any(A.owner.any(W.name.null())), [4]),
    (C.account.any(A.owner.none(W.name.null())), [1, 2]),
    (C.account.any(A.owner.any(W.name.eq("Ada")) & A.size.eq(1)), [1]),
    (C.parts.any(TRUE), [1, 3, 4]),
    (C.parts.any(A.name.eq("a")), [1, 4]),
    (C.parts.none(A.name.eq("a")), [2, 3]),
    (C.parts.all(A.name.eq("a")), [1, 2]),
    (C.parts.all(A.size.gt(2)), [2, 3, 4]),
    (C.parts.any(A.name.eq("a") & A.size.eq(4)), [4]),
    (C.parts.any(A.name.eq("a")) & C.parts.any(A.size.eq(2)), [1]),
    (C.parts.any(A.name.eq("a")) | C.id.in_([2, 3]), [1, 2, 3, 4]),
    (C.parts.any(A.owner.any(W.name.start("b"))), [4]),
]


@pytest.mark.parametrize("held", [dict, as_objects, as_tuples, as_generators])
@pytest.mark.parametrize(("predicate", "ids"), ANSWERS, ids=repr)
def test_related_rows(predicate: Predicate, ids: list[int], held: Callable[[dict[str, Any]], Any]) -> None:
    rows, matches = [held(row) for row in ROWS], compile_python(predicate)
    positions = [number - 1 for number in ids]
    assert matches.select(rows) == [rows[position] for position in positions]
    assert [position for position, row in enumerate(rows) if matches(row)] == positions
    assert matches.select(iter(rows)) == [rows[position] for position in positions]


def test_the_rows_behind_a_hop_may_be_held_in_several_ways() -> None:
    rows = [ROWS[0], as_objects(ROWS[1]), as_tuples(ROWS[2]), as_generators(ROWS[3])]
    matches = compile_python(C.account.any(A.name.cont("o")) | C.parts.any(A.name.eq("b")))
    assert [position for position, row in enumerate(rows) if matches(row)] == [0, 2, 3]
    assert matches.select(rows) == [rows[0], rows[2], rows[3]]
    mixed = {"id": 1, "account": None, "parts": [named("a"), SimpleNamespace(**named("b")), Account("c", 1)]}
    for name in "abc":
        assert compile_python(C.parts.any(A.name.eq(name)))(mixed)


def test_the_code_calls_a_test_of_related_rows() -> None:
    source = compile_python(C.parts.none(A.name.eq("a")) & C.id.eq(1) & C.account.any(TRUE)).source
    assert source.splitlines()[:2] == [
        "def matches(row, p0, p1, p2):",
        "    return row['id'] == p0 and p1(row['account']) and not p2(row['parts'])",
    ]


@pytest.mark.parametrize("wrong", ["abc", {"name": "a"}, 7, None, SimpleNamespace(name="a")])
def test_a_to_many_relationship_holds_rows(wrong: object) -> None:
    matches = compile_python(C.parts.any(A.name.eq("a")))
    row = {"parts": wrong}
    for run in (lambda: matches(row), lambda: matches.select([row])):
        with pytest.raises(TypeError, match="parts: a to-many relationship holds an iterable of rows, not "):
            run()


def test_what_a_row_lacks_is_told() -> None:
    matches = compile_python(C.account.any(A.owner.any(W.name.eq("a"))))
    for row, missing in ((ROWS[0] | {"account": {"name": "a"}}, "owner"), ({"id": 1}, "account")):
        with pytest.raises(KeyError, match=missing):
            matches(row)
        with pytest.raises(KeyError, match=missing):
            matches.select([row])
    with pytest.raises(AttributeError, match="owner"):
        matches(Call(1, SimpleNamespace(name="a")))
    with pytest.raises(TypeError, match="size"):
        compile_python(C.account.any(A.size.gt(1)))({"account": {"size": "1"}})


def test_of_many_rows_the_test_that_decides_most_comes_first() -> None:
    parts = [[], [named("a")], [named("b"), named("a")]]
    rows = [{"id": number, "account": None, "parts": parts[number % 3]} for number in range(20_000)]
    rare = C.parts.any(A.name.eq("b")) & C.id.gt(9) & C.account.none(TRUE)
    assert [row["id"] for row in compile_python(rare).select(rows)] == list(range(11, 20_000, 3))
    often = C.parts.any(A.name.eq("a")) | C.id.lt(10) | C.account.any(TRUE)
    assert [row["id"] for row in compile_python(often).select(rows)] == [
        number for number in range(20_000) if number % 3 or number < 10
    ]
