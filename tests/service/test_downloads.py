"""Files of exports over HTTP: who gets which, whole, in parts, or not at all."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.exporting.exporter import Format
from jsonapi_sieve.cdr.models import Cdr, CdrExport, DidCdrExport
from jsonapi_sieve.service.preconditions import is_not_modified
from tests.service.exporting import ACCOUNT, EXPORTS, Exporting, exporting, rows_of
from tests.service.running import ROOT, Service, errors_of, new_database

EVERYTHING = {"filters": {"time_start_gteq": "2000-01-01", "time_start_lt": "2100-01-01"}}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = new_database(tmp_path_factory.mktemp("downloads"), count=300)
    yield engine
    engine.dispose()


@pytest.fixture
def unwatched(tmp_path: Path) -> Iterator[Engine]:
    """Give a database that no runner of another test looks at, and where nothing waits."""
    engine = new_database(tmp_path, count=300)
    with Session(engine) as session, session.begin():
        for model in (CdrExport, DidCdrExport):
            session.execute(delete(model))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def running(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exporting]:
    with exporting(engine, tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def export(running: Exporting) -> dict[str, Any]:
    return running.completed(EXPORTS, EVERYTHING)


@pytest.fixture(scope="module")
def path(export: dict[str, Any]) -> str:
    return f"{EXPORTS}/{export['id']}/download"


@pytest.fixture(scope="module")
def file(running: Exporting, path: str) -> bytes:
    return running.service.get(path).content


def set_status(engine: Engine, id_: str, status: str) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(CdrExport).where(CdrExport.id == id_).values(status=status))


def test_a_file_holds_the_calls_of_the_account(running: Exporting, export: dict[str, Any], path: str) -> None:
    response = running.service.get(path)
    assert response.status_code == 200
    header, *rows = rows_of(response.content)
    with Session(running.service.engine) as session:
        count = session.scalar(select(func.count()).select_from(Cdr).where(Cdr.account_id == ACCOUNT))
    assert len(rows) == count == export["attributes"]["rows-count"]
    assert header[:3] == ["Time Start", "Time Connect", "Time End"]


def test_the_headers_of_a_file(running: Exporting, export: dict[str, Any], path: str) -> None:
    response = running.service.get(path)
    name = f"{export['id']}.csv.gz"
    told = {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f'attachment; filename="{name}"',
        "content-length": str(len(response.content)),
        "etag": f'"{hashlib.sha256(response.content).hexdigest()}"',
        "accept-ranges": "bytes",
        "cache-control": "max-age=0, private, must-revalidate",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    assert {header: response.headers[header] for header in told} == told
    assert response.headers["last-modified"].endswith("GMT")
    assert "content-encoding" not in response.headers
    assert [each.name for each in running.folder.iterdir()].count(name) == 1


def test_head_tells_the_same_without_the_file(running: Exporting, path: str) -> None:
    got = running.service.get(path)
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=999999999-"}):
        head = running.service.client.head(running.service.url + path, headers=running.service.headers(path) | headers)
        assert (head.status_code, head.content) == (200, b"")
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("BYTES=3-3", 3, 4),
        ("bytes=2-99999999999", 2, None),
        ("bytes=-99999999999", 0, None),
        ("bytes=99999999999-,1-2", 1, 3),
    ],
)
def test_a_part_of_a_file(running: Exporting, path: str, file: bytes, asked: str, begin: int, end: int | None) -> None:
    response = running.service.get(path, headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == file[begin:end]
    first = begin % len(file)
    assert response.headers["content-range"] == f"bytes {first}-{first + len(response.content) - 1}/{len(file)}"
    assert response.headers["content-length"] == str(len(response.content))


def test_several_parts_of_a_file(running: Exporting, path: str, file: bytes) -> None:
    response = running.service.get(path, headers={"Range": "bytes=0-1, 10-12,-4"})
    assert response.status_code == 206
    assert int(response.headers["content-length"]) == len(response.content)
    head = f"Content-Type: {response.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + response.content).get_payload()
    size = len(file)
    assert isinstance(parts, list)
    assert [part["Content-Range"] for part in parts if isinstance(part, Message)] == [
        f"bytes 0-1/{size}",
        f"bytes 10-12/{size}",
        f"bytes {size - 4}-{size - 1}/{size}",
    ]
    for piece in (file[:2], file[10:13], file[-4:]):
        assert b"\r\n\r\n" + piece + b"\r\n" in response.content


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "lines=1-2",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=1_0-",
            "bytes=--1",
            "bytes=1-2-3",
        ),
        *("bytes=0-1,x", "bytes=,", "bytes=" + ",".join(["0-0"] * 17), "bytes=0-" + "9" * 2000, "bytes=0-\xb2"),
    ],
)
def test_a_range_that_is_none_asks_for_the_whole(running: Exporting, path: str, file: bytes, asked: str) -> None:
    sent = running.service.headers(path) | {"Range": asked}
    response = running.service.client.get(
        running.service.url + path, headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    )
    assert (response.status_code, response.content) == (200, file)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=99999999-999999999,-0"])
def test_bytes_that_a_file_does_not_have(running: Exporting, path: str, file: bytes, asked: str) -> None:
    response = running.service.get(path, headers={"Range": asked})
    (error,) = errors_of(response, 416)
    assert (error["code"], error["source"]) == ("range-not-satisfiable", {"header": "Range"})
    assert response.headers["content-range"] == f"bytes */{len(file)}"


def test_parts_are_of_the_file_that_a_client_has_parts_of(running: Exporting, path: str, file: bytes) -> None:
    whole = running.service.get(path)
    for validator in (whole.headers["etag"], whole.headers["last-modified"]):
        response = running.service.get(path, headers={"Range": "bytes=1-2", "If-Range": validator})
        assert (response.status_code, response.content) == (206, file[1:3])
    for validator in ('"other"', f"W/{whole.headers['etag']}", "Thu, 01 Jan 1970 00:00:00 GMT", ""):
        for asked in ("bytes=1-2", "bytes=99999999-"):
            response = running.service.get(path, headers={"Range": asked, "If-Range": validator})
            assert (response.status_code, response.content) == (200, file)


def test_who_has_a_file_is_not_sent_it_again(running: Exporting, path: str) -> None:
    tag = running.service.get(path).headers["etag"]
    response = running.service.get(path, headers={"If-None-Match": f'"x", {tag}', "Range": "bytes=0-1"})
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", tag)


TAG, WRITTEN, BEFORE, AFTER = "{tag}", "{written}", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If-Match": TAG}, 200),
        ({"If-Match": f'"x", {TAG}'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": ""}, 412),
        ({"If-Match": f"W/{TAG}"}, 412),
        ({"If-Match": '"x"', "If-None-Match": TAG, "Range": "bytes=99999999-"}, 412),
        ({"If-Match": TAG, "If-Unmodified-Since": BEFORE}, 200),
        ({"If-Match": TAG, "Range": "bytes=0-1"}, 206),
        ({"If-Unmodified-Since": BEFORE}, 412),
        ({"If-Unmodified-Since": WRITTEN}, 200),
        ({"If-Unmodified-Since": "Sunday, 06-Nov-94 08:49:37 GMT"}, 412),
        ({"If-Unmodified-Since": "Sun Nov  6 08:49:37 1994"}, 412),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        ({"If-Unmodified-Since": "Thu, 01 Jan 99999999999999 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": WRITTEN}, 304),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": BEFORE}, 200),
        ({"If-Modified-Since": ""}, 200),
        ({"If-Modified-Since": AFTER, "If-None-Match": '"x"'}, 200),
        ({"If-Modified-Since": BEFORE, "If-None-Match": "*"}, 304),
    ],
)
def test_conditions_are_judged_before_a_file_is_sent(
    running: Exporting, path: str, asked: dict[str, str], status: int
) -> None:
    whole = running.service.get(path)
    known = {"tag": whole.headers["etag"], "written": whole.headers["last-modified"]}
    sent = {name: value.format(**known) for name, value in asked.items()}
    response = running.service.get(path, headers=sent)
    if status == 412:
        (error,) = errors_of(response, status)
        assert (error["code"], error["source"]) == ("precondition-failed", {"header": next(iter(asked))})
    else:
        assert (response.status_code, response.headers["etag"]) == (status, known["tag"])
        assert status != 304 or response.headers["last-modified"] == known["written"]
    head = running.service.client.head(running.service.url + path, headers=running.service.headers(path) | sent)
    assert head.status_code == (200 if status == 206 else status)


@pytest.mark.parametrize("status", ["Pending", "Processing", "Failed", "Deleted"])
def test_there_is_no_file_until_an_export_is_completed(tmp_path_factory: Any, engine: Engine, status: str) -> None:
    with exporting(engine, tmp_path_factory.mktemp("none"), runs=False) as idle:
        id_ = idle.order(EXPORTS, EVERYTHING)["id"]
        set_status(engine, id_, status)
        response = idle.service.get(f"{EXPORTS}/{id_}/download")
        assert (response.status_code, response.content) == (404, b"")
        assert "content-type" not in response.headers
        set_status(engine, id_, "Deleted")


def test_a_file_that_was_removed_or_damaged_by_hand_is_told_in_the_log(
    running: Exporting, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = running.completed(EXPORTS, {"filters": {"duration_gteq": 60}})["id"]
    path, file = f"{EXPORTS}/{id_}/download", running.folder / f"{id_}.csv.gz"
    for damage in (lambda: file.write_bytes(b"less"), file.unlink, file.mkdir):
        caplog.clear()
        damage()
        with caplog.at_level(logging.WARNING):
            response = running.service.get(path)
        assert (response.status_code, response.content) == (404, b"")
        assert [id_ in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=5-"}])
@pytest.mark.parametrize("put", [None, b"of another export"])
def test_the_file_that_was_found_is_sent_whatever_becomes_of_it(
    running: Exporting, monkeypatch: pytest.MonkeyPatch, put: bytes | None, asked: dict[str, str]
) -> None:
    id_ = running.completed(EXPORTS, {"filters": {"duration_gteq": 60}})["id"]
    file = running.folder / f"{id_}.csv.gz"
    content = file.read_bytes()

    def after_a_change(*arguments: Any) -> bool:
        file.unlink()
        if put is not None:
            file.write_bytes(put.ljust(len(content)))
        return is_not_modified(*arguments)

    monkeypatch.setattr("jsonapi_sieve.service.downloads.is_not_modified", after_a_change)
    response = running.service.get(f"{EXPORTS}/{id_}/download", headers=asked)
    assert response.content == content[5 if asked else 0 :]


def test_a_file_of_somebody_else_is_one_that_does_not_exist(running: Exporting, path: str, export: Any) -> None:
    unknown = str(uuid4())
    answers = [running.service.get(each, 2) for each in (path, path.replace(export["id"], unknown))]
    for answer in answers:
        errors_of(answer, 404)
    assert answers[0].text.replace(export["id"], unknown) == answers[1].text


def test_a_file_needs_a_token_and_nothing_else(running: Exporting, path: str) -> None:
    service = running.service
    assert service.client.get(service.url + path).status_code == 401
    errors_of(service.get(f"{path}?fields[cdr-exports]=id"), 400)
    assert service.get(path, headers={"Accept": "text/html"}).status_code == 200
    assert service.get(f"{path}/").status_code == 404


@pytest.mark.parametrize(
    "identifier",
    [
        *("..", "%2e%2e", "..%2F..%2Fetc%2Fpasswd", "..%5C..%5Cx", "%00", "x%0d%0aSet-Cookie:%20a=b", "a" * 5_000, "*"),
        *(
            "4ADA331E-445E-11EF-B3EC-0242AC120003",
            "{4ada331e-445e-11ef-b3ec-0242ac120003}",
            "%F0%9F%98%80",
            "'%20OR%201",
        ),
    ],
)
def test_a_hostile_identifier_leads_nowhere(running: Exporting, identifier: str) -> None:
    headers = {"Host": "127.0.0.1", "Connection": "close", **running.service.headers(EXPORTS)}
    for path in (
        f"{EXPORTS}/{identifier}/download",
        f"/v3/cdr_exports/{identifier}.csv",
        f"/v3/exports/{identifier}.csv.gz",
    ):
        sent = {**headers, **running.service.headers(path)}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        status, told, _ = running.service.raw("\r\n".join(lines).encode())
        assert status == 404
        assert "set-cookie" not in told


def test_a_service_without_a_folder_has_no_files(service: Service) -> None:
    with Session(service.engine) as session:
        completed = select(CdrExport.id).where(CdrExport.customer_id == 1, CdrExport.status == "Completed").limit(1)
        id_ = session.scalars(completed).one()
    response = service.get(f"{ROOT}/cdr-exports/{id_}/download")
    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize("writes", get_args(Format))
def test_a_file_of_parquet_is_sent_as_what_it_is(unwatched: Engine, tmp_path: Path, writes: Format) -> None:
    """What an earlier runner has left is not what was written, and what the service itself writes does not matter."""
    with exporting(unwatched, tmp_path, runs=False, writes=writes) as running:
        id_ = running.order(EXPORTS, EVERYTHING)["id"]
        path = f"{EXPORTS}/{id_}/download"
        (tmp_path / f"{id_}.csv.gz").write_bytes(b"left")
        (job,) = Exporter(running.exporter._engine, tmp_path, format="parquet").run_all()
        response = running.service.get(path)
        assert response.status_code == 200
        told = {
            "content-type": "application/vnd.apache.parquet",
            "content-disposition": f'attachment; filename="{id_}.parquet"',
            "etag": f'"{job.file_digest}"',
        }
        assert {header: response.headers[header] for header in told} == told
        assert pq.read_table(io.BytesIO(response.content)).num_rows == job.rows_count
        part = running.service.get(path, headers={"Range": "bytes=-4"})
        assert (part.status_code, part.content) == (206, b"PAR1")
        assert running.service.get(path, 2).status_code == 404
        (tmp_path / f"{id_}.parquet").write_bytes(b"another")
        assert (running.service.get(path).status_code, running.service.get(path).content) == (404, b"")


def test_version_3_has_no_parquet_at_the_addresses_of_csv(unwatched: Engine, tmp_path: Path) -> None:
    with exporting(unwatched, tmp_path, runs=False) as running:
        month = {"filters": {"year": "2026", "month": "01"}}
        id_ = running.order("/v3/cdr_exports", month)["id"]
        list(Exporter(running.exporter._engine, tmp_path, kinds=EVERY_KIND, format="parquet").run_all())
        url = running.service.get(f"/v3/cdr_exports/{id_}").json()["data"]["attributes"]["url"]
        assert running.service.get(urlsplit(url).path).status_code == 404
