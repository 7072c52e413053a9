"""didww, the kit of the API that version 3 is, as it is: it orders exports, waits for them, and fetches their files."""

from __future__ import annotations

import csv
import gc
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from didww.client import DidwwClient
from didww.enums import ExportStatus, ExportType
from didww.exceptions import DidwwApiError
from didww.query_params import QueryParams
from didww.resources.export import Export
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.models import Cdr, DidExport
from tests.clients.test_didww import CdrExport, CdrExportRepository
from tests.patience import until
from tests.service.exporting import Exporting, exporting
from tests.service.running import TOKENS, new_database

SECONDS = "%Y-%m-%d %H:%M:%S"
BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exporting]:
    engine = new_database(tmp_path_factory.mktemp("didww"), count=1_500)
    with exporting(engine, tmp_path_factory.mktemp("files")) as running:
        yield running
    engine.dispose()


def client_of(running: Exporting, customer: int) -> DidwwClient:
    return DidwwClient(TOKENS.issue("did-v3", customer), base_url=f"{running.service.url}/v3")


@pytest.fixture(scope="module")
def client(running: Exporting) -> DidwwClient:
    return client_of(running, 1)


def order_of(type_: ExportType, begin: datetime = BEGIN, end: datetime = END, **filters: str) -> Export:
    export = Export()
    export.export_type = type_
    export.filters = {"from": begin.strftime(SECONDS), "to": end.isoformat(), **filters}
    return export


def completed(repository: Any, export: Any) -> Any:
    """Order an export, and ask for it until it is completed."""
    id_ = repository.create(export).data.id
    until(lambda: repository.find(id_).data.status in (ExportStatus.COMPLETED, "Completed"))
    return repository.find(id_).data


def calls_of(running: Exporting, *selected: ColumnElement[bool]) -> list[Cdr]:
    newest = select(Cdr).where(Cdr.customer_id == 1, *selected).order_by(Cdr.time_start.desc(), Cdr.id.desc())
    with Session(running.service.engine) as session:
        return list(session.scalars(newest))


def shown(value: object) -> str:
    return value.strftime(SECONDS) if isinstance(value, datetime) else "" if value is None else str(value)


def lines_of(calls: list[Cdr], *times: str) -> list[list[str]]:
    called = ["src_prefix_in", "diversion_in", "dst_prefix_in", "duration"]
    ended = ["lega_disconnect_code", "lega_disconnect_reason"]
    return [
        [
            *(shown(getattr(call, name)) for name in (*times, *called)),
            "",
            *(shown(getattr(call, name)) for name in ended),
            *("", "", "", str(call.customer_id), ""),
        ]
        for call in calls
    ]


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


INTERVAL_TIMES = ("time_start", "time_connect", "time_end")


@pytest.mark.parametrize("type_", [ExportType.CDR_IN, ExportType.CDR_OUT])
def test_an_export_from_the_order_to_the_file(
    running: Exporting, client: DidwwClient, tmp_path: Path, type_: ExportType
) -> None:
    export = completed(client.exports(), order_of(type_))
    assert (export.export_type, export.is_completed) == (type_, True)
    packed, path = tmp_path / "calls.csv.gz", tmp_path / "calls.csv"
    client.download_export(export.url, packed)
    client.download_and_decompress_export(export.url, path)
    assert packed.read_bytes()[:2] == b"\x1f\x8b"
    header, *lines = read(path)
    assert header[:4] == ["Date/Time Start (UTC)", "Date/Time Connect (UTC)", "Date/Time End (UTC)", "Source"]
    came = Cdr.diversion_in.is_not(None)
    calls = calls_of(running, came if type_ is ExportType.CDR_IN else ~came)
    assert len(calls) > 5
    assert lines == lines_of(calls, *INTERVAL_TIMES)


def test_an_export_begins_with_a_moment_and_ends_before_another(
    running: Exporting, client: DidwwClient, tmp_path: Path
) -> None:
    starts = [call.time_start for call in calls_of(running, Cdr.diversion_in.is_(None))]
    # From the very moment of one call, and up to that of another, which is no longer in it.
    end, begin = starts[3], starts[9]
    export = order_of(ExportType.CDR_OUT)
    export.filters = {"from": begin.isoformat(), "to": end.isoformat()}
    found = completed(client.exports(), export)
    assert datetime.fromisoformat(found.filters["from"]) == begin
    client.download_and_decompress_export(found.url, tmp_path / "calls.csv")
    within = (Cdr.diversion_in.is_(None), Cdr.time_start >= begin, Cdr.time_start < end)
    calls = calls_of(running, *within)
    assert [call.time_start for call in calls] == starts[4:10]
    assert read(tmp_path / "calls.csv")[1:] == lines_of(calls, *INTERVAL_TIMES)


@pytest.mark.parametrize("plus", ["", "+"])
def test_an_export_of_one_number(running: Exporting, client: DidwwClient, tmp_path: Path, plus: str) -> None:
    number = str(calls_of(running, Cdr.diversion_in.is_not(None))[0].diversion_in)
    asked = plus + number.removeprefix("+")
    export = completed(client.exports(), order_of(ExportType.CDR_IN, did_number=asked))
    assert export.filters["did_number"] == asked
    client.download_and_decompress_export(export.url, tmp_path / "calls.csv")
    calls = calls_of(running, Cdr.diversion_in == number)
    assert read(tmp_path / "calls.csv")[1:] == lines_of(calls, *INTERVAL_TIMES)


def test_an_export_of_a_month(running: Exporting, client: DidwwClient, tmp_path: Path) -> None:
    began = calls_of(running, Cdr.diversion_in.is_not(None))[0].time_start
    order = CdrExport()
    order.filters = {"year": str(began.year), "month": f"{began.month:02}"}
    export = completed(CdrExportRepository(client), order)
    assert export.filters == order.filters
    assert export.url.startswith(f"{running.service.url}/v3/cdr_exports/")
    client.download_export(export.url, tmp_path / "calls.csv")
    header, *lines = read(tmp_path / "calls.csv")
    assert header[:4] == ["Date/Time (UTC)", "Source", "DID", "Destination"]
    first = began.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    within = (Cdr.time_start >= first, Cdr.time_start < first + relativedelta(months=1))
    assert lines == lines_of(calls_of(running, Cdr.diversion_in.is_not(None), *within), "time_start")


def test_exports_are_listed_sorted_and_filtered(client: DidwwClient) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    made = []
    for reference in ("b", "c", "a"):
        order = order_of(ExportType.CDR_OUT)
        order.external_reference_id = f"reference-{reference}"
        made.append(client.exports().create(order).data)
    references = QueryParams().filter("external_reference_id", "reference-a,reference-b,reference-c")
    response = client.exports().list(references.sort("-external_reference_id"))
    assert [each.external_reference_id for each in response.data] == [f"reference-{each}" for each in "cba"]
    assert response.meta == {"total_records": 3, "api_version": "2026-04-16"}
    ids = {each.id for each in made}
    for name, value in {
        "id": ",".join(ids),
        "export_type": "cdr_out",
        "status": "pending,processing,completed",
        "created_at_gteq": before.isoformat().replace("+00:00", "Z"),
    }.items():
        query = QueryParams().filter(name, value).sort("created_at").page(1, 1000)
        assert ids <= {each.id for each in client.exports().list(query).data}
    for name, value in {"status": "failed,deleted", "created_at_lteq": "2020-01-01", "export_type": "cdr_in"}.items():
        assert ids.isdisjoint(each.id for each in client.exports().list(QueryParams().filter(name, value)).data)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"filters": {"from": "2026-04-01"}}, "/data/attributes/filters"),
        ({"filters": {"from": "2026-04-01", "to": "2026-04-01"}}, "/data/attributes/filters/to"),
        ({"filters": {"from": "yesterday", "to": "2026-04-01"}}, "/data/attributes/filters/from"),
        (
            {"filters": {"from": "2026-04-01", "to": "2026-05-01", "did_number": "1 OR 1"}},
            "/data/attributes/filters/did_number",
        ),
        (
            {"filters": {"from": "2026-04-01", "to": "2026-05-01", "customer_id": 2}},
            "/data/attributes/filters/customer_id",
        ),
        ({"export_type": "sms_in"}, "/data/attributes/export_type"),
        ({"export_type": None}, "/data/attributes"),
        ({"callback_url": "http://127.0.0.1/"}, "/data/attributes/callback_url"),
        ({"callback_method": "post"}, "/data/attributes/callback_method"),
        ({"external_reference_id": "x" * 101}, "/data/attributes/external_reference_id"),
    ],
)
def test_an_order_that_is_refused(client: DidwwClient, changes: dict[str, Any], pointer: str) -> None:
    order = order_of(ExportType.CDR_IN)
    for name, value in changes.items():
        setattr(order, name, value)
    before = client.exports().list().meta["total_records"]
    with pytest.raises(DidwwApiError) as caught:
        client.exports().create(order)
    assert caught.value.status_code == 422
    assert [error["source"]["pointer"] for error in caught.value.errors] == [pointer]
    assert client.exports().list().meta["total_records"] == before


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        ({"year": "2017"}, ""),
        ({"year": "2017", "month": "13"}, "/month"),
        ({"year": "0000", "month": "1"}, "/year"),
        ({"year": "9999", "month": "12"}, "/year"),
        ({"year": "2017", "month": "1", "day": "1"}, "/day"),
        ({"year": "2017", "month": "1", "did_number": ""}, "/did_number"),
    ],
)
def test_a_month_that_is_refused(client: DidwwClient, filters: dict[str, str], name: str) -> None:
    order = CdrExport()
    order.filters = filters
    with pytest.raises(DidwwApiError) as caught:
        CdrExportRepository(client).create(order)
    assert caught.value.status_code == 422
    assert {error["source"]["pointer"] for error in caught.value.errors} == {f"/data/attributes/filters{name}"}


def test_a_number_is_none_of_calls_that_go_out(client: DidwwClient) -> None:
    with pytest.raises(DidwwApiError) as caught:
        client.exports().create(order_of(ExportType.CDR_OUT, did_number="1234556789"))
    (error,) = caught.value.errors
    assert error["source"] == {"pointer": "/data/attributes/filters/did_number"}


def test_the_last_month_that_there_can_be(client: DidwwClient) -> None:
    order = CdrExport()
    order.filters = {"year": "9998", "month": "12"}
    assert completed(CdrExportRepository(client), order).filters == order.filters


def refusal_of(client: DidwwClient, url: str, path: Path) -> int | None:
    """Give the status of a refused download. The kit leaves the connection of one open, and Python tells of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            client.download_export(url, path)
        except DidwwApiError as error:
            return int(error.status_code)
        finally:
            gc.collect()
    return None


def test_a_file_is_its_customers(running: Exporting, client: DidwwClient, tmp_path: Path) -> None:
    export = completed(client.exports(), order_of(ExportType.CDR_IN))
    for stranger, status in ((client_of(running, 2), 404), (DidwwClient("x", base_url=client.base_url), 401)):
        assert refusal_of(stranger, export.url, tmp_path / "calls.csv.gz") == status
    assert not (tmp_path / "calls.csv.gz").exists()
    assert running.service.get(export.url.removeprefix(running.service.url), 2).content == b""


def test_no_url_without_a_file(running: Exporting, client: DidwwClient) -> None:
    export = completed(client.exports(), order_of(ExportType.CDR_IN))
    with Session(running.service.engine) as session, session.begin():
        session.get_one(DidExport, export.id).status = "deleted"
    assert client.exports().find(export.id).data.url is None
    assert running.service.get(export.url.removeprefix(running.service.url)).status_code == 404


def test_the_version_that_a_client_speaks_is_told(running: Exporting) -> None:
    def version(path: str, sent: str) -> str:
        told: str = running.service.get(path, headers={"X-DIDWW-API-Version": sent}).json()["meta"]["api_version"]
        return told

    asked = ["2017-09-18", "2021-04-19", "2026-04-16", "<script>", ""]
    assert [version("/v3/cdr_exports", each) for each in asked] == ["2017-09-18", "2021-04-19", *["2017-09-18"] * 3]
    assert {version("/v3/exports", each) for each in asked} == {"2026-04-16"}
    told = {path: running.service.get(path).headers["vary"] for path in ("/v3/cdr_exports", "/v3/exports")}
    assert told == {"/v3/cdr_exports": "Accept, X-DIDWW-API-Version", "/v3/exports": "Accept"}
