"""The domain's SQLite file: whose it is, when it is filled, and when it is used as it is."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr import database
from jsonapi_sieve.cdr.database import Filling, ForeignFile, OtherData, open_database
from jsonapi_sieve.cdr.models import Cdr, CdrExport

UNTIL = datetime(2026, 3, 1, 7, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "cdr.sqlite"


def count(path: Path) -> int:
    with Session(open_database(path).engine) as session:
        return session.scalar(select(func.count()).select_from(Cdr)) or 0


def touch(path: Path) -> None:
    """Change the file as a client of the service would."""
    with Session(open_database(path).engine) as session:
        session.execute(delete(CdrExport))
        session.commit()


def is_touched(path: Path) -> bool:
    with Session(open_database(path).engine) as session:
        return session.scalars(select(CdrExport).limit(1)).first() is None


@pytest.mark.parametrize("terminal", [True, False])
def test_a_missing_file_is_filled_with_what_is_asked_for(
    path: Path, terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    opened = open_database(path, count=12, seed=3, until=UNTIL)
    assert (opened.filling, opened.is_new) == (Filling(12, 3, UNTIL), True)
    assert ("100%" in capsys.readouterr().err) is terminal
    assert count(path) == 12
    assert [file.name for file in path.parent.iterdir()] == ["cdr.sqlite"]


def test_a_file_is_used_as_it_is_whatever_it_was_filled_with(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_database(path, count=12, seed=3, until=UNTIL)
    touch(path)
    capsys.readouterr()
    opened = open_database(path)
    assert (opened.filling, opened.is_new) == (Filling(12, 3, UNTIL), False)
    assert is_touched(path)
    assert capsys.readouterr().err == ""


def test_what_a_file_was_filled_with_may_be_asked_for_again(path: Path) -> None:
    until = UNTIL + timedelta(microseconds=1)
    open_database(path, count=12, until=until)
    elsewhere = until.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert not open_database(path, count=12, seed=1, until=elsewhere).is_new
    assert not open_database(path, seed=1).is_new


def test_other_data_than_a_file_was_filled_with_is_refused_and_the_remedy_named(path: Path) -> None:
    open_database(path, count=1_200, until=UNTIL)
    touch(path)
    with pytest.raises(OtherData, match="not the count and until asked for; --refill") as caught:
        open_database(path, count=13, seed=1, until=UNTIL + timedelta(hours=1))
    assert "holds 1,200 calls up to 2026-03-01 07:00 UTC (seed 1)" in str(caught.value)
    with pytest.raises(OtherData, match="not the seed asked for"):
        open_database(path, seed=2)
    assert is_touched(path)


def test_tables_of_another_version_are_refused_and_the_remedy_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(path, count=12, until=UNTIL)
    monkeypatch.setattr(database, "_tables", lambda: "others")
    with pytest.raises(OtherData, match="tables of another version; --refill"):
        open_database(path)
    assert open_database(path, count=12, until=UNTIL, refill=True).is_new


def test_a_file_is_filled_anew_when_that_is_asked_for(path: Path) -> None:
    open_database(path, count=12, until=UNTIL)
    touch(path)
    opened = open_database(path, count=13, until=UNTIL, refill=True)
    assert (opened.filling, opened.is_new) == (Filling(13, 1, UNTIL), True)
    assert count(path) == 13
    assert not is_touched(path)


def test_the_log_of_a_file_that_is_still_open_elsewhere_does_not_get_into_a_new_one(path: Path) -> None:
    with open_database(path, count=12, until=UNTIL).engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("DELETE FROM cdrs")
        connection.commit()
        open_database(path, count=13, until=UNTIL, refill=True)
        assert count(path) == 13


def text_file(path: Path) -> None:
    path.write_text("a diary, and no database at all" * 100)


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE diary (entry)")


@pytest.mark.parametrize("make", [text_file, other_database])
@pytest.mark.parametrize("refill", [False, True])
def test_a_file_of_somebody_else_is_left_alone(make: Callable[[Path], None], refill: bool, tmp_path: Path) -> None:
    path = tmp_path / "diary"
    make(path)
    before = path.read_bytes()
    with pytest.raises(ForeignFile, match="was not made by serve"):
        open_database(path, refill=refill)
    assert path.read_bytes() == before


def test_an_interrupted_filling_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    open_database(path, count=12, until=UNTIL)
    monkeypatch.setattr(database, "fill", interrupt)
    for name in (path.name, "another.sqlite"):
        with pytest.raises(KeyboardInterrupt):
            open_database(path.with_name(name), refill=True)
    assert [file.name for file in path.parent.iterdir()] == ["cdr.sqlite"]
    assert count(path) == 12


def test_data_that_cannot_be_generated_is_refused_before_a_file_is_made(path: Path) -> None:
    with pytest.raises(ValueError, match="count must be at least 1"):
        open_database(path, count=0)
    with pytest.raises(OverflowError):
        open_database(path, count=2, until=datetime(1, 1, 1, tzinfo=UTC))
    assert not path.exists()
