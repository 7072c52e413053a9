from collections import namedtuple
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jsonapi_sieve import SortKey
from jsonapi_sieve.backends.python import compile_python_order, compile_python_page
from jsonapi_sieve.backends.python.pages import follows, position_of
from jsonapi_sieve.sorting import total_order

Row = namedtuple("Row", "id account")  # noqa: PYI024
BY_NAME = (SortKey("account.name"),)


class Status(Enum):
    OPEN = "open"


def rows(kind: str) -> list[Any]:
    accounts = [{"name": name} if name else None for name in ("b", "a", None, "b")]
    made: list[dict[str, Any]] = [{"id": number, "account": account} for number, account in enumerate(accounts)]
    if kind == "keys":
        return made
    if kind == "tuples":
        return [Row(**row) for row in made]
    return [SimpleNamespace(id=row["id"], account=row["account"] and SimpleNamespace(**row["account"])) for row in made]


def ids(found: list[Any]) -> list[int]:
    return [position_of(row, (SortKey("id"),))[0] for row in found]  # type: ignore[misc]


@pytest.mark.rule("SRT-05")
@pytest.mark.parametrize("kind", ["keys", "tuples", "attributes"])
def test_rows_sort_by_what_they_lead_to(kind: str) -> None:
    assert ids(compile_python_order(BY_NAME)(rows(kind))) == [1, 0, 3, 2]
    page = compile_python_page(BY_NAME, limit=2, after=("b", 0))
    assert ids(page(rows(kind))) == [3, 2]
    before = compile_python_page(BY_NAME, limit=2, before=(None, 2))
    assert ids(before(rows(kind))) == [3, 0]


def test_pages_begin_at_the_end_that_is_asked_for() -> None:
    numbers = [{"id": number} for number in range(5)]
    assert ids(compile_python_page((), limit=2)(numbers)) == [0, 1]
    assert ids(compile_python_page((), limit=2, after=())(numbers)) == [0, 1]
    assert ids(compile_python_page((), ["id"], limit=2, before=())(numbers)) == [4, 3]


def test_a_missing_attribute_is_told_by_its_first_name() -> None:
    with pytest.raises(KeyError, match="a row has no account; it has id"):
        compile_python_order(BY_NAME)([{"id": 1}, {"id": 2}])


@pytest.mark.parametrize("make", [dict, Row])
def test_a_missing_attribute_of_a_related_row_is_told_too(make: Any) -> None:
    with pytest.raises(KeyError, match="name"):
        compile_python_order(BY_NAME)([make(id=1, account={}), make(id=2, account=None)])


def test_positions_are_plain() -> None:
    here = datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    keys = (SortKey("status"), SortKey("at"), SortKey("naive"))
    position = position_of({"status": Status.OPEN, "at": here, "naive": datetime(2024, 1, 1)}, keys)  # noqa: DTZ001
    assert position == ("open", here.astimezone(UTC), datetime(2024, 1, 1))  # noqa: DTZ001
    assert getattr(position[1], "tzinfo", None) is UTC


def test_no_position_follows_itself() -> None:
    keys = total_order((SortKey("a"), SortKey("b", descending=True)), ["id"])
    for position in [(1, 2, 3), (None, None, 3)]:
        assert not follows(position, position, keys)
    assert follows((None, 1, 1), (9, 1, 1), keys)
    assert not follows((9, 1, 1), (None, 1, 1), keys)
    assert follows((1, 1, 1), (1, None, 1), keys)
    assert not follows((1, None, 1), (1, 1, 1), keys)


def test_an_hour_that_clocks_repeat_is_two() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2024, 10, 27, 2, 30, tzinfo=berlin)
    again = first.replace(fold=1)
    page = compile_python_page(
        (SortKey("at"),), limit=5, after=position_of({"at": first, "id": 9}, (SortKey("at"), SortKey("id")))
    )
    assert ids(page([{"id": 1, "at": first}, {"id": 2, "at": again}, {"id": 3, "at": first + timedelta(days=1)}])) == [
        2,
        3,
    ]
