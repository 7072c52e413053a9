"""The command `conformance`, on a server of the tests' own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from jsonapi_sieve.cli import conformance, main
from jsonapi_sieve.testing.conformance import Limits, check
from tests.serving import nobody

ROWS = {"data": [{"type": "books", "id": "1", "attributes": {"pageCount": 1}}]}
ASKED: list[dict[str, Any]] = []


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (as it is named there)
        """Tell nobody."""


def books(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    ASKED.append(environ)
    found = environ["PATH_INFO"] == "/books"
    start_response("200 OK" if found else "404 Not Found", [("Content-Type", "application/vnd.api+json")])
    return [json.dumps(ROWS if found else {"errors": [{"status": "404"}]}).encode()]


@pytest.fixture
def url() -> Iterator[str]:
    with make_server("127.0.0.1", 0, books, handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        ASKED.clear()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(*arguments: str) -> int:
    return main(["conformance", *arguments])


def test_a_collection_is_checked_by_its_url(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{url}/books") == 1
    told = capsys.readouterr().out
    assert "FET-01  kept     " in told
    assert "QRY-07  BROKEN   " in told
    assert "GET /books?madeup=1: The answer to an unknown parameter is 200, and has to be 400." in told
    assert {each["REQUEST_METHOD"] for each in ASKED} == {"GET", "HEAD"}


def test_what_writes_is_sent_where_a_body_creates_unless_that_is_not_wished(url: str, tmp_path: Path) -> None:
    file = tmp_path / "api.toml"
    file.write_text('[[collections]]\npath = "/books"\ncreate = {data = {type = "books"}}\n')
    assert run(url, "--description", str(file)) == 1
    assert {each["REQUEST_METHOD"] for each in ASKED} == {"GET", "HEAD", "POST", "PATCH", "DELETE"}
    changed = {each["PATH_INFO"] for each in ASKED if each["REQUEST_METHOD"] in ("PATCH", "DELETE")}
    assert len(changed) == 1
    assert "/books/1" not in changed
    ASKED.clear()
    assert run(url, "--description", str(file), "--no-create") == 1
    assert {each["REQUEST_METHOD"] for each in ASKED} == {"GET", "HEAD"}


def test_a_description_and_headers_are_read(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "api.toml"
    file.write_text('headers = {"Accept-Language" = "en"}\n[[collections]]\npath = "/books"\n')
    assert run(url, "--description", str(file), "--header", "Authorization: Bearer x:y", "--only", "FET-01,CN-01") == 0
    assert {(each["HTTP_AUTHORIZATION"], each["HTTP_ACCEPT_LANGUAGE"]) for each in ASKED} == {("Bearer x:y", "en")}
    assert capsys.readouterr().out.splitlines()[-1] == "0 rules are broken; 2 are kept."


def test_the_report_is_json_if_that_is_wished(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{url}/books", "--json", "--only", "FET-01") == 0
    assert json.loads(capsys.readouterr().out)["checked"] == ["FET-01"]


def test_what_is_recommended_counts_if_it_shall(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{url}/books", "--only", "REC-04") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 recommended rule is not kept; 0 are kept."
    assert run(f"{url}/books", "--only", "REC-04", "--recommended") == 1


def test_rules_that_do_not_suit_are_left_out(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (f"{url}/books", "--only", "FET-01,REC-04", "--recommended")
    assert run(*arguments) == 1
    assert run(*arguments, "--except", "REC-04,CN") == 0
    assert run(*arguments, "--except", "XX") == 2
    assert "'XX' is no rule and no section of them" in capsys.readouterr().err


def test_progress_is_told(url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "_QUIET", 0.0)
    run(f"{url}/books", "--only", "FET-01")
    assert capsys.readouterr().err == f"checking {url}/books: FET-01 ...\n"


def test_a_server_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with nobody() as url:
        assert run(url) == 2
        told = capsys.readouterr()
        assert "no answer (ConnectError" in told.out
        assert f"error: nothing of {url} could be checked" in told.err
        assert run(url, "--only", "QRY") == 2
        assert "FET-01  BROKEN" in capsys.readouterr().out


def test_where_nothing_could_be_checked_that_is_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{url}/books", "--only", "CRE-05") == 2
    assert "error: nothing of http://127.0.0.1" in capsys.readouterr().err


def test_a_check_that_was_cut_short_has_no_good_end(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = partial(check, limits=Limits(requests=12))
    monkeypatch.setattr(conformance, "check", few)
    assert run(f"{url}/books", "--only", "CN-01") == 2
    told = capsys.readouterr()
    assert "CN-01  kept" in told.out
    assert "was cut short: The 12 requests that may be sent are used up." in told.err
    assert run(f"{url}/books", "--only", "CN-01,CN-07") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: url"),
        (["books"], "'books' is no URL that begins with http:// or https://"),
        (["ftp://localhost"], "is no URL that begins with"),
        (["http://\x00"], "is no URL: "),
        (["http://localhost", "--header", "x"], "'x' is no header; it has to be 'Name: value'"),
        (["http://localhost", "--header", ": x"], "is no header"),
    ],
)
def test_bad_arguments_are_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_what_cannot_be_worked_with_is_refused(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(url, "--only", "XX") == 2
    assert "'XX' is no rule and no section of them" in capsys.readouterr().err
    assert run(url, "--description", str(tmp_path / "none.toml")) == 2
    assert "is no description" in capsys.readouterr().err


def test_a_fault_of_the_kit_is_not_taken_for_one_of_the_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise ValueError("Oops")

    monkeypatch.setattr(conformance, "check", fail)
    with pytest.raises(ValueError, match="Oops"):
        run("http://localhost")


def test_only_its_own_packages_are_needed() -> None:
    def run_without(package: str, *words: str) -> subprocess.CompletedProcess[str]:
        code = (
            f"import sys; sys.modules[{package!r}] = None; from jsonapi_sieve.cli import main; sys.exit(main({words}))"
        )
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603

    assert run_without("jwt", "conformance", "--help").returncode == 0
    ended = run_without("httpx", "conformance", "http://localhost")
    assert ended.returncode == 2
    assert 'pip install "jsonapi-sieve[conformance]"' in ended.stderr
