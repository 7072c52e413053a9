"""What becomes of an order: done, failed, given back, lost, deleted, and always once."""

import csv
import errno
import gzip
import io
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting import Exporter, WrongStatus, tidying
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.exporting.files import Digested, prepare, remove
from jsonapi_sieve.cdr.jobs import Job
from jsonapi_sieve.cdr.models import CdrExport
from tests.cdr.exporting.databases import export, order, order_month, sqlite

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DEAD = "d" * 32


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    with sqlite(tmp_path) as engine:
        yield engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def exporter(engine: sa.Engine, folder: Path) -> Exporter:
    return Exporter(engine, folder)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def change(engine: sa.Engine, id_: str, **values: Any) -> None:
    with Session(engine) as session, session.begin():
        session.execute(sa.update(CdrExport).where(CdrExport.id == id_).values(**values))


def doing(act: Callable[[Job], object]) -> Callable[[Job], AbstractContextManager[Callable[[int], object]]]:
    """Make a progress that does something once, in the middle of the work."""
    done: list[Job] = []

    def shown(job: Job) -> AbstractContextManager[Callable[[int], object]]:
        def tell(_: int) -> None:
            if not done:
                done.append(job)
                act(job)

        return nullcontext(tell)

    return shown


def test_the_oldest_order_that_waits_comes_first(engine: sa.Engine, exporter: Exporter) -> None:
    later, first = order(engine, 2), order(engine, 1)
    order(engine, 3, status="Failed")
    order(engine, 4, claimed_until=datetime(9999, 12, 31, tzinfo=UTC))
    assert [job.id for job in exporter.run_all()] == [first, later]
    assert exporter.run_one() is None


def test_progress_is_told_row_by_row(engine: sa.Engine, exporter: Exporter) -> None:
    order(engine)
    told: list[int] = []
    job = exporter.run_one(lambda _: nullcontext(told.append))
    assert job is not None
    assert sum(told) == job.rows_count
    assert job.rows_count


def test_a_job_whose_runner_has_died_is_done_again_the_same(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    id_ = order(engine)
    (first,) = exporter.run_all()
    content = exporter.path_of(first).read_bytes()
    # Killed after the file was renamed, and another runner before it was.
    change(engine, id_, status="Processing", claimed_by=DEAD, claimed_until=LONG_AGO, file_digest=None)
    (folder / f".{id_}.{DEAD}.part").write_bytes(b"half")
    (again,) = exporter.run_all()
    assert (again.status, again.file_digest) == ("Completed", first.file_digest)
    assert exporter.path_of(again).read_bytes() == content
    assert files(folder) == [f"{id_}.csv.gz"]


def test_a_job_that_somebody_works_on_is_left_to_them(engine: sa.Engine, exporter: Exporter) -> None:
    order(engine, status="Processing", claimed_by=DEAD, claimed_until=datetime(9999, 1, 1, tzinfo=UTC))
    assert exporter.run_one() is None


def test_a_claim_that_is_lost_leaves_neither_file_nor_status(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    id_ = order(engine)
    job = exporter.run_one(doing(lambda _: change(engine, id_, claimed_by=DEAD)))
    assert job is not None
    assert (job.status, job.claimed_by, job.rows_count) == ("Processing", DEAD, None)
    assert files(folder) == []


def test_a_file_that_was_tidied_up_when_its_claim_had_ended_is_written_again(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    def sleep(_: Job) -> None:
        change(engine, id_, claimed_until=LONG_AGO)
        assert exporter.clean().orphans == 1

    id_ = order(engine)
    job = exporter.run_one(doing(sleep))
    assert job is not None
    assert (job.status, job.reason) == ("Processing", None)
    assert [job.status for job in exporter.run_all()] == ["Completed"]
    assert files(folder) == [f"{id_}.csv.gz"]


def test_an_order_that_is_deleted_while_its_file_is_written_stays_deleted(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    id_ = order(engine)
    job = exporter.run_one(doing(lambda _: exporter.delete(id_)))
    assert job is not None
    assert job.status == "Deleted"
    assert files(folder) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_runner_gives_its_order_back(
    error: type[BaseException], engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    def interrupt(_: Job) -> None:
        raise error

    id_ = order(engine)
    with pytest.raises(error):
        exporter.run_one(doing(interrupt))
    held = export(engine, id_)
    assert (held.status, held.claimed_by, held.claimed_until) == ("Pending", None, None)
    assert files(folder) == []
    assert [job.status for job in exporter.run_all()] == ["Completed"]


def test_a_stopped_runner_gives_its_order_back_and_takes_none(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    id_ = order(engine)
    job = exporter.run_one(doing(lambda _: exporter.stop()))
    assert job is not None
    assert (job.status, job.claimed_by) == ("Pending", None)
    assert exporter.run_one() is None
    assert export(engine, id_).status == "Pending"
    assert files(folder) == []
    exporter.start()
    assert [job.status for job in exporter.run_all()] == ["Completed"]


def test_a_claim_is_renewed_while_a_file_is_written(engine: sa.Engine, folder: Path) -> None:
    id_ = order(engine)
    seen: list[datetime | None] = []

    def wait(job: Job) -> None:
        while not seen or len(set(seen)) < 3:
            seen.append(export(engine, id_).claimed_until)

    job = Exporter(engine, folder, lease=timedelta(seconds=2)).run_one(doing(wait))
    assert job is not None
    assert job.status == "Completed"


def test_a_runner_notices_that_its_claim_has_gone(engine: sa.Engine, folder: Path) -> None:
    """Before the end of its work, that is: the file is long."""
    id_ = order(engine)
    waiting = threading.Event()

    def lose(job: Job) -> None:
        change(engine, id_, claimed_by=DEAD)
        waiting.wait(1)

    job = Exporter(engine, folder, lease=timedelta(milliseconds=300)).run_one(doing(lose))
    assert job is not None
    assert (job.status, job.claimed_by) == ("Processing", DEAD)
    assert files(folder) == []


def test_a_folder_that_cannot_be_written_fails_the_order_and_retry_works(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    id_ = order(engine)
    folder.write_text("a file where the folder should be")
    (job,) = exporter.run_all()
    assert (job.status, job.reason) == ("Failed", f"the file cannot be written: Not a directory (ENOTDIR), in {folder}")
    folder.unlink()
    assert exporter.retry(id_).status == "Pending"
    assert export(engine, id_).reason is None
    assert [job.status for job in exporter.run_all()] == ["Completed"]


def test_a_folder_whose_name_is_no_text_is_told_all_the_same(engine: sa.Engine, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.touch()
    order(engine)
    (job,) = Exporter(engine, folder).run_all()
    assert job.reason == f"the file cannot be written: Not a directory (ENOTDIR), in {tmp_path}/\ufffd"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_folder_is_made_and_takes_a_file_before_any_order(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0)
    try:
        prepare(tmp_path / "a" / "files")
    finally:
        os.umask(before)
    assert oct((tmp_path / "a" / "files").stat().st_mode & 0o777) == "0o750"
    assert files(tmp_path / "a" / "files") == []

    def refuse(**_: object) -> None:
        raise OSError(code, "No more")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(OSError, match="No more"):
        prepare(tmp_path / "a" / "files")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_disk_that_is_full_fails_the_order_and_leaves_nothing(
    code: int, engine: sa.Engine, exporter: Exporter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Digested, data: object) -> int:
        raise OSError(code, "No more")

    order(engine)
    monkeypatch.setattr(Digested, "write", refuse)
    (job,) = exporter.run_all()
    assert job.status == "Failed"
    assert job.reason == f"the file cannot be written: No more ({errno.errorcode[code]}), in {folder}"
    assert files(folder) == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"filters": {"nonsense_eq": 1}}, "the filters cannot be read: "),
        ({"time_zone_name": "Europe/Atlantis"}, "there is no time zone 'Europe/Atlantis'"),
        ({"time_zone_name": "../../etc/passwd"}, "there is no time zone '../../etc/passwd'"),
    ],
)
def test_an_order_that_makes_no_sense_fails(
    values: dict[str, Any], reason: str, engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    order(engine, **values)
    (job,) = exporter.run_all()
    assert job.status == "Failed"
    assert job.reason is not None
    assert job.reason.startswith(reason)
    assert files(folder) == []


def test_a_fault_of_the_database_is_told_without_values(engine: sa.Engine, exporter: Exporter) -> None:
    order(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cdrs RENAME COLUMN duration TO hidden")
    (job,) = exporter.run_all()
    assert job.reason == "the database cannot give the rows: OperationalError (SQLITE_ERROR)"


def test_what_nobody_thought_of_is_told_by_its_name(
    engine: sa.Engine, exporter: Exporter, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Job) -> None:
        raise ZeroDivisionError("a customer's value")

    order(engine)
    job = exporter.run_one(doing(fail))
    assert job is not None
    assert job.reason == "an unexpected ZeroDivisionError; the log of the runner tells more"
    (record,) = caplog.records
    assert record.getMessage() == f"export {job.id} failed"
    assert record.exc_info


def test_a_reason_that_says_all_is_not_told_by_the_log_as_well(
    engine: sa.Engine, exporter: Exporter, caplog: pytest.LogCaptureFixture
) -> None:
    order(engine, filters={"nonsense_eq": 1})
    (job,) = exporter.run_all()
    assert (job.status, caplog.records) == ("Failed", [])


@pytest.mark.parametrize("status", ["Pending", "Processing", "Completed", "Deleted"])
def test_only_what_failed_is_tried_again(status: str, engine: sa.Engine, exporter: Exporter) -> None:
    id_ = order(engine, status=status)
    with pytest.raises(WrongStatus, match=f"is {status}; only what is Failed is tried again"):
        exporter.retry(id_)
    assert export(engine, id_).status == status


def test_all_that_failed_is_tried_again_or_all_of_a_kind(engine: sa.Engine, folder: Path) -> None:
    exporter = Exporter(engine, folder, kinds=EVERY_KIND)
    ids = [order(engine, 3), order_month(engine, 2), order(engine, 1), order(engine, 4), order_month(engine, 5)]
    failed = {"status": "Failed", "reason": "the disk was full", "attempts": 2}
    with engine.begin() as connection:
        for kind in EVERY_KIND[:2]:
            connection.execute(sa.update(kind.model).values(failed))
    change(engine, ids[3], status="Completed")
    assert [job.id for job in exporter.retry_failed("did-cdr-exports")] == [ids[1], ids[4]]
    (first, third) = exporter.retry_failed()
    assert [first.id, third.id] == [ids[2], ids[0]]
    assert (first.status, first.reason, first.attempts) == ("Pending", None, 0)
    assert exporter.retry_failed() == []
    assert len(list(exporter.run_all())) == 4
    assert export(engine, ids[3]).status == "Completed"


def test_what_is_tried_again_has_nothing_of_an_earlier_run(engine: sa.Engine, exporter: Exporter) -> None:
    ran = {"reason": "the disk was full", "rows_count": 167, "file_size": 20, "file_digest": "00", "attempts": 2}
    one, other = (order(engine, number, status="Failed", **ran) for number in (1, 2))
    told = exporter.retry(one), *exporter.retry_failed()
    assert [job.id for job in told] == [one, other]
    for job in (*told, export(engine, one), export(engine, other)):
        assert {name: getattr(job, name) for name in ran} == {**dict.fromkeys(ran), "attempts": 0}


def test_a_kind_that_is_not_there_has_nothing_to_try_again(exporter: Exporter) -> None:
    with pytest.raises(LookupError, match="this runner has no exports of the kind did-exports, only of cdr-exports"):
        exporter.retry_failed("did-exports")


@pytest.mark.parametrize("id_", ["00000000-0000-4000-8000-000000000099", "nothing", "", "-" * 36])
def test_an_order_that_is_not_there(id_: str, exporter: Exporter) -> None:
    for do in (exporter.retry, exporter.delete):
        with pytest.raises(LookupError, match=f"there is no export {id_}"):
            do(id_)


def test_files_are_for_the_runner_and_its_group(engine: sa.Engine, exporter: Exporter, folder: Path) -> None:
    order(engine)
    before = os.umask(0)
    try:
        (job,) = exporter.run_all()
    finally:
        os.umask(before)
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, exporter.path_of(job))] == ["0o750", "0o640"]


def test_an_order_that_is_done_while_others_are_tidied_keeps_its_file(
    engine: sa.Engine, exporter: Exporter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the looks at two files an order that failed is tried again."""
    first, second = order(engine, 1, status="Failed"), order(engine, 2, status="Failed")
    folder.mkdir()
    for id_ in (first, second):
        (folder / f"{id_}.csv.gz").touch()

    def again(path: Path) -> bool:
        was_there = remove(path)
        exporter.retry(second)
        list(exporter.run_all())
        return was_there

    monkeypatch.setattr(tidying, "remove", again)
    assert exporter.clean().orphans == 1
    assert files(folder) == [f"{second}.csv.gz"]
    assert export(engine, second).status == "Completed"


def test_deleting_removes_the_file_and_keeps_the_order(engine: sa.Engine, exporter: Exporter, folder: Path) -> None:
    id_ = order(engine)
    list(exporter.run_all())
    deleted = exporter.delete(id_)
    assert (deleted.job.status, deleted.files, deleted.is_missing) == ("Deleted", 1, False)
    assert files(folder) == []
    assert export(engine, id_).rows_count
    again = exporter.delete(id_)
    assert (again.job.status, again.files, again.is_missing) == ("Deleted", 0, False)


def test_an_order_that_never_had_a_file_lacks_none(engine: sa.Engine, exporter: Exporter) -> None:
    deleted = exporter.delete(order(engine))
    assert (deleted.files, deleted.is_missing) == (0, False)


def test_files_in_another_folder_are_missed_and_removed_when_it_is_named(
    engine: sa.Engine, exporter: Exporter, folder: Path, tmp_path: Path
) -> None:
    ids = [order(engine, number) for number in range(3)]
    list(exporter.run_all())
    change(engine, ids[0], updated_at=LONG_AGO)
    elsewhere = Exporter(engine, tmp_path / "elsewhere")
    assert elsewhere.clean(timedelta(days=30)) == (1, 0, 1, 0)
    assert elsewhere.delete(ids[1]).is_missing
    assert len(files(folder)) == 3
    assert exporter.clean() == (0, 0, 0, 2)
    assert files(folder) == [f"{ids[2]}.csv.gz"]


def test_orders_of_all_kinds_are_listed_by_their_age(engine: sa.Engine, folder: Path) -> None:
    made = [order(engine, 3), order_month(engine, 2), order(engine, 1), order_month(engine, 4)]
    listed = [job.id for job in Exporter(engine, folder, kinds=EVERY_KIND).jobs("pending")]
    assert listed == sorted(made)


def test_orders_of_all_kinds_are_listed_by_one_connection(engine: sa.Engine, folder: Path) -> None:
    made = [order(engine, 3), order_month(engine, 2), order(engine, 1), order_month(engine, 4)]
    only = sa.create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    assert [job.id for job in Exporter(only, folder, kinds=EVERY_KIND).jobs()] == sorted(made)
    only.dispose()


def test_what_is_too_old_is_deleted(engine: sa.Engine, exporter: Exporter, folder: Path) -> None:
    old, new = order(engine, 1), order(engine, 2)
    list(exporter.run_all())
    change(engine, old, updated_at=datetime.now(UTC) - timedelta(days=31))
    assert exporter.clean(timedelta(days=30)) == (1, 1, 0, 0)
    assert (export(engine, old).status, export(engine, new).status) == ("Deleted", "Completed")
    assert files(folder) == [f"{new}.csv.gz"]
    assert exporter.clean() == (0, 0, 0, 0)


def test_what_dead_runners_left_is_removed_and_what_lives_is_kept(
    engine: sa.Engine, exporter: Exporter, folder: Path
) -> None:
    alive, dead, deleted = order(engine, 1), order(engine, 2), order(engine, 3, status="Deleted")
    change(engine, alive, status="Processing", claimed_by=DEAD, claimed_until=datetime(9999, 1, 1, tzinfo=UTC))
    change(engine, dead, status="Processing", claimed_by=DEAD, claimed_until=LONG_AGO)
    unknown = "00000000-0000-4000-8000-000000000099"
    kept = {f".{alive}.{DEAD}.part", f".{unknown}.{DEAD}.part", "notes.txt", f"{unknown}.csv.gz", ".hidden"}
    kept |= {f"{'-' * 36}.csv", f".{'a' * 36}.{DEAD}.part"}
    removed = {f".{alive}.{'e' * 32}.part", f".{dead}.{DEAD}.part", f"{deleted}.csv.gz", f"{deleted}.parquet"}
    folder.mkdir()
    for name in kept | removed:
        (folder / name).touch()
    assert exporter.clean() == (0, 0, 0, 4)
    assert set(files(folder)) == kept


@pytest.mark.parametrize("name", ["../escape", "a/b", "", "..", "x" * 36])
def test_a_name_that_leads_elsewhere_is_no_name(name: str, exporter: Exporter) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (whatever it says)
        exporter.path_of(CdrExport(id=name))


def test_several_runners_do_each_order_once(engine: sa.Engine, folder: Path) -> None:
    ids = [order(engine, number) for number in range(12)]
    done: list[str] = []

    def work() -> None:
        done.extend(job.id for job in Exporter(engine, folder).run_all())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(done) == Counter(ids)
    assert files(folder) == [f"{id_}.csv.gz" for id_ in ids]


def test_parquet_holds_the_same_rows(engine: sa.Engine, exporter: Exporter, folder: Path) -> None:
    id_ = order(engine)
    (job,) = exporter.run_all()
    text = gzip.decompress(exporter.path_of(job).read_bytes()).decode()
    _, *lines = csv.reader(io.StringIO(text, newline=""))
    change(engine, id_, status="Pending")
    columnar = Exporter(engine, folder, format="parquet")
    (again,) = columnar.run_all()
    table = pq.read_table(columnar.path_of(again))
    assert again.rows_count == job.rows_count == table.num_rows == len(lines)
    assert table.column_names[:5] == ["time_start", "time_connect", "time_end", "success", "duration"]
    assert [line[5] for line in lines] == [name or "" for name in table.column("src_name_in").to_pylist()]
    assert {str(type_) for type_ in table.schema.types} == {
        "timestamp[ms, tz=UTC]",
        "bool",
        "int32",
        "string",
        "decimal128(38, 12)",
    }


def test_an_empty_file_has_its_titles(engine: sa.Engine, exporter: Exporter) -> None:
    order(engine, filters={"time_start_gteq": "2100-01-01T00:00:00.000Z"})
    (job,) = exporter.run_all()
    content = gzip.decompress(exporter.path_of(job).read_bytes())
    assert (job.rows_count, content.count(b"\n"), content[:24]) == (0, 1, b"Time Start,Time Connect,")
