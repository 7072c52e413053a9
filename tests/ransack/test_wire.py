"""The query strings: refused where the measured API refuses, else the measured rows or a listed reason to differ."""

import re
from collections import Counter
from functools import cache
from urllib.parse import parse_qsl

import pytest

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.csv_record import MalformedRecord, split_record
from jsonapi_sieve.names import spell
from tests.ransack import reference
from tests.ransack.calls import CamelWireFilters, Engines, WireFilters
from tests.ransack.corpus import Condition, condition, read
from tests.ransack.summary import Note
from tests.ransack.verdicts import Verdict, verdict

LINES = {line["n"]: line for line in read("wire.jsonl")}
REFUSED = [number for number, line in LINES.items() if line["status"] == 400]
ANSWERED = [number for number, line in LINES.items() if line["status"] == 200]
FILTERS = {False: WireFilters(), True: CamelWireFilters()}
TABLES = {False: "query strings", True: "query strings, with camel case turned on"}


OTHERS = {
    "null, empty and blank values (refused)": 4,
    "empty and blank values (read as text)": 2,
    "letters outside ASCII (compared as they are)": 2,
    "text that Ransack strips (read as it is)": 2,
    "uuids without dashes (refused)": 1,
}


def stored_name(key: str) -> str:
    """Bring a key in any spelling down to the stored one: `filter[rowsCount-Eq]` to `rows_count_eq`."""
    name = key.removeprefix("filter[").removesuffix("]")
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")


def declared(key: str, *, camel: bool) -> str:
    """Give the canonical key where the spelling is one of those declared, else the key itself."""
    name = stored_name(key)
    return f"filter[{name}]" if camel and key == f"filter[{spell(name, 'camel')}]" else key


def items(text: str) -> list[str | None]:
    """Split a value as the measured API does: a stray quote makes one item of it."""
    try:
        return split_record(text)
    except MalformedRecord:
        return [text]


def conditions(query: str, *, camel: bool) -> list[Condition]:
    asked = []
    for key, text in parse_qsl(query, keep_blank_values=True, strict_parsing=True):
        found = condition(declared(key, camel=camel), stored_name(key), items(text))
        assert found is not None
        asked.append(found if reference.takes_list(found) else found.with_value(found.items[0]))
    return asked


@cache
def expected(number: int, *, camel: bool) -> Verdict:
    return verdict(conditions(LINES[number]["query"], camel=camel), LINES[number]["ids"])


@pytest.mark.parametrize("camel", FILTERS)
@pytest.mark.parametrize("number", REFUSED)
def test_refused(number: int, camel: bool, note: Note) -> None:
    with pytest.raises(QueryErrors) as refusal:
        FILTERS[camel].parse(LINES[number]["query"])
    assert refusal.value.status == 400
    note(TABLES[camel], "refused, as measured", number)


@pytest.mark.parametrize("camel", FILTERS)
@pytest.mark.parametrize("number", ANSWERED)
def test_answered(number: int, camel: bool, engines: Engines, note: Note) -> None:
    answer, query = expected(number, camel=camel), LINES[number]["query"]
    if answer.refused:
        with pytest.raises(QueryErrors) as refusal:
            FILTERS[camel].parse(query)
        assert {declared(str(error.at), camel=camel) for error in refusal.value.errors} == answer.refused
        assert refusal.value.status == 400
    else:
        assert engines.select(FILTERS[camel].parse(query)) == {"Python": answer.rows, "SQLite": answer.rows}
    note(TABLES[camel], answer.title, number)


@pytest.mark.parametrize(
    ("camel", "counts"),
    [
        (False, {"the measured rows": 73, "keys with capitals (refused)": 15, **OTHERS}),
        (True, {"the measured rows": 86, "keys with capitals (refused)": 2, **OTHERS}),
    ],
)
def test_counts(camel: bool, counts: dict[str, int]) -> None:
    assert Counter(expected(number, camel=camel).title for number in ANSWERED) == counts
