"""The stored filters on which Ransack raises: refused too, or answered where a list leaves the range of its column."""

from typing import Any

import pytest

from jsonapi_sieve import QueryErrors
from tests.ransack import reference
from tests.ransack.calls import CallFilters, Engines
from tests.ransack.corpus import condition, read
from tests.ransack.summary import Note

FILTERS = CallFilters()
LINES = list(enumerate(read("errors.jsonl"), start=1))
OUT_OF_RANGE = "ActiveModel::RangeError"


@pytest.mark.parametrize(("number", "line"), LINES)
def test_errors(number: int, line: dict[str, Any], engines: Engines, note: Note) -> None:
    ((name, value),) = line["filter"].items()
    asked = condition(name, name, value)
    if asked is None or reference.refuses(asked):
        with pytest.raises(QueryErrors) as refusal:
            FILTERS.load(line["filter"])
        assert str(refusal.value.errors[0].at).split("/")[1] == name
        note("errors", "refused", number)
    else:
        assert line["error"] == OUT_OF_RANGE
        rows = reference.select([asked])
        assert engines.select(FILTERS.load(line["filter"])) == {"Python": rows, "SQLite": rows}
        note("errors", "lists with constants beyond the column, which are answered", number)
