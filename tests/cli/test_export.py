"""The command `export`: run, list, retry, delete, clean, and what it refuses."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from jsonapi_sieve.cdr.database import open_database
from jsonapi_sieve.cdr.exporting.files import Digested
from jsonapi_sieve.cli import main
from tests.cdr.exporting.databases import UNTIL, endless, order, sqlite
from tests.patience import PATIENCE

Called = Callable[..., list[str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    with sqlite(tmp_path) as engine:
        order(engine, 1)
        order(engine, 2, status="Failed", reason="the disk was full")
    return f"sqlite:///{tmp_path / 'cdr.sqlite'}"


@pytest.fixture
def call(url: str, capsys: pytest.CaptureFixture[str]) -> Called:
    """Call a command on the database; gives the lines that it prints."""

    def call(*words: str, code: int = 0) -> list[str]:
        assert main(["export", *words, "--database-url", url]) == code
        return capsys.readouterr().out.splitlines()

    return call


def test_what_waits_is_run_and_told(call: Called, tmp_path: Path) -> None:
    (line,) = call("run")
    assert line.startswith("00000000-0000-4000-8000-000000000001  cdr-exports  Completed ")
    (file,) = (tmp_path / "exports").iterdir()
    with gzip.open(file, "rt", newline="") as lines:
        _, *rows = csv.reader(lines)
    assert f"  {len(rows):,} rows  {file.stat().st_size:,} bytes" in line
    assert call("run") == []


def test_once_ends_after_one_order(call: Called, tmp_path: Path) -> None:
    call("retry", "00000000-0000-4000-8000-000000000002")
    assert len(call("run", "--once", "--folder", str(tmp_path / "elsewhere"))) == 1
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1
    assert len(call("run", "--once")) == len(list((tmp_path / "exports").iterdir())) == 1
    assert call("run", "--once") == []


def test_a_list_for_people_and_one_for_machines(call: Called) -> None:
    call("run")
    assert [line.split()[2] for line in call("list")] == ["Completed", "Failed"]
    assert call("list", "--status", "failed")[0].endswith("the disk was full")
    done, failed = map(json.loads, call("list", "--json"))
    assert (failed["status"], failed["reason"], failed["file"]) == ("Failed", "the disk was full", None)
    assert done["kind"] == "cdr-exports"
    assert done["bytes"] == len(Path(done["file"]).read_bytes())
    assert done["rows"] > 0


def test_what_fails_is_told_by_the_exit_code_and_tried_again(
    call: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Digested, "write", refuse)
        (line,) = call("run", "--folder", str(tmp_path / "full"), code=1)
    assert line.endswith(f"the file cannot be written: No space left on device (ENOSPC), in {tmp_path / 'full'}")
    assert line in call("list", "--status", "failed")
    assert "Pending" in call("retry", "00000000-0000-4000-8000-000000000001")[0]
    assert "Completed" in call("run")[0]


def test_all_that_failed_is_tried_again(call: Called, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("retry", "--failed", "--kind", "did-exports", "--json") == []
    assert "no export has failed" in call("retry", "--failed", "--kind", "did-exports")
    (line,) = call("retry", "--failed", "--json")
    told = json.loads(line)
    assert (told["id"], told["status"], told["reason"]) == ("00000000-0000-4000-8000-000000000002", "Pending", None)
    assert call("list", "--status", "failed") == []
    for words in ((), ("x", "--failed"), ("--failed", "--kind", "others")):
        with pytest.raises(SystemExit) as raised:
            main(["export", "retry", *words, "--database-url", url])
        assert raised.value.code == 2
    assert "invalid choice: 'others'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("--once",), ("--watch",)])
@pytest.mark.parametrize("status", ["Pending", "Failed"])
def test_a_folder_that_cannot_be_used_is_refused_before_an_order_is_taken(
    status: str, words: tuple[str, ...], call: Called, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE cdr_exports SET status = ?", (status,))
    before = call("list", "--json")
    (tmp_path / "afile").touch()
    for folder, said in ((tmp_path / "afile", "Not a directory"), (Path("/proc/x"), "No such file or directory")):
        assert main(["export", "run", *words, "--folder", str(folder), "--database-url", url]) == 2
        assert f"{folder} cannot be written: {said}" in capsys.readouterr().err
    assert call("list", "--json") == before


def test_what_no_runner_takes_is_said_to_be_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    assert main(["generate", "--database-url", url, "--count", "1"]) == 0
    assert main(["export", "run", "--once", "--database-url", url]) == 0
    capsys.readouterr()
    for status, kept in (("pending", 4), ("processing", 1), ("completed", 0)):
        listing = ["export", "list", "--status", status, "--database-url", url]
        assert main(listing) == main([*listing, "--json"]) == 0
        lines = capsys.readouterr().out.splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        assert [
            line.split()[0] for line in lines if line.endswith("an example of the documents, which no runner takes")
        ] == [each["id"] for each in told if each["kept"]]
        assert sum(each["kept"] for each in told) == kept


def test_deleting_and_cleaning(call: Called, tmp_path: Path) -> None:
    call("run")
    assert call("clean", "--older-than", "1") == [
        "0 exports deleted, 0 files of theirs removed, 0 that belonged to none"
    ]
    assert call("delete", "00000000-0000-4000-8000-000000000001")[0].endswith("  files removed: 1")
    assert list((tmp_path / "exports").iterdir()) == []
    assert json.loads(call("clean", "--json")[0]) == {"deleted": 0, "files": 0, "missing": 0, "orphans": 0}


def test_files_that_are_not_where_they_are_looked_for_are_told(
    call: Called, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*words: str) -> tuple[str, str]:
        assert main(["export", *words, "--database-url", url]) == 0
        out, err = capsys.readouterr()
        return out, err

    folder = ("--folder", str(tmp_path / "files"))
    id_ = "00000000-0000-4000-8000-000000000001"
    call("run", *folder)
    call("retry", "00000000-0000-4000-8000-000000000002")
    call("run", *folder)
    out, err = told("delete", id_, "--json")
    assert (json.loads(out)["removed"], json.loads(out)["status"]) == (0, "Deleted")
    assert f"warning: no file of {id_} is in {tmp_path / 'exports'}; if the files are elsewhere, export clean" in err
    out, err = told("clean", "--older-than", "0")
    assert out == "1 exports deleted, 0 files of theirs removed, 0 that belonged to none\n"
    assert f"warning: there is no folder {tmp_path / 'exports'}; " in err
    assert len(list((tmp_path / "files").iterdir())) == 2
    assert told("clean", *folder) == ("0 exports deleted, 0 files of theirs removed, 2 that belonged to none\n", "")
    assert list((tmp_path / "files").iterdir()) == []


def test_files_that_are_in_none_of_the_folders_are_counted(
    call: Called, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("run")
    (tmp_path / "other").mkdir()
    words = ["export", "clean", "--older-than", "0", "--folder", str(tmp_path / "other"), "--json"]
    assert main([*words, "--database-url", url]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"deleted": 1, "files": 0, "missing": 1, "orphans": 0}
    assert f"warning: the files of 1 are not in {tmp_path / 'other'}; " in err


@pytest.mark.parametrize("words", [("retry", "x"), ("lay-out", "calls")])
def test_a_folder_of_files_is_for_those_who_touch_one(
    words: tuple[str, ...], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", *words, "--folder", "files", "--database-url", url])
    assert ended.value.code == 2
    assert "unrecognized arguments: --folder" in capsys.readouterr().err


def test_a_file_that_generate_filled_is_named_by_its_address(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "list", "--database", str(tmp_path / "cdr.sqlite")]) == 2
    said = capsys.readouterr().err
    assert "was not made by serve" in said
    assert f"--database-url a database of your own, such as generate fills: {url}" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retry", "nothing"), "there is no export nothing"),
        (("retry", "nothing", "--kind", "did-exports"), "--kind is for --failed"),
        (("delete", "nothing"), "there is no export nothing"),
        (("retry", "00000000-0000-4000-8000-000000000001"), "is Pending; only what is Failed is tried again"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], said: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *words, "--database-url", url]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [("delete", "00000000-0000-4000-8000-000000000001"), ("clean",)])
def test_what_cannot_be_removed_is_told(
    words: tuple[str, ...], call: Called, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    call("run")
    monkeypatch.setattr(Path, "unlink", refuse)
    if words == ("clean",):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute("UPDATE cdr_exports SET status = 'Deleted'")
    assert main(["export", *words, "--database-url", url]) == 2
    said = capsys.readouterr().err
    assert "00000000-0000-4000-8000-000000000001.csv" in said
    assert "cannot be removed, so do this again: Permission denied" in said


def test_a_database_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--database", str(tmp_path / "none.sqlite")], ["--database-url", f"sqlite:///{tmp_path}/none"]):
        assert main(["export", "run", *words]) == 2
        assert "serve" in capsys.readouterr().err
    assert list(tmp_path.glob("none*")) == []


def without_a_column(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE cdr_exports DROP COLUMN claimed_by")


@pytest.mark.parametrize("command", [["export", "run"], ["serve", "--port", "0"]])
def test_the_tables_of_another_version_are_refused_and_the_remedy_named(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cdr.sqlite"
    with sqlite(tmp_path):
        pass
    without_a_column(path)
    assert main([*command, "--database-url", f"sqlite:///{path}"]) == 2
    said = capsys.readouterr().err
    assert "table cdr_exports lacks claimed_by" in said
    assert "--refill" in said


def test_a_file_of_another_version_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cdr.sqlite"
    open_database(path, count=10, until=UNTIL)
    monkeypatch.setattr("jsonapi_sieve.cdr.database._tables", lambda: "others")
    assert main(["export", "run", "--database", str(path)]) == 2
    assert "has the tables of another version; --refill fills it anew" in capsys.readouterr().err


@pytest.mark.heavy
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_runner_that_is_told_to_end_gives_its_order_back(
    number: int, code: int, lasting: bool, tmp_path: Path
) -> None:
    with sqlite(tmp_path) as engine:
        order(engine, 1)
        command = [sys.executable, "-m", "jsonapi_sieve.cli", "export", "run", "--watch", "--json", "--database-url"]
        with subprocess.Popen([*command, str(engine.url)], stdout=subprocess.PIPE) as process:  # noqa: S603
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["status"] == "Completed"
            (endless if lasting else long)(engine)
            order(engine, 2)
            while not list((tmp_path / "exports").glob(".*.part")):
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(number)
            said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert [json.loads(line)["status"] for line in said.splitlines()] == ["Pending"]
    assert len(list((tmp_path / "exports").iterdir())) == 1
    with closing(sqlite3.connect(tmp_path / "cdr.sqlite")) as connection:
        *_, told = connection.execute("SELECT status, claimed_by, attempts FROM cdr_exports ORDER BY id")
    assert told == ("Pending", None, 0)


def long(engine: Engine) -> None:
    """Make a file long."""
    with engine.begin() as connection:
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
        columns = [column for column in _columns(connection.connection.driver_connection) if column != "id"]
        named = ", ".join(columns)
        connection.exec_driver_sql(f"{rows} INSERT INTO cdrs ({named}) SELECT {named} FROM cdrs, n")  # noqa: S608


def _columns(connection: Any) -> list[str]:
    return [row[1] for row in connection.execute("PRAGMA table_info(cdrs)")]
