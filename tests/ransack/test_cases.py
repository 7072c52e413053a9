"""The stored filters: the measured rows, one of the listed reasons to differ, or a quirk that is refused."""

from collections import Counter
from functools import cache

import pytest

from jsonapi_sieve import FilterSet, QueryErrors
from tests.ransack import reference
from tests.ransack.calls import CallFilters, Engines, LooseCallFilters
from tests.ransack.corpus import CASES, Case
from tests.ransack.summary import Note
from tests.ransack.verdicts import Verdict, refused_keys, verdict

FILTERS = CallFilters()
LOOSE_FILTERS = LooseCallFilters()

QUIRKS = [case for case in CASES if case.group.startswith("quirk-")]
LOOSE = [case for case in CASES if case.group.startswith("datetime-loose")]
CORE = [case for case in CASES if case not in QUIRKS and case not in LOOSE]


def refusals(filters: FilterSet, document: dict[str, object]) -> set[str]:
    """Give the names of the conditions that are refused, each of which is pointed at."""
    with pytest.raises(QueryErrors) as refusal:
        filters.load(document)
    return {str(error.at).split("/")[1] for error in refusal.value.errors}


@cache
def expected(case: Case) -> Verdict:
    return verdict(case.conditions, case.ids)


def test_every_case_is_read_in_full() -> None:
    assert [case.number for case in CASES] == list(range(1, 652))
    assert all(list(case.filter) == [condition.key for condition in case.conditions] for case in CASES)


@pytest.mark.parametrize("case", CORE, ids=str)
def test_core(case: Case, engines: Engines, note: Note) -> None:
    answer = expected(case)
    if answer.refused:
        assert refusals(FILTERS, case.filter) == answer.refused
    else:
        assert engines.select(FILTERS.load(case.filter)) == {"Python": answer.rows, "SQLite": answer.rows}
    note("core cases", answer.title, case.number)


def test_core_in_both_written_forms() -> None:
    for case in CORE:
        if not expected(case).refused:
            predicate = FILTERS.load(case.filter)
            assert FILTERS.parse(FILTERS.render(predicate)) == predicate
            assert FILTERS.load(FILTERS.dump(predicate)) == predicate


def test_core_counts() -> None:
    assert Counter(expected(case).title for case in CORE) == {
        "the measured rows": 460,
        "operators that are not offered (refused)": 49,
        "letters outside ASCII (compared as they are)": 17,
        "JSON types of another kind (refused)": 10,
        "null, empty and blank values (refused)": 8,
        "empty and blank values (read as text)": 4,
        "blanks around values (refused)": 3,
        "text that Ransack strips (read as it is)": 3,
        "JSON types of another kind (refused) and operators that are not offered (refused)": 1,
        "uuids without dashes (refused)": 1,
    }


@pytest.mark.parametrize("case", LOOSE, ids=str)
def test_loose_spellings_of_timestamps(case: Case, engines: Engines, note: Note) -> None:
    assert refusals(FILTERS, case.filter) == refused_keys(case.conditions)
    assert engines.select(LOOSE_FILTERS.load(case.filter)) == {"Python": case.ids, "SQLite": case.ids}
    note("timestamps in loose spellings", "the measured rows with loose=True, refused without", case.number)


REFUSED, STRICT = "refused", "answered by the library's rules"
QUIRK_COUNTS = {
    # Text that starts like a number is none; a constant beyond its column is compared as what it is.
    "quirk-bad-number": {REFUSED: 18, STRICT: 2},
    "quirk-bad-boolean": {REFUSED: 8},
    "quirk-bad-datetime": {REFUSED: 9},
    "quirk-bad-uuid": {REFUSED: 2},
    # Blanks are no number, no truth and no moment, but they are text.
    "quirk-blank": {REFUSED: 10, STRICT: 6},
    "quirk-strip": {STRICT: 4},
    # Only text can be blank.
    "quirk-present-nonstring": {REFUSED: 4},
}


@pytest.mark.parametrize("case", QUIRKS, ids=str)
def test_quirks(case: Case, engines: Engines, note: Note) -> None:
    refused = refused_keys(case.conditions)
    if refused:
        assert refusals(FILTERS, case.filter) == refused
    else:
        rows = reference.select(case.conditions)
        assert engines.select(FILTERS.load(case.filter)) == {"Python": rows, "SQLite": rows}
    note("quirks", f"{case.group}: {REFUSED if refused else STRICT}", case.number)


@pytest.mark.parametrize(("group", "counts"), QUIRK_COUNTS.items())
def test_quirk_counts(group: str, counts: dict[str, int]) -> None:
    cases = [case for case in QUIRKS if case.group == group]
    assert Counter(REFUSED if refused_keys(case.conditions) else STRICT for case in cases) == counts
