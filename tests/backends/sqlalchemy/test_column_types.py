from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.schema import CreateTable

from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.errors import CompileError, DeclarationError

SQLITE = sqlite.dialect()


def bound(type_: sa.types.TypeEngine[Any], value: object) -> Any:
    """Give what the driver of SQLite gets for a value."""
    processor = type_.dialect_impl(SQLITE).bind_processor(SQLITE)
    assert processor is not None
    return processor(value)


def table(*columns: sa.Column[Any]) -> sa.Table:
    return sa.Table("t", sa.MetaData(), *columns)


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_decimals_are_text_of_one_width_on_sqlite() -> None:
    assert bound(ExactDecimal(), Decimal(-1)) == "09999999999999999999999999999000000000000"
    assert bound(ExactDecimal(scale=0), 1) == "10000000000000000000000000000000000000001"
    assert bound(ExactDecimal(), None) is None
    created = str(CreateTable(table(sa.Column("x", ExactDecimal()))).compile(dialect=SQLITE))
    assert "x VARCHAR(41)" in created


@st.composite
def scaled(draw: st.DrawFn, scale: int) -> Decimal:
    return Decimal(f"{draw(st.integers(-(10**40) + 1, 10**40 - 1))}E-{scale}")


@given(st.lists(scaled(12), min_size=2))
def test_the_text_of_decimals_sorts_as_they_do(numbers: list[Decimal]) -> None:
    type_ = ExactDecimal()
    assert [bound(type_, number) for number in sorted(numbers)] == sorted(bound(type_, number) for number in numbers)


@pytest.mark.parametrize("scale", [0, 12, 40])
@pytest.mark.parametrize("number", ["0", "-0.0", "0.1", "-12.345678901234", f"{'9' * 40}", f"-0.{'9' * 40}", "1E+3"])
def test_decimals_come_back_exactly_or_not_at_all(connection: sa.Connection, scale: int, number: str) -> None:
    numbers = table(sa.Column("x", ExactDecimal(scale)))
    numbers.create(connection)
    value = Decimal(number)
    quantum = Decimal(f"1E-{scale}")
    with localcontext() as context:
        context.prec = 100
        fits = value % quantum == 0 and abs(value) < quantum.scaleb(40)
    with localcontext() as context:
        context.prec = 3  # the ambient context has no say
        if fits:
            connection.execute(numbers.insert(), {"x": value})
            assert connection.scalar(sa.select(numbers.c.x)) == value
        else:
            with pytest.raises(sa.exc.StatementError, match=rf"does not fit ExactDecimal\(scale={scale}\)"):
                connection.execute(numbers.insert(), {"x": value})


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.1234567890123"),
        Decimal("1E+28"),
        Decimal("1E+999999999999"),
        Decimal("1E-999999999999"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        pytest.param(10**5000, id="10**5000"),
        0.5,
        True,
        "1",
    ],
)
def test_what_a_decimal_column_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"does not fit ExactDecimal|takes Decimal and int, not"):
        bound(ExactDecimal(), value)


def test_long_zeros_are_no_digits() -> None:
    assert bound(ExactDecimal(), Decimal(f"1.{'0' * 60}")) == bound(ExactDecimal(), 1)


def test_sqlite_gives_the_least_but_no_sum(connection: sa.Connection) -> None:
    numbers = table(sa.Column("x", ExactDecimal()))
    numbers.create(connection)
    connection.execute(numbers.insert(), [{"x": 2}, {"x": Decimal("-1.5")}, {"x": None}])
    assert connection.scalar(sa.select(sa.func.min(numbers.c.x))) == Decimal("-1.5")
    assert connection.scalars(sa.select(numbers.c.x).order_by(numbers.c.x)).all() == [None, Decimal("-1.5"), 2]
    with pytest.raises(TypeError, match="not as float: sums have to be computed in Python"):
        connection.scalar(sa.select(sa.func.sum(numbers.c.x)))


def test_timestamps_are_text_in_utc_on_sqlite(connection: sa.Connection) -> None:
    times = table(sa.Column("x", UtcDateTime()), sa.Column("y", UtcDateTime(digits=3)))
    times.create(connection)
    east = datetime(2019, 1, 1, 1, 2, 3, 123456, tzinfo=timezone(timedelta(hours=2)))
    connection.execute(times.insert(), [{"x": east, "y": east}, {"x": None, "y": None}])
    stored = connection.execute(sa.text("SELECT x, y FROM t")).all()
    assert stored[0] == ("2018-12-31 23:02:03.123456", "2018-12-31 23:02:03.123000")
    first, second = connection.execute(sa.select(times)).all()
    assert first == (east, east.replace(microsecond=123000))
    assert first.x.tzinfo is UTC
    assert second == (None, None)


def test_an_aware_result_is_turned_to_utc() -> None:
    east = datetime(2019, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    result = UtcDateTime().process_result_value(east, SQLITE)
    assert result is not None
    assert result.isoformat() == "2018-12-31T23:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (datetime(2019, 1, 1), "2019-01-01T00:00:00 has no zone"),  # noqa: DTZ001
        ("2019-01-01", "takes aware datetimes, not str"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "outside the years 1 to 9999 in UTC"),
    ],
)
def test_what_is_no_instant_is_refused(value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        bound(UtcDateTime(), value)


@pytest.mark.parametrize("column_type", [ExactDecimal(), UtcDateTime()])
def test_a_dialect_without_rules_is_refused(column_type: sa.types.TypeEngine[Any]) -> None:
    with pytest.raises(CompileError, match="no rules for the dialect 'oracle'; there are for sqlite"):
        CreateTable(table(sa.Column("x", column_type))).compile(dialect=registry.load("oracle")())


def test_statements_can_be_printed_without_an_engine() -> None:
    created = str(CreateTable(table(sa.Column("x", ExactDecimal(2)), sa.Column("y", UtcDateTime()))))
    assert "x NUMERIC(40, 2)" in created
    assert "y DATETIME" in created


@pytest.mark.parametrize("scale", [-1, 41])
def test_a_scale_is_within_the_digits(scale: int) -> None:
    with pytest.raises(DeclarationError, match="from 0 to 40"):
        ExactDecimal(scale)


def test_digits_are_three_or_six() -> None:
    with pytest.raises(DeclarationError, match="3 or 6"):
        UtcDateTime(digits=4)  # type: ignore[arg-type]


def test_settings_are_shown() -> None:
    assert repr([ExactDecimal(2), UtcDateTime(3)]) == "[ExactDecimal(scale=2), UtcDateTime(digits=3)]"


def test_settings_are_part_of_the_cache_key(connection: sa.Connection) -> None:
    cache: dict[object, object] = {}
    caching = connection.execution_options(compiled_cache=cache)
    for scale in (2, 3, 2):
        value = sa.bindparam("x", 1, type_=ExactDecimal(scale))
        assert caching.scalar(sa.select(value)) == 1
    assert len(cache) == 2
