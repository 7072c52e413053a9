"""Every engine selects the rows that are expected of the measured cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.engines.base import Loaded, Opened
from tests.engines.table import Table
from tests.parity.results import Agree
from tests.ransack.calls import CallFilters
from tests.ransack.corpus import CASES, ROWS, Case
from tests.ransack.verdicts import verdict

FILTERS = CallFilters()
# Some engines have decimals of 38 digits, of which 20 stand behind the point here; `test_cases.py` asks for all rows.
HELD = [row for row in ROWS if all(abs(row[name] or 0) < 10**17 for name in ("customer_price", "destination_fee"))]
IDS = {row["id"] for row in HELD}
CALLS = Table(
    "calls",
    FILTERS,
    tuple(
        {
            field.name: str(row["uuid"]) if field.name == "uuid" and row["uuid"] else row[field.name]
            for field in FILTERS.fields
        }
        for row in HELD
    ),
)


def _by_group() -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in CASES:
        if not case.group.startswith(("quirk-", "datetime-loose")):
            groups[case.group].append(case)
    return groups


GROUPS = _by_group()


@pytest.fixture(scope="session")
def calls(engine: Opened) -> Iterator[Loaded]:
    with engine.load(CALLS) as loaded:
        yield loaded


@pytest.mark.parametrize("group", GROUPS)
def test_core(calls: Loaded, group: str, agree: Agree) -> None:
    answers = [(case, verdict(case.conditions, case.ids)) for case in GROUPS[group]]
    questions = [
        (FILTERS.load(case.filter), [number for number in answer.rows if number in IDS])
        for case, answer in answers
        if not answer.refused
    ]
    agree("core cases", questions, calls.select)
