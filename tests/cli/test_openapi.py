"""The command `openapi`: documents, tables and changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jsonapi_sieve.cdr import resources
from jsonapi_sieve.cdr.openapi import customer_api, did_api
from jsonapi_sieve.cli import main
from jsonapi_sieve.openapi import Collection, openapi
from tests.cdr import seeds

ROOT = "/api/rest/customer/v1"
OWN = """
from jsonapi_sieve.cdr.resources import ACCOUNTS, CDRS, TRANSPORT_PROTOCOLS
from jsonapi_sieve.openapi import Collection, openapi

resources = [CDRS, Collection(TRANSPORT_PROTOCOLS, "/protocols")]
document = openapi(ACCOUNTS, title="Accounts", version="3")
twice = (ACCOUNTS, ACCOUNTS)
others = [ACCOUNTS, "cdrs"]
number = 7


def make():
    return ACCOUNTS
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a directory with a module of a user's own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_api.py").write_text(OWN)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["openapi", *words]) == code
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(told(capsys, *words))


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["openapi", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.removeprefix("jsonapi-sieve openapi: error: ").removesuffix("\n")


def test_the_apis_of_the_domain_are_described_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys) == customer_api()
    assert document(capsys, "did") == did_api()


def test_resources_of_ones_own_are_described(capsys: pytest.CaptureFixture[str]) -> None:
    expected = openapi(
        resources.CDRS,
        Collection(resources.TRANSPORT_PROTOCOLS, "/protocols"),
        title="Calls",
        version="2",
        servers=["https://a.example", "/b"],
    )
    own = ["own_api:resources", "--title", "Calls", "--api-version", "2"]
    assert document(capsys, *own, "--server", "https://a.example", "--server", "/b") == expected
    assert document(capsys, "own_api:document")["info"] == {"title": "Accounts", "version": "3"}
    assert list(document(capsys, "own_api:make")["paths"]) == ["/accounts", "/accounts/{id}"]


def test_what_is_to_be_hidden_is(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "jsonapi_sieve.cdr.resources:ACCOUNTS", "--hide", "balance", "--hide", "cdrs")
    assert '"filter[balance-eq]"' not in text
    assert '"balance"' not in text
    assert "cdrs" not in text
    assert '"filter[min-balance-eq]"' in text


def test_the_tables_have_the_rows_of_the_published_page(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, rest = seeds.text("cdr_exports_listing").partition("\nParameters\n\n")
    page = rest.partition("\n\n")[0]
    text = told(capsys, "--format", "table")
    assert text.startswith(f"GET {ROOT}/cdr-exports\n\n{page}\nfilter[account.name-eq] ")
    marked = told(capsys, "--format", "markdown")
    assert marked.startswith(
        f"## GET {ROOT}/cdr-exports\n\n| Name | Description |\n|---|---|\n| filter[id] | id filter |"
    )
    assert f"\n## POST {ROOT}/cdr-exports\n\n| Name | Description |\n|---|---|\n| data[type] | " in marked


def test_changes_are_told_with_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old.json"
    old.write_text(told(capsys, "own_api:make"))
    assert told(capsys, "own_api:make", "--diff", str(old)) == "Nothing changed.\n"
    assert document(capsys, "own_api:make", "--diff", str(old), "--json") == {"differences": []}
    hidden = ["own_api:make", "--diff", str(old), "--hide", "currency"]
    lines = told(capsys, *hidden, code=1).splitlines()
    assert lines == [
        "breaking: GET /accounts sort[]: the value 'currency' is gone",
        "breaking: GET /accounts sort[]: the value '-currency' is gone",
        "breaking: GET /accounts fields[accounts][]: the value 'currency' is gone",
        "breaking: accounts.attributes.currency: is gone",
        "breaking: GET /accounts/{id} fields[accounts][]: the value 'currency' is gone",
    ]
    first, *_ = json.loads(told(capsys, *hidden, "--format", "json", code=1))["differences"]
    message = "the value 'currency' is gone"
    assert first == {"breaking": True, "place": "GET /accounts sort[]", "message": message}
    marked = told(capsys, *hidden, "--format", "markdown", code=1)
    assert marked.startswith(f"* **breaking** `GET /accounts sort[]`: {message}\n")


def test_what_is_only_new_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old.json"
    old.write_text(told(capsys, "own_api:make", "--hide", "currency"))
    assert "harmless: accounts.attributes.currency: is new\n" in told(capsys, "own_api:make", "--diff", str(old))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cdrs"], "'cdrs' is no API; there are customer, did, or write module:name"),
        (["own_api:nothing"], "own_api has no 'nothing'; write module:name"),
        (["no_such_module:x"], "no_such_module:x cannot be imported: No module named 'no_such_module'"),
        (
            ["own_api:number"],
            "own_api:number is of the type int; a Resource, a Collection, or several in a list are needed",
        ),
        (
            ["own_api:others"],
            "own_api:others is of the type str; a Resource, a Collection, or several in a list are needed",
        ),
        (["own_api:twice"], "there are 2 resources of the type 'accounts'; describe one of each"),
        (["--diff", "missing.json"], "missing.json cannot be read: No such file or directory"),
        (["--diff", "own_api.py"], "own_api.py is no JSON: Expecting value: line 2 column 1 (char 1)"),
        (["--diff", "list.json"], "list.json is no OpenAPI document in JSON"),
        (["--diff", "swagger.json"], "swagger.json is no OpenAPI document in JSON"),
    ],
)
def test_what_cannot_be_described_is_refused(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "swagger.json").write_text('{"swagger": "2.0", "paths": {}}')
    assert refusal(capsys, *words) == message


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["openapi", "--help"])
    assert ended.value.code == 0
    assert "\n  jsonapi-sieve openapi shop.api:resources --diff openapi.json\n" in capsys.readouterr().out
