"""The command `filter`: the same rows as the Python backend, from every format, and what is told of bad ones."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonapi_sieve import Field, FilterSet, ToMany, ToOne, types
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.filters import CdrFilters
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.cli import main
from jsonapi_sieve.cli.files import sieve
from jsonapi_sieve.cli.files.parquet import Parquet
from jsonapi_sieve.cli.files.plain import csv_lines, json_lines
from jsonapi_sieve.cli.files.rows import Unreadable
from jsonapi_sieve.cli.files.typed import Reader
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.trees import without_defaults

UNTIL = datetime(2026, 2, 1, tzinfo=UTC)
FORMATS = ("jsonl", "csv", "parquet")
CALLS = list(Dataset(count=300, until=UNTIL).cdrs())


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the same calls in a file of each format."""
    folder = tmp_path_factory.mktemp("calls")
    for form in FORMATS:
        file = str(folder / f"calls.{form}")
        assert main(["generate", file, "--count", "300", "--until", "2026-02-01"]) == 0
    return folder


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def filtered(capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> bytes:
    assert main(["filter", *words]) == 0
    return capsysbinary.readouterr().out


def ended(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run a command that says why it ends."""
    code = main(["filter", *words])
    return code, capsys.readouterr().err.removeprefix("jsonapi-sieve filter: error: ").removesuffix("\n")


QUERIES = [
    "",
    "filter[duration-gteq]=60&filter[success-eq]=true",
    "filter[time-start-gteq]=2026-01-20&filter[time-start-lt]=2026-01-25T12:00:00Z",
    "filter[customer-price-gt]=0.05&filter[destination-prefix-start]=4",
    "filter[lega-disconnect-reason-cont]=E&filter[id-not-in]=1,2,3",
    "filter[auth-orig-ip-in]=127.0.0.1,10.0.0.1",
    "filter[or][1][duration-eq]=0&filter[or][2][src-name-in-start]=a&filter[not][1][success-eq]=true",
    "filter[duration-gt]=1000000",
    "sort=-customer-price,duration&filter[success-eq]=true",
    "sort=lega-disconnect-reason,-time-start",
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("query", QUERIES)
def test_rows_are_those_of_the_python_backend(query: str, form: str, calls: Path, here: Path) -> None:
    output = here / f"kept.{form}"
    words = [str(calls / f"calls.{form}"), query, "--resource", "cdrs", "--output", str(output)]
    assert main(["filter", *words]) == 0
    parsed = CDRS.parse(query)
    expected = compile_python(without_defaults(parsed.predicate)).select(CALLS)
    if "sort=" in query:
        expected = compile_python_order(parsed.order, primary_key=())(expected)
    assert ids(output) == [row["id"] for row in expected]


def ids(file: Path) -> list[int]:
    match file.suffix:
        case ".jsonl":
            return [json.loads(line)["id"] for line in file.read_text().splitlines()]
        case ".csv":
            return [int(line.partition(",")[0]) for line in file.read_text().splitlines()[1:]]
        case _:
            found: Any = pq.read_table(file)["id"].to_pylist()
            return list(found)


class Texts(FilterSet):
    text = Field(types.Text(), nullable=True, operators=("eq", "not_eq", "gteq", "cont", "null"))


WRITERS = {"jsonl": json_lines, "csv": csv_lines}
HOSTILE = st.text(
    st.sampled_from('a,"\n\r é\ufeff') | st.characters(codec="utf-8", exclude_characters="\0"), max_size=4
)


@settings(max_examples=25)
@given(
    st.lists(st.none() | HOSTILE, min_size=1, max_size=8), HOSTILE, st.sampled_from(["eq", "not_eq", "gteq", "cont"])
)
def test_texts_of_any_kind_are_read_as_they_were_written(values: list[str | None], text: str, operator: str) -> None:
    rows = [{"text": value, "n": str(number)} for number, value in enumerate(values)]
    predicate = Texts.text.compare(operator, text)
    expected = [int(str(row["n"])) for row in compile_python(predicate).select(rows)]
    quoted = '"' + text.replace('"', '""') + '"'
    query = f"filter[text-{operator}]={quote(quoted)}"
    for form, lines in WRITERS.items():
        written = list(lines(rows))
        header, body = written[: len(written) - len(rows)], written[len(written) - len(rows) :]
        Path(f"texts.{form}").write_bytes(b"".join(written))
        assert main(["filter", f"texts.{form}", query, "--field", "text:text", "--output", f"kept.{form}"]) == 0
        assert Path(f"kept.{form}").read_bytes() == b"".join([*header, *(body[number] for number in expected)])


def test_lines_are_written_as_they_were_read(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.jsonl").write_bytes(b'{"x" : 1, "x": 2}\r\n\n  \n{"x":1.0e0, "y": [1]}\n { "x":2}')
    assert filtered(capsysbinary, "a.jsonl", "filter[x-eq]=2", "--field", "x:decimal") == (
        b'{"x" : 1, "x": 2}\r\n { "x":2}\n'
    )
    (here / "a.csv").write_bytes(b'\xef\xbb\xbfx,"y"\r\n1,"a\nb"\r\n\r\n2,""\r\n2,')
    assert filtered(capsysbinary, "a.csv", "filter[x-eq]=2", "--field", "x:integer") == (
        b'\xef\xbb\xbfx,"y"\r\n2,""\r\n2,\n'
    )
    assert filtered(capsysbinary, "a.csv", "filter[y-eq]=%22%22", "--field", "y:text") == (
        b'\xef\xbb\xbfx,"y"\r\n2,""\r\n'
    )
    assert filtered(capsysbinary, "a.csv", "filter[y-null]=true", "--field", "y:text", "--count") == b"1\n"
    (here / "one.csv").write_bytes(b"x\n1\n\n2\n")
    assert filtered(capsysbinary, "one.csv", "filter[x-null]=true", "--field", "x:integer", "--count") == b"1\n"


def test_rows_come_from_stdin_and_from_compressed_files(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = b"x\n1\n2\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rows)))
    words = ["filter[x-gt]=1", "--field", "x:integer"]
    assert filtered(capsysbinary, "-", *words, "--format", "csv") == b"x\n2\n"
    (here / "a.csv.gz").write_bytes(gzip.compress(rows))
    assert filtered(capsysbinary, "a.csv.gz", *words) == b"x\n2\n"
    for name in ("b.csv.gz", "c.csv.gz"):
        assert filtered(capsysbinary, "a.csv.gz", *words, "--output", name) == b""
        assert gzip.decompress((here / name).read_bytes()) == b"x\n2\n"
    assert (here / "b.csv.gz").read_bytes() == (here / "c.csv.gz").read_bytes()


def test_no_more_is_read_than_a_limit_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        lines = 0

        def readable(self) -> bool:
            return True

        def readline(self, size: int | None = -1, /) -> bytes:
            self.lines += 1
            return b'{"x": %d}\n' % self.lines

    source = Endless()

    class Stdin:
        buffer = source

    monkeypatch.setattr(sys, "stdin", Stdin())
    with redirect_stdout(io.TextIOWrapper(io.BytesIO())) as printed:
        words = ["-", "filter[x-gt]=4500", "--field", "x:integer", "--format", "jsonl", "--limit", "2"]
        assert main(["filter", *words]) == 0
        printed.seek(0)
        assert printed.read() == '{"x": 4501}\n{"x": 4502}\n'
    assert source.lines < 10_000


def test_a_longer_file_takes_no_more_memory(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsonapi_sieve.cli.files.rows.BATCH", 200)

    def peak(count: int, form: str) -> int:
        rows = [{"x": number} for number in range(count)]
        (here / f"a.{form}").write_bytes(b"".join(WRITERS[form](rows)))
        tracemalloc.start()
        try:
            words = [f"a.{form}", "filter[x-gt]=10", "--field", "x:integer", "--output", f"b.{form}"]
            assert main(["filter", *words]) == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    for form in WRITERS:
        peak(10, form)  # imports what is imported once
        # Some tens of kilobytes come and go with the collector; 10,000 rows that are held are megabytes.
        assert peak(10_000, form) < 1.5 * peak(400, form)


def test_a_longer_parquet_file_takes_no_more_memory(here: Path) -> None:
    def peak(groups: int) -> int:
        texts = pa.table({"x": range(2_000), "y": [os.urandom(200).hex() for _ in range(2_000)]})
        with pq.ParquetWriter(here / "a.parquet", texts.schema) as writer:
            for _ in range(groups):
                writer.write_table(texts)
        tracemalloc.start()
        try:
            words = ["a.parquet", "filter[x-gt]=10", "--field", "x:integer", "--output", "b.parquet"]
            assert main(["filter", *words]) == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # imports what is imported once
    assert peak(12) < 1.5 * peak(4)


def test_rows_that_are_kept_for_an_order_hold_no_others(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsonapi_sieve.cli.files.parquet.BATCH", 3)
    monkeypatch.setattr(sieve, "BATCH", 3)
    schema = pa.schema([("x", pa.int64())])
    parquet(here / "a.parquet", [{"x": (number * 7) % 101} for number in range(101)], schema)
    kept: list[list[int]] = []
    compact = Parquet.compact

    def noted(rows: Parquet, some: list[tuple[pa.RecordBatch, int]]) -> list[tuple[pa.RecordBatch, int]]:
        compacted = compact(rows, some)
        assert sum({id(batch): batch.num_rows for batch, _ in compacted}.values()) == len(some)
        kept.append([batch["x"][index].as_py() for batch, index in compacted])
        return compacted

    monkeypatch.setattr(Parquet, "compact", noted)
    words = ["a.parquet", "sort=x", "--field", "x:integer", "--limit", "4", "--output", "b.parquet"]
    assert main(["filter", *words]) == 0
    assert [0, 1, 2, 3] in kept


@pytest.mark.parametrize("limit", [0, 1, 70, 599, 5_000])
def test_a_limit_holds_with_and_without_an_order(
    limit: int, here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sieve", "rows"):
        monkeypatch.setattr(f"jsonapi_sieve.cli.files.{module}.BATCH", 50)
    values = [(number * 7_919) % 101 for number in range(600)]
    (here / "a.jsonl").write_text("".join(f'{{"n": {n}, "x": {x}}}\n' for n, x in enumerate(values)))
    for query, expected in [
        ("", list(range(600))),
        ("sort=x", sorted(range(600), key=lambda n: values[n])),
        ("sort=-x", sorted(range(600), key=lambda n: -values[n])),
    ]:
        words = ["a.jsonl", query, "--field", "x:integer", "--limit", str(limit)]
        kept = [json.loads(line)["n"] for line in filtered(capsysbinary, *words).splitlines()]
        assert kept == expected[:limit]
        assert filtered(capsysbinary, *words, "--count") == b"%d\n" % len(kept)


def test_too_many_rows_are_not_sorted(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sieve, "SORTED", 3)
    (here / "a.csv").write_text("x\n1\n3\n2\n5\n")
    code, told = ended(capsys, "a.csv", "sort=x", "--field", "x:integer", "--output", "b.csv")
    assert (code, told) == (
        2,
        "more than 3 rows pass, too many to be sorted in memory: add filters or a --limit",
    )
    assert not (here / "b.csv").exists()
    assert main(["filter", "a.csv", "sort=x", "--field", "x:integer", "--count"]) == 0


BAD = [
    ("a.jsonl", '{"x": 1}\n{"x": "one"}\n', "line 2: x: 'one' is not an integer such as 10 or -3"),
    ("a.jsonl", '{"x": 1.5}\n', "line 1: x: '1.5' is not an integer such as 10 or -3"),
    ("a.jsonl", '{"x": true}\n', "line 1: x: true is not an integer such as 10 or -3"),
    ("a.jsonl", '{"x": [1]}\n', "line 1: x: a list is not an integer such as 10 or -3"),
    ("a.jsonl", '{"x": 9223372036854775808}\n', "line 1: x: 9223372036854775808 is no value of a column of Integer("),
    ("a.jsonl", '\n{"y": 1}\n', "line 2: x: it is missing"),
    ("a.jsonl", "[1]\n", "line 1: it is no JSON object"),
    ("a.jsonl", '\n{"x": 1\n', "line 2: it is no JSON: Expecting ',' delimiter at character 9"),
    ("a.jsonl", '{"x": {"y": 1}}\n', "line 1: x: an object is not an integer such as 10 or -3"),
    ("a.jsonl", '{"x": 1, "y": 1e9999999999999999999999}\n', "line 1: it holds a number with too many digits"),
    ("a.jsonl", '{"x": 1, "y": ' + "9" * 5_000 + "}\n", "line 1: it holds a number with too many digits"),
    ("a.jsonl", '{"x": NaN}\n', "line 1: it is no JSON: NaN is none"),
    ("a.jsonl", "[" * 100_000 + "\n", "line 1: it is nested too deeply"),
    ("a.jsonl", "\udcff\n", "line 1: it is no UTF-8"),
    ("a.csv", "x,y\n1,2\n\n3\n", "line 4: it has 1 values, and the header 2"),
    ("a.csv", "y,x\n1,2.0\n", "line 2: x: '2.0' is not an integer such as 10 or -3"),
    ("a.csv", 'y,x\n"a\nb"c,1\n', "lines 2 to 3: text stands behind a closing double quote"),
    ("a.csv", 'y,x\na"b,1\nc,2\n', "lines 2 to 3: a double quote stands inside an item that is not quoted"),
    ("a.csv", "y,x\n\udcff,1\n", "line 2: it is no UTF-8"),
    ("a.csv", "x,y\n\x1b[31m,1\n", "line 2: x: '\\x1b[31m' is not an integer such as 10 or -3"),
]


@pytest.mark.parametrize(("name", "text", "message"), BAD)
def test_a_bad_row_ends_the_command_or_is_skipped(
    name: str, text: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / name).write_text(text, errors="surrogateescape")
    words = [name, "filter[x-gteq]=0", "--field", "x:integer", "--output", f"kept-{name}"]
    code, told = ended(capsys, *words)
    assert code == 1
    assert told.startswith(message)
    assert told.endswith(" (--skip-bad-rows leaves such rows out)")
    assert [path.name for path in here.iterdir()] == [name]
    code, told = ended(capsys, *words, "--skip-bad-rows")
    assert code == 0
    assert told.startswith(f"skipped a bad row:\n{message}")
    assert (here / f"kept-{name}").exists()


def test_only_the_first_bad_rows_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.csv").write_text("x\n" + "a\n" * 2_000 + "1\n")
    assert main(["filter", "a.csv", "filter[x-eq]=1", "--field", "x:integer", "--skip-bad-rows", "--json"]) == 0
    printed, told = capsys.readouterr()
    *first, counts = told.splitlines()
    assert printed == "x\n1\n"
    assert [line.partition(":")[0] for line in first[1:]] == ["line 2", "line 3", "line 4"]
    assert json.loads(counts) == {"read": 2_001, "kept": 1, "skipped": 2_000}


def test_lines_that_would_fill_the_memory_are_not_read(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("lines", "comma_separated"):
        monkeypatch.setattr(f"jsonapi_sieve.cli.files.{module}.LONGEST", 100)
    (here / "a.jsonl").write_text('{"x": 1}\n{"x": "' + "a" * 100)
    (here / "a.csv").write_text('x\n1\n"' + "a\n" * 100)
    for name, message in [
        ("a.jsonl", "line 2 is longer than 100 bytes"),
        ("a.csv", "the record that begins in line 3 is longer than 100 bytes; is a quote open?"),
    ]:
        words = [name, "", "--field", "x:text", "--skip-bad-rows", "--output", "b"]
        assert ended(capsys, *words, "--format", name[2:]) == (1, message)
        assert not (here / "b").exists()


def test_a_member_that_is_absent_may_be_null(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.jsonl").write_text('{"x": 1}\n{}\n')
    words = ["a.jsonl", "filter[x-null]=true", "--field", "x:integer", "--absent-null"]
    assert filtered(capsysbinary, *words) == b"{}\n"


class Related(FilterSet):
    name = Field(types.Text())


class WithRelated(FilterSet):
    owner = ToOne(Related)
    tags = ToMany(Related)


filters = WithRelated()


def test_related_rows_are_objects_in_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        '{"owner": {"name": "a"}, "tags": [{"name": "b"}, {"name": "c"}]}\n',
        '{"owner": null, "tags": []}\n',
        '{"owner": {"name": "b"}, "tags": [{"name": "a"}]}\n',
    ]
    (here / "a.jsonl").write_text("".join(rows))
    resource = ["--resource", f"{__name__}:filters"]
    for query, expected in [
        ("filter[owner.name-eq]=a", [0]),
        ("filter[owner.name-not-eq]=a", [2]),
        ("filter[tags.name-eq]=b&filter[tags.name-not-eq]=a", [0]),
        ("filter[tags-none.name-eq]=a", [0, 1]),
        ("filter[tags-all.name-not-eq]=a", [0, 1]),
    ]:
        assert main(["filter", "a.jsonl", query, *resource]) == 0
        assert capsys.readouterr().out == "".join(rows[number] for number in expected)
    for row, query, message in [
        ('{"owner": 7}', "filter[owner.name-eq]=a", "line 1: owner: a related row is an object"),
        ('{"owner": {}}', "filter[owner.name-eq]=a", "line 1: owner: name: it is missing"),
        ('{"owner": {"name": null}}', "filter[owner.name-eq]=a", "line 1: owner: name: it is null"),
        ('{"tags": {}}', "filter[tags.name-eq]=a", "line 1: tags: related rows are a list of objects"),
        ('{"tags": [null]}', "filter[tags.name-eq]=a", "line 1: tags: related rows are a list of objects"),
    ]:
        (here / "bad.jsonl").write_text(row)
        code, told = ended(capsys, "bad.jsonl", query, *resource)
        assert code == 1
        assert told.startswith(message)
    (here / "a.csv").write_text("owner\n")
    assert ended(capsys, "a.csv", "filter[owner.name-eq]=a", *resource) == (
        2,
        "a CSV file has no related rows, such as those of owner",
    )


@pytest.mark.parametrize(
    ("declared", "value", "read"),
    [
        (types.Timestamp(digits=3), "2026-01-02T03:04:05.6789+01:00", datetime(2026, 1, 2, 2, 4, 5, 678_000, UTC)),
        (types.Timestamp(zone="UTC"), "2026-01-02", datetime(2026, 1, 2)),  # noqa: DTZ001
        (types.Timestamp(), datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
        (types.Timestamp(), datetime(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),  # noqa: DTZ001
        (types.Decimal(scale=2), Decimal("1.50"), Decimal("1.50")),
        (types.Decimal(scale=2), 0.1, Decimal("0.1")),
        (types.Decimal(exact=False), Decimal("0.1"), 0.1),
        (types.Float(), Decimal("0.1"), 0.1),
        (types.Boolean(), "true", True),
        (types.Uuid(), "AA3432E2-A26E-11EF-A008-0242AC120003", "aa3432e2-a26e-11ef-a008-0242ac120003"),
    ],
)
def test_values_are_read_as_rows_hold_them(declared: Any, value: object, read: object) -> None:
    field = Field(declared, name="x")
    row = Reader([], [field], absent=False).read({"x": value})
    assert row == {"x": read}
    assert type(row["x"]) is type(read)
    assert compile_python(field.eq(declared.load(value) if isinstance(value, str) else declared.parse(str(value))))(row)


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        (types.Decimal(scale=2), "0.125", "'0.125' is no value of a column of Decimal(scale=2, exact=True)"),
        (types.Integer(16), 40_000, "40000 is no value of a column of Integer(bits=16)"),
        (types.Enum("a", "b"), "c", "'c' is not one of a, b"),
        (types.Text(), None, "it is null, and not declared to be nullable"),
    ],
)
def test_values_that_the_column_does_not_have_are_refused(declared: Any, value: object, message: str) -> None:
    with pytest.raises(Unreadable, match=r"^x: ") as raised:
        Reader([], [Field(declared, name="x")], absent=False).read({"x": value})
    assert message in str(raised.value)


def test_only_what_is_looked_at_is_read() -> None:
    shape = normalize(CdrFilters().parse("filter[id]=1&filter[duration-gt]=2&filter[account.name-eq]=a")).shape
    reader = Reader([shape], [CdrFilters.success], absent=False)
    assert set(reader.columns) == {"id", "duration", "success", "account"}


def parquet(file: Path, rows: list[Mapping[str, object]], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema), file)


def test_a_byte_order_mark_before_json_lines_is_passed_over(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"x": 1}\n{"x": 0}\n')
    sorted_ = filtered(capsysbinary, "a.jsonl", "sort=x", "--field", "x:integer")
    assert sorted_ == b'{"x": 0}\n{"x": 1}\n'
    (here / "empty.jsonl").write_bytes(b"\xef\xbb\xbf")
    assert filtered(capsysbinary, "empty.jsonl", "", "--field", "x:integer") == b""


@pytest.mark.parametrize("begun", [b"", b"\xef\xbb\xbf\r\n"])
def test_a_csv_file_has_a_header(begun: bytes, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.csv").write_bytes(begun)
    told = ended(capsys, "a.csv", "", "--field", "x:integer", "--count")
    assert told == (2, "the first line is no header of columns: it is empty")


def test_what_is_written_over_leaves_its_permissions(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.jsonl").write_text('{"x": 1}\n')
    (here / "b.jsonl").touch(mode=0o600)
    assert main(["filter", "a.jsonl", "", "--field", "x:integer", "--output", "b.jsonl"]) == 0
    assert (here / "b.jsonl").stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().err == "1 of 1 rows\n"


def test_parquet_keeps_its_schema_and_its_values(here: Path) -> None:
    columns: list[tuple[str, pa.DataType]] = [
        ("n", pa.int8()),
        ("x", pa.float32()),
        ("other", pa.list_(pa.string())),
        ("at", pa.timestamp("ns", "UTC")),
    ]
    schema = pa.schema(columns, {"about": "it"})
    rows: list[Mapping[str, object]] = [
        {"n": number, "x": number / 2, "other": ["a"] * number, "at": number} for number in range(5)
    ]
    parquet(here / "a.parquet", rows, schema)
    words = ["a.parquet", "filter[n-gt]=1&sort=-n", "--field", "n:integer", "--output", "b.parquet"]
    assert main(["filter", *words]) == 0
    kept = pq.read_table(here / "b.parquet")
    assert kept.schema == schema
    assert kept.schema.metadata == {b"about": b"it"}
    assert kept.drop_columns(["at"]).to_pylist() == [
        {name: value for name, value in row.items() if name != "at"} for row in rows[:1:-1]
    ]


def test_moments_without_a_zone_are_in_utc_as_in_text(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    at = ["2026-01-01 00:00:00", "2026-01-02 00:00:00"]
    schema = pa.schema([("at", pa.timestamp("us"))])
    parquet(here / "a.parquet", [{"at": datetime.fromisoformat(each)} for each in at], schema)
    (here / "a.csv").write_text("\n".join(["at", *at]))
    for name in ("a.parquet", "a.csv"):
        words = [name, "filter[at-gteq]=2026-01-02T00:00Z", "--field", "at:timestamp", "--count"]
        assert filtered(capsysbinary, *words) == b"1\n"


def test_parquet_is_put_in_order_across_batches(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("BATCH", 3), ("_GROUP", 5)):
        monkeypatch.setattr(f"jsonapi_sieve.cli.files.parquet.{name}", size)
    monkeypatch.setattr(sieve, "BATCH", 7)
    values = [(number * 7) % 23 for number in range(23)]
    columns: list[tuple[str, pa.DataType]] = [("x", pa.int64()), ("y", pa.string())]
    parquet(here / "a.parquet", [{"x": x, "y": str(x)} for x in values], pa.schema(columns))
    for query, expected in [
        ("filter[x-gt]=9", [x for x in values if x > 9]),
        ("filter[x-lt]=2", [x for x in values if x < 2]),
        ("filter[x-gt]=9&sort=x", list(range(10, 23))),
        ("filter[x-gt]=30&sort=x", []),
    ]:
        assert main(["filter", "a.parquet", query, "--field", "x:integer", "--output", "b.parquet"]) == 0
        kept = pq.read_table(here / "b.parquet")
        assert kept.to_pylist() == [{"x": x, "y": str(x)} for x in expected]


def test_a_broken_parquet_file_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[Mapping[str, object]] = [{"x": f"{number} is a number"} for number in range(2_000)]
    parquet(here / "a.parquet", rows, pa.schema([("x", pa.string())]))
    whole = (here / "a.parquet").read_bytes()
    (here / "a.parquet").write_bytes(whole[:40] + b"\xff" * 1_000 + whole[1_040:])
    code, told = ended(capsys, "a.parquet", "filter[x-eq]=1", "--field", "x:text", "--count")
    assert code in (1, 2)
    assert " cannot be read: " in told
    assert "\n" not in told


def test_parquet_is_refused_where_it_cannot_be(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet(here / "a.parquet", [{"x": 1}, {"x": None}], pa.schema([("x", pa.int64())]))
    (here / "b.parquet").write_text("PAR1 but no Parquet")
    field = ["--field", "x:integer"]
    for words, code, message in [
        (["-", "", *field, "--format", "parquet"], 2, "a Parquet file is read from its end, so it cannot come from"),
        (["a.parquet", "", *field], 2, "a Parquet file is not written to stdout"),
        (["b.parquet", "", *field, "--count"], 2, "this is no Parquet file: "),
        (["a.parquet", "filter[y-eq]=1", "--field", "y:integer", "--count"], 2, "a.parquet has no column y; it has x"),
        (["a.parquet", "filter[x-eq]=true", "--field", "x:boolean", "--count"], 1, "row 1: x: 1 is not true or false"),
    ]:
        told = ended(capsys, *words)
        assert told[0] == code
        assert told[1].startswith(message), told


@pytest.fixture
def small(here: Path) -> list[str]:
    (here / "a.csv").write_text("x,x,y\n1,2,3\n")
    return ["a.csv", "filter[y-eq]=3", "--field", "y:integer"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no.csv", "", "--field", "y:integer"], "no.csv cannot be read: No such file or directory"),
        ([".", "", "--field", "y:integer", "--format", "csv"], ". cannot be read: Is a directory"),
        (["a.txt", "", "--field", "y:integer"], "a.txt: the name does not tell the format; it ends in .jsonl,"),
        (["a.parquet.gz", "", "--field", "y:integer"], "a.parquet.gz: the name does not tell the format"),
        (["a.csv", "filter[z-eq]=1", "--field", "z:integer"], "a.csv has no column z; it has x, x, y"),
        (["a.csv", "filter[x-eq]=1", "--field", "x:integer"], "a.csv has several columns x; it has x, x, y"),
        (
            ["a.csv", "", "--field", "y:number"],
            "'y:number' declares no field: write name:type, with a type of boolean,",
        ),
        (["a.csv", "", "--field", "Y:integer"], "'Y:integer' declares no field: "),
        (["a.csv", "", "--field", "y:text", "--field", "y:date"], "DeclaredFilters declares two fields"),
        (
            ["a.csv", "page[size]=5", "--field", "y:integer"],
            "the query has a fault\npage[size]: There are no pages here.",
        ),
        (
            ["a.csv", "include=a", "--field", "y:integer"],
            "the query has a fault\ninclude: Nothing can be included here.",
        ),
        (["a.csv", "sort=z", "--field", "y:integer"], "the query has a fault\nsort: 'z' cannot be sorted by"),
        (["a.csv", "sort=rec", "--resource", "cdrs"], "the query has a fault\nsort: 'rec' cannot be sorted by"),
        (["a.csv", "", "--field", "y:integer", "--output", "b.jsonl"], "rows are written as they are read: b.jsonl"),
        (["a.csv", "", "--field", "y:integer", "--output", "no/b.csv"], "no/b.csv cannot be written: No such file"),
        (["quote.csv", "", "--field", "y:integer"], "the first line is no header of columns: a double quote is left"),
        (["broken.csv.gz", "", "--field", "y:integer"], "broken.csv.gz cannot be "),
        (["text.csv.gz", "", "--field", "y:integer"], "text.csv.gz cannot be read: Not a gzipped file"),
    ],
)
@pytest.mark.usefixtures("small")
def test_what_cannot_be_done_is_refused(
    words: list[str], message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "quote.csv").write_text('"x\n')
    (here / "broken.csv.gz").write_bytes(gzip.compress(b"y\n" + b"1\n" * 1_000)[:-12])
    (here / "text.csv.gz").write_text("y\n1\n")
    code, told = ended(capsys, *words)
    assert code == 2
    assert told.startswith(message), told


def test_an_output_appears_when_it_is_whole(small: list[str], here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "b.csv").write_text("before")

    def interrupt(*_: object) -> Iterator[list[object]]:
        yield []
        assert any(path.is_dir() for path in here.iterdir())
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("jsonapi_sieve.cli.files.comma_separated.CommaSeparated.batches", interrupt)
        assert main(["filter", *small, "--output", "b.csv"]) == 130
    assert {path.name: path.read_text() for path in here.iterdir() if path.name != "a.csv"} == {"b.csv": "before"}
    (here / "link.csv").symlink_to(here / "b.csv")
    assert main(["filter", *small, "--output", "link.csv"]) == 0
    assert (here / "link.csv").is_symlink()
    assert (here / "b.csv").read_text() == "x,x,y\n1,2,3\n"
    assert main(["filter", *small, "--output", "a.csv"]) == 0
    assert (here / "a.csv").read_text() == "x,x,y\n1,2,3\n"


def test_what_is_no_ordinary_file_is_written_to_as_it_is(small: list[str]) -> None:
    assert main(["filter", *small, "--output", os.devnull]) == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_told(small: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(capsys, *small, "--output", "/dev/full") == (2, "/dev/full cannot be written: No space left on device")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_at_a_terminal(
    small: list[str], monkeypatch: pytest.MonkeyPatch, calls: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def told(*words: str) -> str:
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        assert main(["filter", *words]) == 0
        return terminal.getvalue()

    assert "100%" in told(*small, "--count")
    shown = told(str(calls / "calls.parquet"), "filter[duration-gt]=9", "--resource", "cdrs", "--count")
    assert "300/300" in shown
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert told(*small, "--output", "b.csv") == "1 of 1 rows\n"
    assert capsysbinary.readouterr().out.splitlines()[0] == b"1"
