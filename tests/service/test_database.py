"""The service's connections: what they are to a file, to whoever waits, and to the log."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jsonapi_sieve.service import database, open_engine
from tests.service.running import ROOT, errors_of, new_database, service_of
from tests.service.test_creation import order


def test_a_database_that_stays_locked_is_answered_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    engine = new_database(tmp_path, count=1)
    with service_of(engine) as service, closing(sqlite3.connect(tmp_path / "cdr.sqlite")) as other:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
        monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
        other.execute("BEGIN IMMEDIATE")
        response = service.post(f"{ROOT}/cdr-exports", order({"src_prefix_routing_eq": "a number"}))
        (error,) = errors_of(response, 503)
        assert (error["code"], response.headers["retry-after"]) == ("unavailable", "1")
        assert service.get(f"{ROOT}/cdrs/8").status_code == 200
        other.rollback()
        assert service.post(f"{ROOT}/cdr-exports", order()).status_code == 201
    engine.dispose()
    assert "database is locked" in caplog.text
    assert "a number" not in caplog.text


def test_a_statement_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_STEPS", 1000)
    engine = new_database(tmp_path, count=2000)
    with service_of(engine) as service:
        listing = f"{ROOT}/cdrs?filter[src-name-in-cont]=zzz&filter[time-start-gt]=2000-01-01"
        assert service.get(listing).status_code == 200
        monkeypatch.setattr(database, "_LONGEST", -1)
        (error,) = errors_of(service.get(listing), 503)
        assert error["code"] == "statement-timeout"
        monkeypatch.undo()
        assert service.get(listing).status_code == 200
    engine.dispose()


def test_no_fault_of_a_statement_tells_its_values(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT * FROM nothing WHERE number = :number"), {"number": "a number"})
    engine.dispose()
    assert "a number" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&cache=shared&uri=true",
        "sqlite:///file::memory:?uri=true",
    ],
)
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="in memory"):
        open_engine(url)
