"""The operators of docs/own-types.md select the same rows wherever they have a form."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INET

from jsonapi_sieve import (
    DEFAULTS,
    Backends,
    CompileError,
    Field,
    FilterSet,
    Predicate,
    define_operator,
    types,
)
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import check, compile_select
from tests.engines.base import Loaded, Opened
from tests.engines.sql import OpenedDatabase
from tests.engines.table import Table
from tests.own_types import defined

OWN = defined()
word, within = OWN["word"], OWN["within"]


class Filters(FilterSet):
    id = Field(types.Integer(64))
    note = Field(types.Text(), nullable=True, operators=(*DEFAULTS, word, word.any, word.all, word.complement))


known = define_operator(
    "known",
    Backends(
        python=lambda text: lambda value: True if value == text else None,
        sqlalchemy=lambda column, text: sa.case((column == text, sa.true())),
        narwhals=lambda column, text: nw.when(column == text).then(nw.lit(True)),
    ),
    on=types.Text,
)


class KnownFilters(FilterSet):
    id = Field(types.Integer(64))
    note = Field(types.Text(), nullable=True, operators=(known, known.any, known.all))


class AddressFilters(FilterSet):
    id = Field(types.Integer(64))
    ip = Field(OWN["InetAddress"](), nullable=True, operators=(*DEFAULTS, within, within.complement))


def rows(name: str, values: Sequence[str | None]) -> tuple[Mapping[str, Any], ...]:
    return tuple({"id": number, name: value} for number, value in enumerate(values, 1))


AROUND = ["", " ", "-", "\n", "_", "1", "s", "S", "é", "\u212a", "\u017f", "\u0130", "\ufffe", "\U0001f600", "]"]
INSIDE = ["sk", "Sk", "SK", "\u017fk", "s\u212a", "refund", "k"]
NETWORKS = ["10.0.0.0/8", "10.128.0.0/9", "fd00::/8", "fd00::/121", "0.0.0.0/0", "::/0", "::ffff:10.0.0.0/104"]


def notes() -> list[str | None]:
    draw = random.Random(7).choice  # noqa: S311
    made = [draw(AROUND) + draw(INSIDE) + draw(AROUND) + draw(INSIDE) + draw(AROUND) for _ in range(80)]
    return [None, "", "\n", "sk", "SK\n", "\nsk", "s k", "sk sk", "*sk?", *made]


def addresses() -> list[str | None]:
    """Give the first and last addresses of networks, those beside them, and networks that begin there."""
    made = []
    for text in NETWORKS:
        network = ipaddress.ip_network(text)
        kind = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
        first, last, most = int(network[0]), int(network[-1]), 2**network.max_prefixlen - 1
        made += [str(kind(number)) for number in (first, last, max(first - 1, 0), min(last + 1, most))]
        made += [f"{network[0]}/{length}" for length in (network.prefixlen, network.prefixlen // 2)]
    return [None, *dict.fromkeys(map(types.Address().parse, made)), "10.1.2.3/8", "10.1.2.3/7", "10.1.2.3/9"]


def asked_of_words() -> list[Predicate]:
    note = Filters.note
    plain = [note.compare(word, text) for text in ("sk", "K", "refund", "s", "1sk", "_sk")]
    lists = [
        note.compare(operator, texts)
        for operator in (word.any, word.all, word.complement.any, word.complement.all)
        for texts in (["sk"], ["sk", "refund"], ["refund", "k", "s"], [])
    ]
    return [*plain, *lists, note.compare(word, "sk") | note.compare(word, "k"), note.null() | ~note.compare(word, "k")]


def asked_of_addresses() -> list[Predicate]:
    ip = AddressFilters.ip
    near = [
        "10.0.0.0/8",
        "10.128.0.0/9",
        "fd00::/8",
        "fd00::/121",
        "0.0.0.0/0",
        "::/0",
        "::ffff:10.0.0.0/104",
        "10.0.0.0",
    ]
    lists = [[text] for text in near] + [near[:2], near[2:5], near, []]
    return [
        *(ip.compare(operator, networks) for operator in (within, within.complement) for networks in lists),
        ip.eq("10.0.0.0/8"),
        ip.in_(["10.1.2.3/8", "FD00::0", "::ffff:10.0.0.0"]),
        ip.not_in(["10.1.2.3/8", "FD00::0"]),
    ]


def assert_same(loaded: Loaded, table: Table, asked: Sequence[Predicate]) -> None:
    seen = set()
    for predicate in asked:
        for either in (predicate, ~predicate):
            expected = [row["id"] for row in table.rows if compile_python(either)(row)]
            assert loaded.select(either) == expected, either
            seen.add(len(expected))
    assert len(seen) > 5


def test_words_are_found_alike(engine: Opened) -> None:
    table = Table("notes", Filters(), rows("note", notes()))
    with engine.load(table) as loaded:
        assert_same(loaded, table, asked_of_words())


def test_what_a_form_does_not_know_counts_as_false(engine: Opened) -> None:
    table = Table("notes", KnownFilters(), rows("note", [None, "", "a", "b"]))
    note = KnownFilters.note
    with engine.load(table) as loaded:
        for predicate, passing in (
            (note.compare(known, "a"), [3]),
            (note.compare(known.any, ["a", "x"]), [3]),
            (note.compare(known.all, ["a", "x"]), []),
        ):
            assert loaded.select(predicate) == passing
            assert loaded.select(~predicate) == [number for number in (2, 3, 4) if number not in passing]


@pytest.fixture
def located(engine: Opened) -> Opened:
    """Give an engine that knows the function of the page, where it calls one."""
    if isinstance(engine, OpenedDatabase):
        driver = engine.connection.connection.dbapi_connection
        if engine.connection.dialect.name == "sqlite":
            OWN["register"](driver, None)
        if engine.connection.dialect.name == "duckdb":
            OWN["register_in_duckdb"](driver, None)
    return engine


@pytest.mark.only_on("python", "sqlite", "postgresql", "postgresql-icu", "duckdb")
def test_addresses_lie_within_networks_alike(located: Opened) -> None:
    table = Table("addresses", AddressFilters(), rows("ip", addresses()))
    with located.load(table) as loaded:
        assert_same(loaded, table, asked_of_addresses())


@pytest.mark.only_on("polars", "polars-lazy", "pandas", "pyarrow", "duckdb-relation", "spark", "mariadb", "clickhouse")
def test_where_nobody_takes_addresses_apart_the_operator_is_refused(engine: Opened) -> None:
    table = Table("addresses", AddressFilters(), rows("ip", ["10.0.0.1"]))
    with pytest.raises(CompileError, match="ip: the operator within has no form for"), engine.load(table):
        pass


@pytest.mark.only_on("postgresql")
def test_a_column_of_inet_holds_what_text_holds(engine: Opened) -> None:
    assert isinstance(engine, OpenedDatabase)
    table = Table("addresses", AddressFilters(), rows("ip", addresses()))
    target = sa.Table("inets", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("ip", INET))
    check(table.filters, target, engine.connection.dialect)
    target.create(engine.connection)
    engine.connection.execute(target.insert(), list(table.rows))
    native = [dict(row) for row in engine.connection.execute(sa.select(target)).mappings()]
    assert {type(row["ip"]).__name__ for row in native} > {"IPv4Address", "IPv6Interface"}
    for predicate in asked_of_addresses():
        for either in (predicate, ~predicate):
            expected = compile_python(either).select(table.rows)
            statement, values = compile_select(either, target, ())
            assert [row.id for row in engine.connection.execute(statement, values)] == [row["id"] for row in expected]
            assert [row["id"] for row in native if compile_python(either)(row)] == [row["id"] for row in expected]
    engine.connection.rollback()
