"""Files of exports against what a database gives by itself: `python -m benchmarks.exports [COUNT] [--write]`.

The limit on PostgreSQL is COPY of the same query into a file that is on the disk at the end, and on SQLite a bare
cursor with `csv.writer`, which spells neither times nor decimals as the file has to. The library claims an order,
writes its file, digests it, waits for the disk and ends the order. The command measures a million calls in few pairs,
and how much memory a packed file of them takes, and writes that table into the document.
"""

from __future__ import annotations

import argparse
import csv
import filecmp
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.servers.postgresql import embedded

from benchmarks.contest import Contest, run
from benchmarks.report import duration, machine, ratio, write
from jsonapi_sieve import Field, types
from jsonapi_sieve.cdr.exporting import CDR_EXPORTS, Exporter, Selection, open_engine
from jsonapi_sieve.cdr.exporting.copying import copy_statement
from jsonapi_sieve.cdr.exporting.exporter import Progress
from jsonapi_sieve.cdr.exporting.kinds import COLUMNS, NEWEST_FIRST, Kind
from jsonapi_sieve.cdr.exporting.streaming import header_of
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr, CdrExport

COUNT = 100_000
PAIRS = 7
UNTIL = datetime(2026, 2, 1, tzinfo=UTC)
MADE = 10_000
SELECTION = Selection(Field(types.Timestamp(digits=3), name="time_start").gteq(datetime(2000, 1, 1, tzinfo=UTC)),
                      NEWEST_FIRST, COLUMNS)  # fmt: skip
# Neither the order's own account nor gzip: the limits have none.
PLAIN = replace(CDR_EXPORTS, select=lambda _: SELECTION, ending=".csv")
PACKED = replace(PLAIN, ending=".csv.gz")
TEXTS = [number for number, column in enumerate(COLUMNS) if isinstance(getattr(Cdr, str(column.name)).type, sa.Text)]


@dataclass(eq=False)
class Whole:
    """A file that is equal to one with the same bytes."""

    path: Path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whole) and filecmp.cmp(self.path, other.path, shallow=False)

    def __hash__(self) -> int:
        return hash(self.path)


@dataclass(eq=False)
class Texts:
    """A file of CSV, which is equal to one that has the same texts in the same rows."""

    path: Path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Texts) and all(
            mine == theirs for mine, theirs in zip(self.rows(), other.rows(), strict=True)
        )

    def __hash__(self) -> int:
        return hash(self.path)

    def rows(self) -> Iterator[list[str]]:
        """Yield the texts of each row; what stands beside them is spelled by the file's own rules."""
        with self.path.open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                yield [row[number] for number in TEXTS]


def contests(count: int = COUNT) -> Iterator[Contest]:
    """Give the contests of this stage, each while its database runs."""
    for engine, folder in databases(count):
        yield contest(engine, folder, count)


def databases(count: int) -> Iterator[tuple[sa.Engine, Path]]:
    """Give each database with so many calls while it runs, and a folder for files."""
    with tempfile.TemporaryDirectory() as name:
        with database(f"sqlite:///{Path(name, 'cdr.sqlite')}", count) as engine:
            yield engine, Path(name)
        with embedded() as url, database(url, count) as engine:
            yield engine, Path(name)


def contest(engine: sa.Engine, folder: Path, count: int) -> Contest:
    """Give the contest of one database."""
    ours = _exported(engine, folder)
    if engine.dialect.name == "sqlite":
        work = f"{count:,} calls into a file, SQLite"
        return Contest("exports", work, lambda: _cursor(engine, folder), lambda: Texts(ours()), bar=3)
    work = f"{count:,} calls into a file, PostgreSQL"
    return Contest("exports", work, lambda: _copy(engine, folder), lambda: Whole(ours()), bar=1.2)


@contextmanager
def database(url: str, count: int) -> Iterator[sa.Engine]:
    """Open a database with so many calls: some are generated, and repeated under other identifiers."""
    engine = open_engine(url)
    try:
        generate(engine, count=min(count, MADE), until=UNTIL)
        columns = [column.name for column in Cdr.__table__.columns if column.name != "id"]
        copied = sa.select(Cdr.id + sa.bindparam("step"), *(getattr(Cdr, name) for name in columns))
        with engine.begin() as connection:
            for step in range(MADE, count, MADE):
                some = copied.where(Cdr.id <= min(MADE, count - step))
                connection.execute(sa.insert(Cdr).from_select(["id", *columns], some), {"step": step})
            connection.execute(sa.delete(CdrExport).where(CdrExport.status != "Pending"))
            connection.execute(sa.text("ANALYZE"))
        yield engine
    finally:
        engine.dispose()


def _exported(engine: sa.Engine, folder: Path, kind: Kind = PLAIN) -> Callable[..., Path]:
    """Give what writes the file of one and the same order, again and again."""
    exporter = Exporter(engine, folder / engine.dialect.name, kinds=[kind])
    with engine.begin() as connection:
        id_ = connection.scalars(sa.select(CdrExport.id).limit(1)).one()
        connection.execute(sa.delete(CdrExport).where(CdrExport.id != id_))

    def write(progress: Progress | None = None) -> Path:
        with engine.begin() as connection:
            connection.execute(sa.update(CdrExport).values(status="Pending", claimed_until=None))
        job = exporter.run_one(progress)
        assert job is not None and job.status == "Completed"  # noqa: S101, PT018
        return exporter.path_of(job)

    return write


def _cursor(engine: sa.Engine, folder: Path) -> Texts:
    path, shown = folder / "cursor.csv", ", ".join(str(column.name) for column in COLUMNS)
    sql = f"SELECT {shown} FROM cdrs WHERE time_start >= ? ORDER BY time_start DESC, id DESC"  # noqa: S608
    with engine.connect() as connection, path.open("w", newline="", encoding="utf-8") as file:
        cursor: Any = connection.connection.cursor()
        writer = csv.writer(file)
        writer.writerow(column.title for column in COLUMNS)
        writer.writerows(cursor.execute(sql, ["2000-01-01"]))
    return Texts(path)


def _copy(engine: sa.Engine, folder: Path) -> Whole:
    path = folder / "copy.csv"
    sql, values = copy_statement(engine.dialect, SELECTION, guard=False)
    with engine.connect() as connection, path.open("wb") as file:
        driver: Any = connection.connection.driver_connection
        file.write(header_of(SELECTION))
        with driver.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            with cursor.copy(sql, values) as copy:
                for line in copy:
                    file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return Whole(path)


def main() -> None:
    """Write files of very many calls, and print or write what they cost, and how much the process grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=main.__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="how many calls (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    asked = parser.parse_args()
    table = "| work | limit | library | ratio | bar | packed | memory |\n|---|---:|---:|---:|---:|---:|---:|"
    for engine, folder in databases(asked.count):
        result = run(contest(engine, folder, asked.count), pairs=PAIRS)
        table += f"\n| {result.contest.work} | {duration(result.limit)} | {duration(result.ours)} | {ratio(result)}"
        table += f" | {result.contest.bar:g} | {_packed(engine, folder)} |"
    table = f"{machine(quick=False, cpu=False, pairs=PAIRS)}\n\n{table}"
    print(table)
    if asked.write:
        write({"exports": table}, {})


def _packed(engine: sa.Engine, folder: Path) -> str:
    """Give the seconds that a packed file takes, and how much the process grows meanwhile, as cells of a table."""
    exported = _exported(engine, folder, PACKED)
    held: list[int] = []

    def look(_: int) -> None:
        held.append(_resident())

    start = time.perf_counter()
    exported(lambda _: nullcontext(look))
    seconds = time.perf_counter() - start
    grown = (max(held) - held[len(held) // 20]) / 1e6  # what is made once is made by then
    return f"{duration(seconds)} | {grown:.1f} MB"


def _resident() -> int:
    """Return the bytes of memory that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
