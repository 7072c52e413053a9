"""The command `serve`, run as users run it, on fewer calls."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.database import open_database
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Account, Base
from jsonapi_sieve.cli import databases, main
from jsonapi_sieve.service import open_engine
from tests.cdr import seeds
from tests.patience import PATIENCE, until

ROOT = "/api/rest/customer/v1"


class Running:
    """A running command, what it printed before it began to serve, and the requests among that."""

    def __init__(self, process: subprocess.Popen[str], requests: int) -> None:
        self.process = process
        lines: list[str] = []
        assert process.stdout is not None
        while sum(line.startswith("curl ") for line in lines) < requests:
            line = process.stdout.readline()
            assert line, "the command ended early"
            lines.append(line)
        self.text = "".join(lines)
        self.requests = [shlex.split(line) for line in lines if line.startswith("curl ")]

    @property
    def url(self) -> str:
        return url_of(self.requests[0]).partition(ROOT)[0]

    def end(self) -> str:
        """End the command by Ctrl-C; gives what it printed in the end."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return rest


@contextmanager
def serving(folder: Path, *arguments: str, requests: int = 7) -> Iterator[Running]:
    command = [sys.executable, "-m", "jsonapi_sieve.cli", "serve", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    with (folder / "stderr").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)  # noqa: S603
    try:
        yield Running(process, requests)
    finally:
        process.kill()
        process.communicate()


def url_of(words: list[str]) -> str:
    """Give the address of a curl line."""
    assert words[:2] == ["curl", "-g"]
    return next(word for word in words if word.startswith("http://"))


def get(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=PATIENCE)


def ask(words: list[str]) -> httpx.Response:
    """Send the request of a curl line."""
    url = url_of(words)
    headers = dict(value.split(": ", 1) for flag, value in pairwise(words) if flag == "-H")
    if "-d" in words:
        return httpx.post(url, headers=headers, content=words[words.index("-d") + 1], timeout=PATIENCE)
    return get(url, headers=headers)


def file_of(words: list[str]) -> bytes:
    """Send the request for a file until there is one."""
    assert words[2:5] == ["-f", "-o", "calls.csv.gz"]
    until(lambda: ask(words).status_code == 200)
    return ask(words).content


def test_the_printed_requests_are_answered_as_documented(tmp_path: Path) -> None:
    with serving(tmp_path, "--count", "50") as running:
        answers = [ask(words) for words in running.requests]
        assert [answer.status_code for answer in answers[:6]] == [200, 201, 200, 200, 200, 201]
        assert file_of(running.requests[6])[:2] == b"\x1f\x8b"
        body = json.loads(running.requests[1][running.requests[1].index("-d") + 1])
        assert body == seeds.bodies("cdr_exports_creation")[0]
        assert answers[3].json()["data"]["attributes"] == seeds.bodies("cdr")[0]["data"]["attributes"]
        assert "50 calls up to" in running.text
        for line in running.text.splitlines():
            assert not line.startswith("curl") or " 'http://" in line
        query = url_of(running.requests[4]).removeprefix(f"{running.url}{ROOT}/cdrs?")
        assert query == "filter[duration-gteq]=60&sort=-customer-price&page[size]=2"
        for path in (f"{ROOT}/cdrs/8", "/v3/cdr_exports"):
            assert get(running.url + path).status_code == 401
        [link] = [line.strip() for line in running.text.splitlines() if "/explorer/open?token=" in line]
        opened = [httpx.request(method, link, timeout=PATIENCE) for method in ("GET", "POST", "GET")]
        assert [answer.status_code for answer in opened] == [200, 303, 410]
        assert running.end() == "\nEnded.\n"
        assert running.process.returncode == 0
    errors = (tmp_path / "stderr").read_text()
    assert "Generating" not in errors  # how far that is, is for terminals
    assert "Traceback" not in errors


def test_options_are_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--allowed-host", "Example.org", "--trust-proxy", "127.0.0.0/8", "--require-times"]
    options += ["--exports", str(tmp_path / "files"), "--export-times", "--exports-limit", "0"]
    database = ["--database", str(tmp_path / "calls.sqlite"), "--secret-file", str(tmp_path / "secret")]
    with serving(tmp_path, "--count", "10", "--no-explorer", *options, *database) as running:
        assert "in a browser" not in running.text
        assert get(running.url).status_code == 404
        command = [sys.executable, "-m", "jsonapi_sieve.cli", "token", "--customer", "N"]
        assert f"{shlex.join([*command, '--secret-file', str(tmp_path / 'secret')])} makes tokens" in running.text
        through = [*running.requests[3], "-H", "Host: example.org", "-H", "X-Forwarded-Proto: https"]
        assert ask(through).json()["data"]["links"]["self"] == f"https://example.org{ROOT}/cdrs/8"
        order = running.requests[1]
        order[order.index("-d") + 1] = order[order.index("-d") + 1].replace('"time_start_lt"', '"nothing"')
        assert [ask(words).status_code for words in (order, running.requests[5])] == [422, 429]
        assert ask(running.requests[0]).json()["data"][0]["attributes"]["time-format"] == "with_timezone"
        file = file_of(running.requests[6])
        assert file in [each.read_bytes() for each in (tmp_path / "files").glob("*.csv.gz")]
        assert f"The files of exports, which it writes, are in {tmp_path / 'files'}." in running.text
        assert main(["token", "--customer", "2", "--secret-file", str(tmp_path / "secret")]) == 0
        headers = {"Authorization": capsys.readouterr().out.strip()}
        assert get(f"{running.url}{ROOT}/cdrs/8", headers=headers).status_code == 404
        assert get(f"{running.url}{ROOT}/accounts", headers=headers).json()["meta"] == {"total-count": 2}


def test_the_first_customer_needs_no_token_if_that_is_wished(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'own.sqlite'}")
    generate(engine, count=1)
    with Session(engine) as session, session.begin():
        session.add(
            copy_of(session.scalars(select(Account)).all()[0], id=str(UUID(int=0)), customer_id=0, name="First")
        )
    engine.dispose()
    with serving(tmp_path, "--no-auth", "--no-exports", "--database-url", str(engine.url), requests=4) as running:
        assert "The files of exports, which others write, are in" in running.text
        assert "Requests without a token are those of customer 0." in running.text
        (account,) = get(f"{running.url}{ROOT}/accounts").json()["data"]
        assert account["attributes"]["name"] == "First"
        assert "Authorization" not in running.text
        assert "Api-Key" not in running.text
        assert "valid for" not in running.text
        assert [ask(words).status_code for words in running.requests] == [200, 201, 200, 201]
    assert not (tmp_path / "exports").exists()


def copy_of(account: Account, **changes: object) -> Account:
    columns = Account.__table__.columns.keys()
    return Account(**{name: vars(account)[name] for name in columns} | changes)


@pytest.mark.parametrize(("host", "shown"), [("::", "[::1]"), ("::1", "[::1]"), ("0.0.0.0", "127.0.0.1")])  # noqa: S104
def test_the_printed_requests_reach_whatever_address_is_listened_at(tmp_path: Path, host: str, shown: str) -> None:
    with serving(tmp_path, "--count", "1", "--host", host) as running:
        assert f"//{shown}:" in running.url
        assert ask(running.requests[3]).status_code == 200


def test_a_database_of_old_calls_is_said_to_be_one(tmp_path: Path, state: Path) -> None:
    open_database(state / "cdr.sqlite", count=2, until=datetime.now(UTC) - timedelta(hours=25))
    with serving(tmp_path) as running:
        assert "none of the last 24 hours" in running.text
        assert "--refill" in running.text
        running.end()
    with serving(tmp_path, "--refill", "--count", "2") as running:
        assert "24 hours" not in running.text


def test_what_is_added_is_there_the_next_time(tmp_path: Path) -> None:
    with serving(tmp_path, "--count", "10") as running:
        location = ask(running.requests[1]).headers["location"].removeprefix(running.url)
        running.end()
    with serving(tmp_path) as running:
        assert "as an earlier run left them" in running.text
        request = [*running.requests[0][:3], running.url + location, *running.requests[0][4:]]
        assert ask(request).status_code == 200
    with serving(tmp_path, "--refill", "--count", "10") as running:
        request[3] = running.url + location
        assert ask(request).status_code == 404


def test_an_empty_database_of_the_users_own_is_filled_when_that_is_agreed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    with serving(tmp_path, "--database-url", url, "--fill", "--count", "10") as running:
        assert ask(running.requests[3]).status_code == 200
        assert url in running.text
    assert "Generating" not in (tmp_path / "stderr").read_text()


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments]) == 2
    error = capsys.readouterr().err
    assert "usage:" not in error
    assert error.splitlines()[-1].startswith("jsonapi-sieve serve: error: ")
    return error


@pytest.fixture
def small() -> list[str]:
    return ["--port", "0", "--count", "1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "65536"], "no whole number from 0 to 65535"),
        (["--port", "http"], "no whole number"),
        (["--allowed-host", "http://example.org"], "is no host such as"),
        (["--allowed-host", "example.org:80"], "is no host such as"),
        (["--trust-proxy", "proxy"], "does not appear to be an IPv4 or IPv6 network"),
        (["--trust-proxy", "10.0.0.1/8"], "has host bits set"),
        (["--data", "x"], "unrecognized arguments"),
    ],
)
def test_arguments_that_cannot_be_read_are_refused_with_the_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", *arguments])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: jsonapi-sieve")
    assert message in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "256.0.0.1"], "cannot be opened"),
        (["--host", "0.0.0.0", "--no-auth"], "loopback only"),  # noqa: S104  (it is refused)
        (["--count", "0"], "count must be at least 1"),
        (["--database", "."], "was not made by serve"),
        (["--database-url", "nonsense"], "the database cannot be used"),
        (["--database-url", "sqlite://"], "name a file"),
        (["--database-url", "sqlite:////nowhere/at/all.sqlite", "--fill"], "unable to open database file"),
        (["--database-url", "mysql://x/y"], "the service runs on sqlite and postgresql, not on 'mysql'"),
        (["--database-url", "postgresql+psycopg://127.0.0.1:1/x"], "connection failed"),
        (["--database-url", "sqlite:///x.sqlite", "--database", "y.sqlite"], "--database and --refill are for"),
        (["--database-url", "sqlite:///x.sqlite", "--refill"], "--database and --refill are for"),
        (["--fill"], "--fill is for a --database-url"),
        (["--no-auth", "--trust-proxy", "0.0.0.0/0"], "--no-auth is for loopback only"),
        (["--no-auth", "--allowed-host", "example.org"], "--no-auth is for loopback only"),
    ],
)
def test_what_cannot_be_served_with_is_refused_in_one_line(
    arguments: list[str], message: str, small: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal(capsys, *small, *arguments)


def test_a_port_that_is_taken_is_refused(small: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.0.1 cannot be opened: Address already in use" in refusal(
            capsys, *small, "--port", str(port)
        )


def test_a_file_of_somebody_else_is_left_alone(
    small: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "diary"
    file.write_text("a diary, and no database at all" * 100)
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as connection:
        connection.execute("CREATE TABLE accounts (name)")
    other = (tmp_path / "other.sqlite").read_bytes()
    assert "some of the tables" in refusal(capsys, *small, "--database-url", f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert (tmp_path / "other.sqlite").read_bytes() == other
    before = file.read_bytes()
    assert "was not made by serve" in refusal(capsys, *small, "--database", str(file))
    assert "cannot be used" in refusal(capsys, *small, "--database-url", f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_database_without_some_of_the_tables_is_refused(
    small: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'own.sqlite'}")
    Base.metadata.tables["accounts"].create(engine)
    engine.dispose()
    assert "not cdr_exports, cdrs," in refusal(capsys, *small, "--database-url", engine.url.render_as_string())


@pytest.mark.parametrize(("answer", "filled"), [("y", True), ("n", False), ("", False), (None, False)])
def test_an_empty_database_is_filled_only_if_that_is_agreed(
    answer: str | None,
    filled: bool,
    small: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Filled(Exception):
        pass

    def fill(*_: object, **__: object) -> None:
        raise Filled

    monkeypatch.setattr(databases, "generate", fill)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: answer is not None)
    arguments = [*small, "--database-url", f"sqlite:///{tmp_path / 'own.sqlite'}"]
    if filled:
        with pytest.raises(Filled):
            main(["serve", *arguments])
    else:
        assert "--fill fills it" in refusal(capsys, *arguments)
        assert not (tmp_path / "own.sqlite").exists()


def test_what_to_generate_is_not_asked_of_a_database_that_is_filled(
    small: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'own.sqlite'}")
    generate(engine, count=1)
    engine.dispose()
    assert "--count and --seed are for" in refusal(capsys, *small, "--database-url", str(engine.url))
    assert "--count and --seed are for" in refusal(
        capsys, "--port", "0", "--database-url", str(engine.url), "--seed", "2"
    )


def test_a_folder_that_cannot_be_written_is_refused_and_orders_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, database = tmp_path / "afile", tmp_path / "own.sqlite"
    folder.touch()
    engine = open_engine(f"sqlite:///{database}")
    generate(engine, count=1)
    engine.dispose()
    before = database.read_bytes()
    arguments = ["--port", "0", "--database-url", str(engine.url), "--exports", str(folder)]
    assert f"{folder} cannot be written: Not a directory" in refusal(capsys, *arguments)
    assert database.read_bytes() == before


def test_missing_packages_are_told() -> None:
    script = "import sys; sys.modules['jwt'] = None; from jsonapi_sieve.cli import main; sys.exit(main(['token']))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 2
    assert 'pip install "jsonapi-sieve[service]"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_where_to_call_is_told_to_machines(
    small: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Ended:
        def __init__(self, _: object) -> None:
            pass

        def run(self, **_: object) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr("jsonapi_sieve.cli.serve.make_server", Ended)
    assert main(["serve", *small, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["url"].startswith("http://127.0.0.1:")
    assert told["customer"] == 1
    assert [shlex.split(line)[:3] for line in told["requests"]] == [["curl", "-g", "-i"]] * 6 + [["curl", "-g", "-f"]]
    assert told["explorer"].startswith(f"{told['url']}/explorer/open?token=")
    assert told["token"] in told["requests"][0]
    assert told["key"] in told["requests"][2]


def test_ctrl_c_before_serving_ends_quietly(
    small: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(databases, "open_database", interrupt)
    assert main(["serve", *small]) == 130
    assert "Traceback" not in capsys.readouterr().err
