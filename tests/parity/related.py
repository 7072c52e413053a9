"""Rows that are related in every way, predicates over them, and requests: the same in every run, drawn part by part.

An account has a parent, children, calls and tags; a call is made and paid by an account. Many rows have no relation,
and all hold texts, numbers, prices and moments that engines are known to read differently, or NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import foreign, registry, relationship, remote

from jsonapi_sieve import And, Field, FilterSet, Not, Or, Predicate, Related, ToMany, ToOne, types
from jsonapi_sieve.declaration import CONNECTIVES, Parameter
from jsonapi_sieve.operators import Arity, Operator, offered_by
from jsonapi_sieve.relationship import Relationship
from jsonapi_sieve.testing.strategies.near import beside, same
from jsonapi_sieve.trees import Groups, key_of
from tests.engines.base import Opened
from tests.engines.table import Table, opened
from tests.parity.hostile import HOSTILE

__all__ = [
    "ACCOUNTS",
    "CALLS",
    "AccountFilters",
    "Asked",
    "CallFilters",
    "Mapped",
    "Question",
    "mapped",
    "part",
    "requests",
]

Rows: TypeAlias = list[dict[str, Any]]
Plan: TypeAlias = Callable[[Random], Predicate]

_TEXT: Final = (
    "eq",
    "not_eq",
    "in",
    "not_in",
    "cont",
    "not_cont",
    "start",
    "matches",
    "lt",
    "null",
    "blank",
    "cont_any",
)
_ORDERED: Final = ("eq", "not_eq", "gt", "lteq", "not_in", "null", "gt_all")


class Values(FilterSet):
    """What each row holds."""

    id = opened(types.Integer(64), nullable=False)
    text = Field(types.Text(), nullable=True, operators=_TEXT)
    number = Field(types.Integer(32), nullable=True, operators=_ORDERED)
    price = Field(types.Decimal(scale=2), nullable=True, operators=_ORDERED)
    moment = Field(types.Timestamp(digits=6), nullable=True, operators=_ORDERED)


class Ends(Values):
    """Rows behind the last hop; of an `id`, every operator would be too much."""

    id = None  # type: ignore[assignment]


class NextAccount(Ends):
    parent = ToOne(Ends)
    children = ToMany(Ends)
    calls = ToMany(Ends)
    tags = ToMany(Ends)


class NextCall(Ends):
    account = ToOne(Ends)
    payer = ToOne(Ends)


class NextTag(Ends):
    accounts = ToMany(Ends)


class AccountFilters(Values, groups=True):
    parent = ToOne(NextAccount)
    children = ToMany(NextAccount)
    calls = ToMany(NextCall)
    tags = ToMany(NextTag)


class CallFilters(Values, groups=True):
    account = ToOne(NextAccount)
    payer = ToOne(NextAccount)


class _AccountRows(Values):
    parent_id = opened(types.Integer(64))


class _CallRows(Values):
    account_id = opened(types.Integer(64))
    payer_id = opened(types.Integer(64))


class _TagRows(Values):
    """Nothing but values: which accounts have them stands in a table between."""


class _LinkRows(FilterSet):
    id = opened(types.Integer(64), nullable=False)
    account_id = opened(types.Integer(64), nullable=False)
    tag_id = opened(types.Integer(64), nullable=False)


def _drawn(random: Random, count: int, **keys: Callable[[int], int | None]) -> Rows:
    """Draw rows with few different values, so that some are equal, and with keys of other rows."""
    held = {name: _few(random, source) for name, source in _SOURCES.items()}
    return [
        {"id": number}
        | {name: random.choice(values) for name, values in held.items()}
        | {name: key(number) for name, key in keys.items()}
        for number in range(1, count + 1)
    ]


_SOURCES: Final = {"text": "title", "number": "medium", "price": "cost", "moment": "created_at"}


def _few(random: Random, source: str) -> list[Any]:
    values = [row[source] for row in HOSTILE.rows if row[source] is not None]
    return [*random.sample(values, 7), None, None]


def _tables(random: Random) -> dict[str, Table]:
    accounts = _drawn(random, 24, parent_id=lambda number: random.choice([None, *range(1, number)]))
    calls = _drawn(
        random,
        60,
        account_id=lambda _: random.choice([None, None, *range(1, 18)]),
        payer_id=lambda _: random.choice([None, *range(9, 25)]),
    )
    tags = _drawn(random, 12)
    pairs = random.sample([(account, tag) for account in range(1, 20) for tag in range(1, 10)], 30)
    links = [{"id": number, "account_id": account, "tag_id": tag} for number, (account, tag) in enumerate(pairs)]
    return {
        "accounts": Table("accounts", _AccountRows(), tuple(accounts)),
        "calls": Table("calls", _CallRows(), tuple(calls)),
        "tags": Table("tags", _TagRows(), tuple(tags)),
        "links": Table("links", _LinkRows(), tuple(links)),
    }


_TABLES: Final = _tables(Random("related rows"))  # noqa: S311


def _joined(tables: Mapping[str, Table]) -> dict[str, Rows]:
    """Put the rows that a row is related to into it, as Python holds them."""
    rows = {name: [dict(row) for row in table.rows] for name, table in tables.items()}
    accounts, tags = ({row["id"]: row for row in rows[name]} for name in ("accounts", "tags"))
    for account in accounts.values():
        account["parent"] = accounts.get(account["parent_id"])
        account["children"] = [row for row in rows["accounts"] if row["parent_id"] == account["id"]]
        account["calls"] = [row for row in rows["calls"] if row["account_id"] == account["id"]]
        account["tags"] = [tags[link["tag_id"]] for link in rows["links"] if link["account_id"] == account["id"]]
    for call in rows["calls"]:
        call["account"], call["payer"] = accounts.get(call["account_id"]), accounts.get(call["payer_id"])
    for tag in tags.values():
        tag["accounts"] = [accounts[link["account_id"]] for link in rows["links"] if link["tag_id"] == tag["id"]]
    return rows


_ROWS: Final = _joined(_TABLES)
ACCOUNTS: Final = _ROWS["accounts"]
CALLS: Final = _ROWS["calls"]


@dataclass(frozen=True)
class Mapped:
    """Classes that are mapped to the same rows in a database, and the connection to it."""

    connection: sa.Connection
    account: type[Any]
    call: type[Any]


@contextmanager
def mapped(engine: Opened) -> Iterator[Mapped]:
    """Put the rows into a database."""
    mappers = registry()
    account, call, tag = (type(name, (), {}) for name in ("Account", "Call", "Tag"))
    with ExitStack() as stack:
        loaded: dict[str, Any] = {name: stack.enter_context(engine.load(table)) for name, table in _TABLES.items()}
        accounts, calls, tags, links = (loaded[name].target for name in ("accounts", "calls", "tags", "links"))
        stack.callback(mappers.dispose)

        def related(to: type[Any], condition: Any, **options: Any) -> Any:
            return relationship(to, primaryjoin=condition, viewonly=True, **options)

        own, other = links.c.account_id, links.c.tag_id
        mappers.map_imperatively(
            account,
            accounts,
            properties={
                "parent": related(account, foreign(accounts.c.parent_id) == remote(accounts.c.id)),
                "children": related(account, remote(foreign(accounts.c.parent_id)) == accounts.c.id, uselist=True),
                "calls": related(call, foreign(calls.c.account_id) == accounts.c.id, uselist=True),
                "tags": related(
                    tag, foreign(own) == accounts.c.id, secondary=links, secondaryjoin=foreign(other) == tags.c.id
                ),
            },
        )
        mappers.map_imperatively(
            call,
            calls,
            properties={
                "account": related(account, foreign(calls.c.account_id) == accounts.c.id),
                "payer": related(account, foreign(calls.c.payer_id) == accounts.c.id),
            },
        )
        mappers.map_imperatively(
            tag,
            tags,
            properties={
                "accounts": related(
                    account, foreign(other) == tags.c.id, secondary=links, secondaryjoin=foreign(own) == accounts.c.id
                )
            },
        )
        yield Mapped(loaded["accounts"].connection, account, call)


Question: TypeAlias = tuple[FilterSet, Predicate]
Asked: TypeAlias = tuple[Groups, Parameter, Any]

_FILTERS: Final[tuple[FilterSet, ...]] = (AccountFilters(), CallFilters())
_PLANS: Final = 50
_REPEATED: Final = 4
_REQUESTS: Final = 50


def part(number: int) -> Iterator[Question]:
    """Draw 250 predicates over accounts and calls: built in code, four in a row of one shape, and parsed."""
    random = Random(f"related part {number}")  # noqa: S311
    for _ in range(_PLANS):
        filters = random.choice(_FILTERS)
        plan = _node(random, type(filters), random.choice((1, 2, 2, 3)))
        yield from ((filters, plan(random)) for _ in range(_REPEATED))
    for filters, asked in requests(number):
        yield (
            filters,
            filters.parse([(key_of(parameter, groups), _text(parameter, value)) for groups, parameter, value in asked]),
        )


def requests(number: int) -> Iterator[tuple[FilterSet, list[Asked]]]:
    """Draw 50 requests that are understood: parameters over up to two hops, alone and in groups."""
    random = Random(f"related requests {number}")  # noqa: S311
    for _ in range(_REQUESTS):
        filters = random.choice(_FILTERS)
        asked: dict[str, Asked] = {}
        for parameter in random.choices(filters.parameters, k=random.randint(1, 5)):
            assert isinstance(parameter.field, Field)
            value = _operand(random, parameter.field, parameter.operator, least=1)
            groups = _groups(random)
            asked[key_of(parameter, groups)] = groups, parameter, parameter.operand.accept(value)
        yield filters, list(asked.values())


def _text(parameter: Parameter, value: Any) -> str:
    return parameter.operand.render(value)


def _node(random: Random, filters: Any, depth: int) -> Plan:
    relationships = [each for each in filters.declarations() if isinstance(each, Relationship)]
    forms = ["comparison"] + (["group", "group", "not"] if depth else [])
    match random.choice([*forms, *(["related"] * 3 if relationships else [])]):
        case "comparison":
            return _comparison(random, [each for each in filters.declarations() if isinstance(each, Field)])
        case "group":
            join = random.choice((And, Or))
            members = [_node(random, filters, depth - 1) for _ in range(random.choice((0, 2, 2, 2, 3)))]
            return lambda random: join(*(member(random) for member in members))
        case "not":
            turned = _node(random, filters, depth - 1)
            return lambda random: Not(turned(random))
        case _:
            return _hop(random, random.choice(relationships), depth)


def _hop(random: Random, relationship: Relationship, depth: int) -> Plan:
    member = _node(random, relationship.filters, max(depth - 1, 0))
    form = random.choice((Related, Related, type(relationship).none, type(relationship).all))
    return lambda random: form(relationship, member(random))


def _comparison(random: Random, fields: list[Field[Any]]) -> Plan:
    field = random.choice(fields)
    operator = random.choice(offered_by(field.type.name))
    return lambda random: field.compare(operator.name, _operand(random, field, operator, least=0))


def _operand(random: Random, field: Field[Any], operator: Operator, *, least: int) -> Any:
    match operator.arity:
        case Arity.FLAG:
            return random.random() < 3 / 4
        case Arity.SCALAR:
            return _constant(random, field, operator)
        case _:
            return [_constant(random, field, operator) for _ in range(random.randint(least, 4))]


def _constant(random: Random, field: Field[Any], operator: Operator) -> Any:
    if field.name == "id":
        return random.randint(0, 30)
    held = random.choice(_HELD[field.name])
    if operator.base.name in ("matches", "does_not_match"):
        return random.choice(("%", "", "_%", "a%", "%A%", "\\%", held.replace("\\", "\\\\")))
    return random.choice([held, held, *same(field.type, held), *beside(field.type, held)])


_HELD: Final = {
    name: [row[name] for rows in (ACCOUNTS, CALLS, _ROWS["tags"]) for row in rows if row[name] is not None]
    for name in _SOURCES
}


def _groups(random: Random) -> Groups:
    return tuple((random.choice(CONNECTIVES), random.choice((1, 1, 2, 10))) for _ in range(random.choice((0, 0, 1, 2))))
