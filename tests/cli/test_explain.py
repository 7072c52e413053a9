"""The command `explain`: what it shows, and how it tells faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from jsonapi_sieve import FALSE, Field, types
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.cdr.resources import CDRS, cdr_exports
from jsonapi_sieve.cdr.schemas import CdrExportSchema
from jsonapi_sieve.cli import main
from jsonapi_sieve.explaining.sql import DIALECTS
from jsonapi_sieve.explaining.trees import tree_lines
from jsonapi_sieve.serialization import CompiledSchema

QUERY = "filter[rows-count-gteq]=10&sort=-created-at&filter[status-in]=Pending,Failed"


def explain(capsys: pytest.CaptureFixture[str], query: str, *words: str) -> str:
    assert main(["explain", query, *words]) == 0
    return capsys.readouterr().out


def explained(capsys: pytest.CaptureFixture[str], query: str, *words: str) -> Any:
    return json.loads(explain(capsys, query, *words, "--json"))


def refused(capsys: pytest.CaptureFixture[str], query: str, *words: str) -> list[str]:
    assert main(["explain", query, *words]) == 2
    return capsys.readouterr().err.removeprefix("jsonapi-sieve explain: error: ").splitlines()


def test_the_canonical_query_means_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    sent = f"page[size]=5&{QUERY}&include=account&fields[accounts]=name"
    written = explained(capsys, sent, "--resource", "cdr-exports")["query"]
    assert cdr_exports().parse(written) == cdr_exports().parse(sent)
    assert written == explained(capsys, f"?{written}", "--resource", "cdr-exports")["query"]


def test_a_query_may_have_no_canonical_form_within_the_budgets(capsys: pytest.CaptureFixture[str]) -> None:
    query = f"filter[src-name-in-in]={','.join(chr(0xE9) * 2 + str(number) for number in range(900))}"
    query += f"&filter[dst-prefix-in-eq]={chr(0xE9) * 16_000}"
    assert explained(capsys, query, "--resource", "cdrs")["query"] is None
    assert "Query\n  none within the budgets\n" in explain(capsys, query, "--resource", "cdrs")


def test_the_sql_selects_what_the_query_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    query = (
        "filter[time-start-gt]=2026-01-05&filter[duration-gt]=60&filter[or][1][account.name-cont]=a"
        "&filter[or][2][customer-price-lt]=0.01&sort=-duration&page[size]=7"
    )
    told = explained(capsys, query, "--resource", "cdrs")["sql"]
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        generate(session, count=300, until=datetime(2026, 3, 1, tzinfo=UTC))
        rows = session.connection().exec_driver_sql(told["statement"], tuple(told["parameters"].values()))
        expected = session.scalars(*CDRS.statement(CDRS.parse(query), Cdr)).all()
        assert [row.id for row in rows] == [cdr.id for cdr in expected]
        assert len(expected) == 7
    engine.dispose()


@pytest.mark.parametrize(
    ("dialect", "part", "parameters"),
    [
        ("sqlite", "json_each(?)", {"p0": 10, "p1": '["Pending", "Failed"]'}),
        ("postgresql", "= ANY (%(p1)s::VARCHAR[])", {"p0": 10, "p1": '{"Pending","Failed"}'}),
        ("mariadb", "IN (%s, %s)", {"p0": 10, "p1_1": "Pending", "p1_2": "Failed"}),
        ("duckdb", "unnest($2)", {"p0": 10, "p1": ["Pending", "Failed"]}),
        ("clickhouse", "JSONExtract(%(p1)s, ", {"p0": 10}),
    ],
)
def test_each_dialect_shows_its_own(
    dialect: str, part: str, parameters: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    told = explained(capsys, QUERY, "--resource", "cdr-exports", "--dialect", dialect)["sql"]
    assert part in told["statement"]
    assert parameters.items() <= told["parameters"].items()


def test_a_dialect_that_is_not_installed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jsonapi_sieve.cli.sql.DIALECTS", {**DIALECTS, "duckdb": ("nosuch", "duckdb-sqlalchemy")})
    (told,) = refused(capsys, QUERY, "--resource", "cdr-exports", "--dialect", "duckdb")
    assert told == 'SQLAlchemy has no dialect for duckdb; install it with pip install "duckdb-sqlalchemy"'


def test_what_an_engine_cannot_be_asked_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = refused(capsys, "filter[account.name-eq]=a", "--resource", "cdr-exports", "--dialect", "clickhouse")
    assert told.startswith("clickhouse cannot be asked this: ClickHouse may answer wrongly")


def test_a_tree_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    query = "filter[id]=1&filter[or][1][duration-eq]=2&filter[or][2][not][1][account.name-eq]=N\u00f6"
    told = explain(capsys, query, "--resource", "cdrs").partition("\n\n")[0]
    assert told.splitlines() == [
        "Rows",
        "  id in [1]",
        "  or",
        "    and",
        "      duration = 2",
        "    and",
        "      not",
        "        and",
        "          some account with",
        "            and",
        '              name = "N\u00f6"',
    ]


def test_flags_are_told_in_words() -> None:
    name = Field(types.Text(), nullable=True, name="name")
    assert list(tree_lines(name.compare("null", True))) == ["name is null"]
    assert list(tree_lines(name.compare("null", False))) == ["not (name is null)"]
    assert list(tree_lines(FALSE)) == ["no row"]


def test_defaults_are_shown_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(by default)" in explain(capsys, "", "--resource", "cdrs").splitlines()[1]
    assert explained(capsys, "", "--resource", "cdrs")["predicate"]["and"][0]["default"] is True
    assert explain(capsys, "", "--resource", "transport-protocols").splitlines()[:2] == ["Rows", "  every row"]


def test_budgets_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    query = "filter[or][1][account.name-in]=a,b,%C3%A9&filter[or][2][id]=1&include=account&page[size]=9&sort=id"
    cost = explained(capsys, query, "--resource", "cdrs")["cost"]
    assert {budget: told["used"] for budget, told in cost.items()} == {
        "query_string": len(query),
        "parameters": 5,
        "key": len("filter[or][1][account.name-in]"),
        "value": len("account"),
        "filters": 2,
        "list_items": 3,
        "depth": 2,
        "include_depth": 1,
        "page_size": 9,
        "tree": 6,
    }
    assert {budget: told["limit"] for budget, told in cost.items()}.items() >= {"depth": 16, "tree": 32}.items()


def test_faults_are_told_at_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    query = "filter[id]=1&filter%5Bduration-eq%5D=x&filter[duration-eq]=2&sort=\x1b[31m"
    told = refused(capsys, query, "--resource", "cdrs")
    assert told[0] == "the query has 3 faults"
    faults = [line for line in told[1:] if not line.startswith(" ")]
    assert [line.rpartition(" (")[2] for line in faults] == [
        "invalid-value)",
        "repeated-parameter)",
        "unknown-sort-key)",
    ]
    assert all(line.isprintable() for line in told)
    shown, carets = told[told.index(faults[1]) + 1 :][:2]
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "filter[duration-eq]=2"


def test_a_long_query_is_cut_around_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    query = f"filter[id]={','.join(map(str, range(200)))}&filter[duration-eq]=x&filter[src-name-in-eq]={'a' * 500}"
    _, _, shown, carets = refused(capsys, query, "--resource", "cdrs")
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "filter[duration-eq]=x"
    assert shown.strip().startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 120


def test_a_budget_has_no_place(capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "&".join(["sort=id"] * 201), "--resource", "cdrs")
    assert told[1:] == ["More than 200 parameters were sent. (parameters-limit)", "    limit: 200"]


def test_faults_are_json_if_that_is_wished(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "filter[id]=x", "--resource", "cdrs", "--json"]) == 2
    printed, error = capsys.readouterr()
    (fault,) = json.loads(printed)["errors"]
    assert fault["code"] == "invalid-value"
    assert fault["source"] == {"parameter": "filter[id]"}
    assert "filter[id]: 'x' is not an integer" in error


DECLARED = """\
import sqlalchemy as sa
from marshmallow import post_load
from marshmallow_jsonapi import Schema, fields
from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.resource import Resource


class Filters(FilterSet):
    name = Field(types.Text())


filters = Filters()
number = 7
table = sa.Table("names", sa.MetaData(), sa.Column("name", sa.Text, primary_key=True))
other = sa.Table("others", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))


class Made(FilterSet):
    def __init__(self, region: str) -> None:
        super().__init__()


class PersonSchema(Schema):
    id = fields.Str()

    class Meta:
        type_ = "people"

    @post_load
    def made(self, values, **options):
        return values


people = Resource(PersonSchema)
"""
OTHERS = {"raises": "\nraise KeyError('boom')\n", "ends": "raise SystemExit(3)\n", "broken": "def (\n"}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "declared_for_explain.py").write_text(DECLARED)
    for name, text in OTHERS.items():
        (tmp_path / f"declared_for_explain_{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return "declared_for_explain"


def test_declarations_of_ones_own_are_explained(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Filters", "filters"):
        told = explained(capsys, "filter[name-eq]=a", "--resource", f"{module}:{name}")
        assert told["sql"] is None
        assert told["predicate"] == {"and": [{"attribute": "name", "operator": "eq", "value": "a"}]}
    told = explained(capsys, "filter[name-eq]=a", "--resource", f"{module}:Filters", "--model", f"{module}:table")
    assert told["sql"]["parameters"] == {"p0": "a"}
    assert "FROM names" in told["sql"]["statement"]


def test_the_code_of_documents_is_shown_where_there_are_documents(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explained(capsys, QUERY, "--resource", "cdr-exports")["documents"] == CompiledSchema(CdrExportSchema).source
    assert explained(capsys, "filter[name-eq]=a", "--resource", f"{module}:Filters")["documents"] is None
    assert "Documents" not in explain(capsys, "filter[name-eq]=a", "--resource", f"{module}:Filters")


def test_the_code_that_reads_bodies_is_shown_where_there_are_documents(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = explain(capsys, QUERY, "--resource", "cdr-exports").partition("Posted bodies\n")[2]
    assert told.startswith("  def read(body, related, visible):\n")
    assert "data['type'] != 'cdr-exports'" in explained(capsys, QUERY, "--resource", "cdr-exports")["bodies"]
    assert "the schema loads in a way of its own" in explained(capsys, "", "--resource", f"{module}:people")["bodies"]
    assert explained(capsys, "filter[name-eq]=a", "--resource", f"{module}:Filters")["bodies"] is None


def test_the_stored_form_and_the_code_that_spells_it_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    stored = explained(capsys, QUERY, "--resource", "cdr-exports")["stored"]
    assert stored["form"] == {"status_in": ["Pending", "Failed"], "rows_count_gteq": 10}
    names: dict[str, Any] = {"other_0": list, "other_1": int}
    exec(stored["python"], names)  # noqa: S102  (it is what the library runs)
    assert names["write"](stored["form"].values()) == stored["form"]
    assert 'Stored form\n  {"status_in": [' in explain(capsys, QUERY, "--resource", "cdr-exports")
    grouped = "filter[or][1][duration-eq]=0&filter[or][2][duration-eq]=1"
    stored = explained(capsys, grouped, "--resource", "cdrs")["stored"]
    assert stored["form"] == {"or": [{"duration_eq": 0}, {"duration_eq": 1}]}
    assert stored["python"] is None
    assert 'Stored form\n  {"or": ' in explain(capsys, grouped, "--resource", "cdrs")
    assert "Stored form" not in explain(capsys, "", "--resource", "accounts")


def test_what_cannot_be_explained_is_told(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words, message in [
        (["--resource", "calls"], "'calls' is no resource; there are cdrs, cdr-exports"),
        (["--resource", "no_such_module:x"], "no_such_module:x cannot be imported: No module named"),
        (["--resource", ":x"], ":x cannot be imported: '' is no name of a module"),
        (["--resource", "..shop:x"], "..shop:x cannot be imported: '..shop' is no name of a module"),
        (
            ["--resource", f"{module}_raises:x"],
            f"{module}_raises:x cannot be imported: KeyError: 'boom' ({module}_raises.py, line 2)",
        ),
        (
            ["--resource", f"{module}_ends:x"],
            f"{module}_ends:x cannot be imported: SystemExit: 3 ({module}_ends.py, line 1)",
        ),
        (["--resource", f"{module}_broken:x"], f"{module}_broken:x cannot be imported: invalid syntax"),
        (
            ["--resource", f"{module}:Made"],
            f"{module}:Made cannot be made without arguments: Made.__init__() missing 1",
        ),
        (["--resource", f"{module}:nothing"], f"{module} has no 'nothing'"),
        (["--resource", f"{module}:number"], f"{module}:number is a int; a Resource, a QueryParser or a FilterSet"),
        (["--resource", f"{module}:Filters", "--dialect", "sqlite"], "--dialect needs a --model"),
        (
            ["--resource", f"{module}:Filters", "--model", f"{module}:other"],
            "sqlite cannot be asked this: name: others has no such column; it has id",
        ),
    ]:
        told = refused(capsys, "filter[name-eq]=a", *words)
        assert told[0].startswith(message), told
