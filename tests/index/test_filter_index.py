"""The index by examples: keys, faults, rows of every kind, and values that tables cannot look up."""

from __future__ import annotations

import enum
import ipaddress
import random
import uuid
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from threading import Thread
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from jsonapi_sieve import Field, FilterSet, Predicate, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import FilterIndex, RowIndex, filter_index, records, segments, tables
from jsonapi_sieve.predicate import FALSE, TRUE, And, Or
from tests.index.declared import Everything, make_small

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
ONE = "00000000-0000-4000-8000-00000000000a"


class Status(enum.StrEnum):
    PENDING = "Pending"


class Colour(enum.Enum):
    PENDING = "Pending"
    OTHER = "a,b"
    THIRD = "é"


class Short(NamedTuple):
    number: int


class Failing(dict[str, object]):
    """A mapping that fails at what it has."""

    def __getitem__(self, key: str) -> object:
        raise LookupError(key)


class Computing:
    """A row that fails at computing an attribute."""

    @property
    def id(self) -> str:
        raise LookupError("id")


class Odd(str):
    """Text that is equal to what it is not."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other == "odd"

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Cents(types.Integer):
    """Numbers that rows hold a hundredfold."""

    __slots__ = ()

    def kind(self, sample: object) -> types.Kind[int]:
        return CENTS


CENTS: types.Kind[int] = types.Kind("cents", lambda constant: constant * 100, lambda held: held // 100)


@pytest.fixture(params=[False, True], ids=["waiting", "settled"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put filters into tables at once, or never."""
    make_small(monkeypatch)
    monkeypatch.setattr(filter_index, "_PENDING", 0 if request.param else 1000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("predicate", "row"),
    [
        (Everything.uuid.eq(ONE), {"uuid": uuid.UUID(ONE)}),
        (Everything.uuid.eq(ONE), {"uuid": ONE}),
        (Everything.address.eq("10.0.0.1"), {"address": ipaddress.ip_address("10.0.0.1")}),
        (Everything.address.eq("10.0.0.1/8"), {"address": ipaddress.ip_interface("10.0.0.1/8")}),
        (Everything.status.eq("Pending"), {"status": Status.PENDING}),
        (Everything.status.eq("Pending"), {"status": Colour.PENDING}),
        (Everything.moment.eq(NOON), {"moment": NOON.astimezone(ZoneInfo("Europe/Berlin"))}),
        (Everything.moment.lteq(NOON), {"moment": NOON.astimezone(ZoneInfo("UTC"))}),
        (Everything.moment.gt(NOON), {"moment": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-9)))}),
        (Everything.naive.in_([NOON, NOON + timedelta(1)]), {"naive": NOON.replace(tzinfo=None)}),
        (Everything.price.eq(Decimal("1.50")), {"price": Decimal("1.5")}),
        (Everything.price.gteq(2), {"price": 2}),
        (Everything.rounded.eq(Decimal("0.1")), {"rounded": 0.1}),
        (Everything.rounded.eq(Decimal(3)), {"rounded": 3}),
        (Everything.float.lt(0.5), {"float": -0.0}),
        (Everything.text.eq("odd"), {"text": Odd("text")}),
        (Everything.text.gt("a") & Everything.text.eq("odd"), {"text": Odd("text")}),
        (Everything.text.eq("Pending"), {"text": Status.PENDING}),
        (Everything.number.gteq(1) & Everything.number.gt(1), {"number": 2}),
        (Everything.number.gteq(2) & Everything.number.gt(1), {"number": 2}),
        (Everything.number.lteq(1) & Everything.number.lt(5), {"number": 1}),
        (Everything.number.eq(1) & Everything.number.in_([1, 2]), {"number": 1}),
        (Everything.text.blank(), {"text": ""}),
        (Everything.text.blank() & Everything.text.null(), {"text": None}),
        (Everything.text.present() & Everything.text.not_eq("a"), {"text": "b"}),
        (
            Or(*(And(Everything.number.eq(n), Everything.truth.eq(True)) for n in range(20))),
            {"number": 3, "truth": True},
        ),
        (TRUE, {}),
    ],
)
def test_rows_of_every_kind(predicate: Predicate, row: dict[str, Any]) -> None:
    index = FilterIndex({"it": predicate, "not": ~predicate})
    assert compile_python(predicate)(row)
    assert index.match(row) == index.match(SimpleNamespace(**row)) == ["it"]
    if row:
        assert index.match(namedtuple("Row", row)(**row)) == ["it"]  # noqa: PYI024  (of names that differ)


@pytest.mark.usefixtures("small")
def test_values_that_no_table_knows() -> None:
    class Filters(FilterSet):
        number = Field(Cents(), nullable=True)
        moment = Field(types.Timestamp())
        float = Field(types.Float())

    class Later(datetime):
        """A datetime of a class of its own."""

    filters = [Filters.number.eq(3), Filters.number.gt(2), Filters.moment.gt(NOON), Filters.float.not_eq(1)]
    index = FilterIndex(enumerate(filters))
    rows: list[dict[str, Any]] = [
        {"number": 300, "moment": NOON, "float": 1.0},
        {"number": 3, "moment": Later(2025, 1, 1, tzinfo=UTC), "float": 2.0},
        {"number": 300, "moment": NOON, "float": float("nan")},
    ]
    assert [sorted(index.match(row)) for row in rows] == [[0, 1], [2, 3], [0, 1, 3]]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__len__"])
@pytest.mark.parametrize("answer", [True, False])
def test_text_that_compares_in_its_own_way(name: str, answer: bool) -> None:
    class Filters(FilterSet):
        text = Field(types.Text())

    members: dict[str, Any] = {name: lambda *_: answer, "__hash__": str.__hash__}
    own = type("Own", (str,), members)
    text = Filters.text
    tests = [text.eq("b"), text.not_eq("b"), text.lt("b"), text.lteq("b"), text.gt("b"), text.gteq("b"), text.blank()]
    index = FilterIndex(enumerate(tests))
    for row in [{"text": own(held)} for held in ("", "a", "b", "c")]:
        passed = [number for number, test in enumerate(tests) if compile_python(test)(row)]
        assert sorted(index.match(row)) == passed
        assert [number for number, test in enumerate(tests) if RowIndex([row]).count(test)] == passed


@pytest.mark.usefixtures("small")
def test_what_records_lack() -> None:
    index = FilterIndex({1: Everything.number.gt(1), 2: Everything.text.eq("a")})
    assert sorted(index.match({"number": 2, "text": "a"})) == [1, 2]
    with pytest.raises(KeyError, match="a row has no text; it has number"):
        index.match({"number": 2})
    with pytest.raises(AttributeError, match="a row has no text"):
        index.match(Short(2))
    with pytest.raises(TypeError, match="number: the rows hold str values"):
        index.match({"number": "2", "text": "a"})


def test_a_moment_without_a_zone_after_others() -> None:
    index = FilterIndex({1: Everything.moment.gt(NOON)})
    assert index.match({"moment": NOON + timedelta(1)}) == [1]
    with pytest.raises(TypeError, match="moment: the rows hold naive datetimes"):
        index.match({"moment": NOON.replace(tzinfo=None)})


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("price", (Decimal(1), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")), "price: .* other decimals"),
        ("moment", (NOON, NOON.replace(tzinfo=None)), "moment: the rows hold naive datetimes"),
        ("naive", (NOON.replace(tzinfo=None), NOON), "naive: the rows hold aware datetimes"),
    ],
)
def test_values_that_are_of_a_known_class_and_of_another_kind(
    name: str, values: tuple[object, ...], message: str
) -> None:
    first, *others = values
    field: Field[Any] = vars(Everything)[name]
    predicate = ~field.null()
    index, rows = FilterIndex({1: predicate}), RowIndex([{name: first}])
    for other in others * 2:
        assert index.match({name: first}) == [1]
        with pytest.raises(TypeError, match=message):
            index.match({name: other})
        with pytest.raises(TypeError, match=message):
            RowIndex([{name: first}, {name: other}]).count(predicate)
    assert rows.count(predicate) == 1


def test_records_and_types_that_fail() -> None:
    def fail(_: object) -> str:
        raise TypeError("no constant")

    class Failed(types.Uuid):
        __slots__ = ()

        def kind(self, sample: object) -> types.Kind[str]:
            return kind

    class Filters(FilterSet):
        id = Field(Failed())

    kind: types.Kind[str] = types.Kind("failing", None, fail)
    index = FilterIndex({1: Filters.id.eq(ONE)})
    for row in (Failing(id=ONE), Computing()):
        with pytest.raises(LookupError, match=r"^id$"):
            index.match(row)
    with pytest.raises(TypeError, match="no constant"):
        index.match({"id": ONE})


def test_keys() -> None:
    index: FilterIndex[str] = FilterIndex([("b", Everything.number.eq(1)), ("a", FALSE)])
    assert (len(index), list(index), "a" in index, "c" in index) == (2, ["b", "a"], True, False)
    assert index["a"] == FALSE
    with pytest.raises(ValueError, match="the key 'a' has a filter already; remove it before"):
        index.add("a", TRUE)
    index.remove("a")
    with pytest.raises(KeyError):
        index.remove("a")
    index.add("a", TRUE)
    index.settle()
    assert index.match({"number": 1}) == ["b", "a"]


def test_explanations() -> None:
    either: Predicate = Everything.number.eq(1) | Everything.text.eq("a")
    index: FilterIndex[int] = FilterIndex([(1, Everything.number.eq(1)), (2, either)])
    assert index.explain({"number": 1}, 1) == (True, (Everything.number.eq(1),), ())
    assert index.explain({"number": 2, "text": "b"}, 2) == (False, (), (either,))


def test_that_memory_of_records_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_REMEMBERED", 1)
    index = FilterIndex({1: Everything.number.eq(1)})
    for row in ({"number": 1}, {"number": None}, SimpleNamespace(number=1), {"number": 1}):
        assert index.match(row) == ([1] if row != {"number": None} else [])


def test_that_what_is_removed_leaves_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_index, "_PENDING", 4)
    index = FilterIndex((number, Everything.number.gt(number)) for number in range(40))
    assert len(index.match({"number": 100})) == 40
    for number in range(35):
        index.remove(number)
    assert index.match({"number": 100}) == [35, 36, 37, 38, 39]
    assert sum(len(segment.entries) for run in index._state.runs for segment in run) < 10


def test_that_all_become_one_run_when_that_is_worth_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_index, "_PENDING", 0)
    index: FilterIndex[int] = FilterIndex()
    for number in range(13):
        index.add(number, Everything.number.gt(number))
        index.match({"number": 100})
    assert len(index._state.runs) > 1
    for _ in range(60):
        assert len(index.match({"number": 100})) == 13
    assert len(index._state.runs) == 1
    before = index._state
    index.settle()
    assert index._state is before
    index.remove(0)
    index.settle()
    assert [len(segment.entries) for run in index._state.runs for segment in run] == [12]


def test_that_small_runs_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_index, "_PENDING", 0)
    index: FilterIndex[int] = FilterIndex()
    for number in range(100):
        index.add(number, Everything.number.gt(number))
        assert len(index.match({"number": 100})) == number + 1
    assert [sum(len(segment.entries) for segment in run) for run in index._state.runs] == [64, 32, 4]


@pytest.mark.parametrize("cuts", [2, 64])
def test_many_filters_and_records(monkeypatch: pytest.MonkeyPatch, cuts: int) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(tables, "_MOST_CUTS", cuts)
    monkeypatch.setattr(segments, "_SIZE", 40)
    chance = random.Random(1)  # noqa: S311
    tests: list[Callable[[int], Predicate]] = [
        Everything.number.eq,
        lambda n: Everything.number.in_([n, n + 1]),
        lambda n: Everything.number.eq(n) & Everything.number.in_([n, n + 1]),
        Everything.large.gt,
        Everything.large.gteq,
        Everything.large.lteq,
        lambda n: Everything.large.lt(n) & Everything.large.gt(n - 5),
        lambda n: Everything.large.lt(n - 5) & Everything.large.gt(n),
        lambda n: Everything.text.cont(str(n)),
        lambda n: Everything.text.not_eq(str(n)),
    ]
    filters = [And(*(chance.choice(tests)(chance.randrange(20)) for _ in range(3))) for _ in range(400)]
    index: FilterIndex[int | str] = FilterIndex(enumerate(filters))
    compiled = [compile_python(predicate) for predicate in filters]
    for number in range(60):
        row: dict[str, Any] = {
            "number": number % 20 if number < 50 else None,
            "large": chance.randrange(20),
            "text": Odd(str(number)),
        }
        if number < 55:
            row["text"] = str(number)
        assert sorted(index.match(row)) == [key for key, passes in enumerate(compiled) if passes(row)]
    index.add("late", Everything.truth.eq(True))
    assert "late" in index.match({"number": 1, "large": 1, "text": "", "truth": True})


def test_readers_beside_a_writer() -> None:
    always = {-number: Everything.number.gt(number) for number in range(1, 200)}
    index = FilterIndex(always)
    wrong: list[object] = []

    def read() -> None:
        while len(index) < 1000:
            found = index.match({"number": 1000, "text": ""})
            if not always.keys() <= set(found) or len(found) != len(set(found)):
                wrong.append(found)

    # The text is read from the first match on, for later filters test it.
    index.add(0, Everything.text.eq("a"))
    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 1000):
        index.add(number, Everything.number.eq(number) | Everything.text.eq(str(number)))
        if number % 3 == 0:
            index.remove(number)
            index.add(number, Everything.number.lt(number))
    for reader in readers:
        reader.join()
    assert not wrong


def test_that_a_match_goes_on_with_the_attributes_that_it_has_read() -> None:
    index: FilterIndex[int] = FilterIndex({1: Everything.number.eq(1)})
    before = index._state
    index.add(2, Everything.text.eq("a"))
    assert list(before.pending) == [1]
    assert index.match({"number": 1, "text": "a"}) == [1, 2]


def test_that_a_match_leaves_alone_what_another_has_tidied_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_index, "_PENDING", 0)
    index = FilterIndex({1: Everything.number.gt(0)})
    lock, settled = index._lock, []

    class Held:
        """The lock of an index, which another match has before this one."""

        def __enter__(self) -> None:
            index._lock = lock
            index.settle()
            settled.append(index._state)
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    monkeypatch.setattr(index, "_lock", Held())
    assert index.match({"number": 1}) == [1]
    assert settled == [index._state]


@pytest.mark.usefixtures("small")
def test_that_a_filter_that_is_exchanged_during_a_match_is_found_once() -> None:
    index = FilterIndex({1: Everything.number.gt(0), 2: Everything.number.gt(1), 3: Everything.text.cont("1")})

    class Text(str):
        """Text that is looked into when the first filter is found already."""

        __slots__ = ()

        def __contains__(self, other: object) -> bool:
            if 1 in index and index[1] == Everything.number.gt(0):
                index.remove(1)
                index.add(1, Everything.number.lt(9))
            return True

    record = {"number": 5, "text": Text("1")}
    index.match({"number": 5, "text": ""})
    assert sorted(index.match(record)) == [1, 2, 3]
