"""What engines are known to answer differently when they are asked naively, one test for each.

The rows that are expected are written by hand: rows count from 1.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from sqlalchemy.exc import StatementError

from jsonapi_sieve import And, Field, Not, Or, Predicate, SortKey, types
from jsonapi_sieve.backends.narwhals import compile_narwhals
from jsonapi_sieve.types import InvalidValue
from tests.engines.base import Opened
from tests.engines.clickhouse import OpenedClickHouse
from tests.engines.table import Table, table

Expected = tuple[Predicate, list[int]]


def one_column(declared: types.ValueType[Any, Any], *values: Any) -> Table:
    return table("divergences", {"value": declared}, [[value] for value in values])


def compare(rows: Table, operator: str, value: object) -> Predicate:
    return rows.field("value").compare(operator, value)


def check(engine: Opened, rows: Table, *expected: tuple[str, object, list[int]]) -> None:
    check_predicates(engine, rows, *((compare(rows, operator, value), ids) for operator, value, ids in expected))


def check_predicates(engine: Opened, rows: Table, *expected: Expected) -> None:
    with engine.load(rows) as loaded:
        for predicate, ids in expected:
            assert loaded.select(predicate) == ids, predicate


def check_order(engine: Opened, rows: Table, ascending: list[int], descending: list[int]) -> None:
    with engine.load(rows) as loaded:
        assert loaded.arrange((SortKey("value"),)) == ascending
        assert loaded.arrange((SortKey("value", descending=True),)) == descending


def test_null_passes_no_negation(engine: Opened) -> None:
    rows = one_column(types.Text(), "a", None, "b")
    check(
        engine,
        rows,
        ("not_eq", "a", [3]),
        ("not_in", ["a"], [3]),
        ("not_cont", "a", [3]),
        ("not_start", "a", [3]),
        ("not_end", "a", [3]),
        ("does_not_match", "a%", [3]),
        ("not_cont_all", ["a", "x"], [3]),
        ("lt", "b", [1]),
        ("null", True, [2]),
        ("blank", True, [2]),
        ("not_null", True, [1, 3]),
    )
    equal, after = compare(rows, "eq", "a"), compare(rows, "gt", "a")
    check_predicates(
        engine,
        rows,
        (Not(equal), [3]),
        (Not(And(equal, after)), [1, 3]),
        (Not(Or(equal, after)), []),
        (Not(Or(equal, Not(after))), [3]),
    )


def test_null_in_numbers_passes_no_negation(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Integer(32), 1, None, 2),
        ("not_eq", 1, [3]),
        ("not_in", [1], [3]),
        ("lteq", 1, [1]),
        ("gt", 1, [3]),
        ("null", False, [1, 3]),
    )


def test_what_pandas_misses_passes_no_negation() -> None:
    field = Field(types.Float(), name="value", nullable=True, operators=["not_eq"])
    frame = nw.from_native(pd.DataFrame({"value": [1.0, None, 2.0]}))
    assert frame.filter(compile_narwhals(field.compare("not_eq", 1.0)))["value"].to_list() == [2.0]


def test_empty_lists(engine: Opened) -> None:
    for declared, value in (
        (types.Text(), "a"),
        (types.Integer(32), 1),
        (types.Timestamp(), datetime(2024, 2, 29, tzinfo=UTC)),
        (types.Uuid(), "9f0e4e3c-6c6f-4f3a-8f53-0d5c3f7b6a10"),
    ):
        check(engine, one_column(declared, value, None), ("in", [], []), ("not_in", [], [1, 2]))


def test_wildcards_are_literal(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "50%", "500", "a_b", "aXb", "a\\b", "a\\%b", "[a]", ".*"),
        ("cont", "%", [1, 6]),
        ("cont", "_", [3]),
        ("cont", "\\", [5, 6]),
        ("start", "a_", [3]),
        ("end", "0%", [1]),
        ("not_cont", "%", [2, 3, 4, 5, 7, 8]),
        ("cont", "[a", [7]),
        ("start", ".", [8]),
        ("cont_any", ["%", "["], [1, 6, 7]),
        ("start_any", ["a_", "5_"], [3]),
    )


def test_ascii_letters_match_in_either_case(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "North", "NORTH", "south", "no"),
        ("cont", "oRt", [1, 2]),
        ("start", "nO", [1, 2, 4]),
        ("end", "TH", [1, 2, 3]),
        ("not_start", "NO", [3]),
        ("cont_any", ["RT", "u"], [1, 2, 3]),
        ("matches", "n%H", [1, 2]),
    )


def test_no_other_letters_match_in_either_case(engine: Opened) -> None:
    # A dotted capital I, final and other sigmas, both sharp s, the sign of kelvin, a long s, an accent.
    check(
        engine,
        one_column(
            types.Text(), "\u0130x", "ix", "\u03c3", "\u03c2", "\u1e9e", "\u00df", "\u212a", "k", "\u017f", "\u00c9"
        ),
        ("start", "I", [2]),
        ("cont", "i", [2]),
        ("start", "\u0130", [1]),
        ("end", "\u03c3", [3]),
        ("cont", "\u03a3", []),
        ("cont", "\u00df", [6]),
        ("cont", "ss", []),
        ("cont", "K", [8]),
        ("start", "s", []),
        ("end", "\u00e9", []),
        ("cont", "\u0307", []),
        ("not_cont", "i", [1, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("matches", "\u00e9", []),
        ("matches", "I_", [2]),
        ("cont_any", ["K", "q"], [8]),
        ("cont_any", ["s", "q"], []),
    )


def test_needles_without_letters(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "+380", "380", "0\u00e9", ""),
        ("start", "+3", [1]),
        ("start", "3", [2]),
        ("end", "80", [1, 2]),
        ("cont", "\u00e9", [3]),
        ("cont", "", [1, 2, 3, 4]),
        ("start_any", ["+", "0"], [1, 3]),
    )


def test_prefixes_end_before_the_next_code_point(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "a\U0010ffff", "a\U0010ffffz", "b", "\ud7ff", "\ue000", "9", ":"),
        ("start", "a\U0010ffff", [1, 2]),
        ("start", "\U0010ffff", []),
        ("start", "\ud7ff", [4]),
        ("start", "9", [6]),
    )


def test_what_follows_a_prefix_may_lie_beyond_the_basic_plane(engine: Opened) -> None:
    rows = one_column(types.Text(), "1", "1\uffff", "1\U0001f600", "1\U0010ffff\U0010ffff2", "2")
    check(
        engine, rows, ("start", "1", [1, 2, 3, 4]), ("matches", "1%", [1, 2, 3, 4]), ("start_any", ["1"], [1, 2, 3, 4])
    )


def test_needles_are_looked_for_in_each_text_anew(engine: Opened) -> None:
    rows = one_column(types.Text(), "e", "\u00e9", "\u00e9 ", "e ", "e")
    check(engine, rows, ("cont_any", ["e", "x"], [1, 4, 5]), ("not_end_all", ["\u00e9", "x"], [1, 3, 4, 5]))


def test_patterns_with_escapes(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "50%", "500", "a_b", "aXb", "a\\b", "a\nb", "\U0001f600", "\uffffz"),
        ("matches", "50\\%", [1]),
        ("matches", "50_", [1, 2]),
        ("matches", "a\\_b", [3]),
        ("matches", "a_b", [3, 4, 5, 6]),
        ("matches", "a\\\\b", [5]),
        ("matches", "_", [7]),
        ("matches", "a%b", [3, 4, 5, 6]),
        ("does_not_match", "a%", [1, 2, 7, 8]),
        ("matches_any", ["50\\%", "a\\_b"], [1, 3]),
        ("matches", "\\a\\X\\b", [4]),
        ("matches", "\uffff_", [8]),
    )


def test_texts_end_behind_a_line_break(engine: Opened) -> None:
    rows = one_column(types.Text(), "a", "a\n", "a\r\n", "\na")
    check(engine, rows, ("end", "A", [1, 4]), ("matches", "%a", [1, 4]), ("end", "\n", [2, 3]))


def test_text_is_equal_by_code_point(engine: Opened) -> None:
    # Case, accents, the forms in which they are written, ss, ignored and padded characters.
    check(
        engine,
        one_column(types.Text(), "a", "A", "\u00e4", "ss", "\u00df", "\u00e9", "e\u0301", "a ", "a\u00ad", "", " "),
        ("eq", "a", [1]),
        ("eq", "A", [2]),
        ("eq", "ss", [4]),
        ("eq", "\u00e9", [6]),
        ("eq", "a ", [8]),
        ("eq", "", [10]),
        ("not_eq", "a", [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        ("in", ["a", "SS", "e\u0301"], [1, 7]),
        ("not_in", ["A", "ss", "", "e"], [1, 3, 5, 6, 7, 8, 9, 11]),
        ("eq_any", ["a ", "\u00c9"], [8]),
    )


def test_blanks_at_the_end_are_text(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "a", "a ", "a  ", "", " "),
        ("eq", "a", [1]),
        ("in", ["a ", " "], [2, 5]),
        ("gt", "a", [2, 3]),
        ("lt", "a ", [1, 4, 5]),
        ("end", " ", [2, 3, 5]),
        ("matches", "a_", [2]),
        ("present", True, [1, 2, 3, 5]),
        ("blank", True, [4]),
    )


def test_text_compares_by_code_point(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Text(), "a", "B", "\u00e4", "z", "-b", "\uffee", "\U0001f600"),
        ("gt", "B", [1, 3, 4, 6, 7]),
        ("lt", "a", [2, 5]),
        ("gteq", "z", [3, 4, 6, 7]),
        ("lteq", "\u00e4", [1, 2, 3, 4, 5]),
        ("gt", "\uffee", [7]),
        ("gt_all", ["a", "\u00e3"], [3, 6, 7]),
        ("lt_any", ["A", "C"], [2, 5]),
    )


def test_text_sorts_by_code_point(engine: Opened) -> None:
    rows = one_column(types.Text(), "a", "B", "\u00e4", "z", "-b", "\uffee", "\U0001f600", "b", "a ", "a")
    check_order(engine, rows, [5, 2, 1, 10, 9, 8, 4, 3, 6, 7], [7, 6, 3, 4, 8, 9, 10, 1, 2, 5])


def test_members_of_enumerations_are_text(engine: Opened) -> None:
    rows = one_column(types.Enum("ss", "\u00df", "SS", "a", "a "), "\u00df", "SS", "a ", "a", "ss", None)
    check(
        engine,
        rows,
        ("eq", "ss", [5]),
        ("not_eq", "\u00df", [2, 3, 4, 5]),
        ("in", ["a", "SS"], [2, 4]),
        ("not_in", ["a", "SS"], [1, 3, 5]),
    )
    # Not in the order of the declaration.
    check_order(engine, rows, [2, 4, 3, 5, 1, 6], [6, 1, 5, 3, 4, 2])


def test_quotes_and_backslashes(engine: Opened) -> None:
    texts = ["'", '"', "\\", "\\'", "''", "\\n", "\n", "%s", ":value", "{0}", "$1", "?", "--", "`"]
    rows = one_column(types.Text(), *texts)
    check(
        engine,
        rows,
        *(("eq", text, [number]) for number, text in enumerate(texts, 1)),
        *(("in", [text, "x"], [number]) for number, text in enumerate(texts, 1)),
        ("in", texts, list(range(1, len(texts) + 1))),
        ("cont", "'", [1, 4, 5]),
        ("start", "\\", [3, 4, 6]),
        ("end", "\\", [3]),
        ("end_any", ["\\", '"'], [2, 3]),
    )


def test_decimals_are_exact(engine: Opened) -> None:
    large = "1234567890123456789012345.123456789012"
    rows = one_column(
        types.Decimal(scale=12),
        *map(Decimal, ("0.3", "0.300000000001", "9007199254740993", large, f"-{large}", "-1", "10", "9")),
    )
    check(
        engine,
        rows,
        ("eq", Decimal("0.3"), [1]),
        ("not_eq", Decimal("0.3"), [2, 3, 4, 5, 6, 7, 8]),
        ("eq", Decimal(9007199254740992), []),
        ("eq", Decimal(9007199254740993), [3]),
        ("eq", Decimal(large), [4]),
        ("in", [Decimal("-1.0"), Decimal(f"-{large}")], [5, 6]),
        ("not_in", [Decimal(large), Decimal("0.30")], [2, 3, 5, 6, 7, 8]),
        ("gt", Decimal("0.3"), [2, 3, 4, 7, 8]),
        ("lt", Decimal(0), [5, 6]),
        ("gteq", Decimal("1234567890123456789012345.123456789011"), [4]),
        ("lteq", Decimal("9.5"), [1, 2, 5, 6, 8]),
    )
    check_order(engine, rows, [5, 6, 1, 2, 8, 7, 3, 4], [4, 3, 7, 8, 2, 1, 6, 5])


def test_decimals_finer_than_the_column(engine: Opened) -> None:
    finer = Decimal("0.005")
    check(
        engine,
        one_column(types.Decimal(scale=2), Decimal("0.00"), Decimal("0.01"), Decimal("-0.01"), None),
        ("eq", finer, []),
        ("not_eq", finer, [1, 2, 3]),
        ("gt", finer, [2]),
        ("gteq", finer, [2]),
        ("lt", finer, [1, 3]),
        ("lteq", finer, [1, 3]),
        ("gt", -finer, [1, 2]),
        ("lteq", -finer, [3]),
        ("in", [finer, Decimal("0.01")], [2]),
        ("not_in", [finer], [1, 2, 3]),
        ("gt_any", [finer, Decimal(5)], [2]),
    )


def test_decimals_beyond_the_column(engine: Opened) -> None:
    beyond, below = Decimal("9" * 40), Decimal("-" + "9" * 40)
    check(
        engine,
        one_column(types.Decimal(scale=2), Decimal("1.00"), Decimal("-1.00"), None),
        ("eq", beyond, []),
        ("not_eq", beyond, [1, 2]),
        ("lt", beyond, [1, 2]),
        ("gt", beyond, []),
        ("gteq", below, [1, 2]),
        ("lteq", below, []),
        ("in", [beyond, Decimal(1)], [1]),
        ("not_in", [beyond], [1, 2]),
        # What a column of 40 digits could hold, and none of 38 does.
        ("lt", Decimal("9" * 38), [1, 2]),
        ("eq", Decimal("9" * 38), []),
        ("gt", Decimal("-" + "9" * 38), [1, 2]),
        ("in", [Decimal("9" * 38)], []),
        ("not_in", [Decimal("9" * 38)], [1, 2]),
    )


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_integers_beyond_the_column(engine: Opened, bits: Literal[16, 32, 64]) -> None:
    most = (1 << bits - 1) - 1
    check(
        engine,
        one_column(types.Integer(bits), most, -most - 1, 0, None),
        ("eq", most, [1]),
        ("eq", -most - 1, [2]),
        ("eq", most + 1, []),
        ("not_eq", most + 1, [1, 2, 3]),
        ("lt", most + 1, [1, 2, 3]),
        ("gteq", most + 1, []),
        ("gt", -most - 2, [1, 2, 3]),
        ("lteq", -most - 2, []),
        ("in", [most + 1, -most - 2, most], [1]),
        ("not_in", [most + 1, 0], [1, 2]),
        ("not_in", [most + 1], [1, 2, 3]),
        ("lt_any", [most + 1, 0], [1, 2, 3]),
    )


def test_integers_are_no_floats(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Integer(64), 2**53, 2**53 + 1, 2**63 - 1, 2**63 - 2, None),
        ("eq", 2**53 + 1, [2]),
        ("in", [2**53, 2**63 - 2], [1, 4]),
        ("gt", 2**63 - 2, [3]),
        ("lt", 2**53 + 1, [1]),
    )


def test_timestamps_are_instants(engine: Opened) -> None:
    east = timezone(timedelta(hours=3))
    instant = datetime(2023, 10, 29, 0, 30, tzinfo=UTC)
    check(
        engine,
        # The second is the first in another zone; where clocks were turned back, the third shows the same time.
        one_column(types.Timestamp(), instant, instant.astimezone(east), instant + timedelta(hours=1), None),
        ("eq", instant, [1, 2]),
        ("eq", instant.astimezone(east), [1, 2]),
        ("eq", datetime(2023, 10, 29, 3, 30, tzinfo=UTC), []),
        ("in", [instant.astimezone(east)], [1, 2]),
        ("not_in", [instant], [3]),
        ("gt", instant.astimezone(east), [3]),
        ("lteq", instant.astimezone(timezone(-timedelta(hours=5))), [1, 2]),
    )


def test_fractions_of_a_second(engine: Opened) -> None:
    second = datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC)
    check(
        engine,
        one_column(
            types.Timestamp(digits=6), second, second.replace(microsecond=1), second.replace(microsecond=999_999)
        ),
        ("eq", second, [1]),
        ("eq", second.replace(microsecond=1), [2]),
        ("gt", second.replace(microsecond=1), [3]),
        ("in", [second.replace(microsecond=999_999), second.replace(microsecond=2)], [3]),
        ("lt", second + timedelta(seconds=1), [1, 2, 3]),
    )
    check(
        engine,
        one_column(types.Timestamp(digits=3), second, second.replace(microsecond=1_000)),
        ("eq", second.replace(microsecond=1_999), [2]),
        ("lt", second.replace(microsecond=1_000), [1]),
        ("not_eq", second, [2]),
    )


def test_timestamps_out_of_range(engine: Opened) -> None:
    least, most = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    check(
        engine,
        one_column(
            types.Timestamp(), datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, 23, 59, tzinfo=UTC), None
        ),
        ("gt", least, [1, 2]),
        ("lt", least, []),
        ("lteq", most, [1, 2]),
        ("gteq", most, []),
        ("eq", most, []),
        ("not_eq", least, [1, 2]),
        ("in", [least, most, datetime(1900, 1, 1, tzinfo=UTC)], [1]),
        ("not_in", [least, most], [1, 2]),
        ("lt", datetime(1899, 12, 31, 23, 59, 59, 999_999, UTC), []),
        ("gt", datetime(2300, 1, 1, tzinfo=UTC), []),
        ("lt", datetime(2300, 1, 1, tzinfo=UTC), [1, 2]),
    )


def test_dates_out_of_range(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Date(), date(1900, 1, 1), date(2299, 12, 31), None),
        ("gt", date.min, [1, 2]),
        ("lteq", date.min, []),
        ("lt", date.max, [1, 2]),
        ("eq", date.max, []),
        ("not_eq", date.max, [1, 2]),
        ("in", [date.min, date(2299, 12, 31)], [2]),
        ("not_in", [date.max, date(1899, 12, 31)], [1, 2]),
        ("gteq", date(2299, 12, 31), [2]),
        ("lt", date(1900, 1, 1), []),
    )


def test_moments_before_the_calendar_of_today(engine: Opened) -> None:
    first, last = datetime(1500, 1, 1, tzinfo=UTC), datetime(1582, 10, 14, 23, 59, 59, 999_999, UTC)
    rows = one_column(types.Timestamp(), first, last, last + timedelta(microseconds=1), None)
    if isinstance(engine, OpenedClickHouse):
        with pytest.raises(StatementError, match="outside the years 1900 to 2299"), engine.load(rows):
            pass
        return
    check(
        engine,
        rows,
        ("eq", first, [1]),
        ("gt", first, [2, 3]),
        ("lt", first + timedelta(hours=1), [1]),
        ("in", [first, last], [1, 2]),
        ("not_in", [last], [1, 3]),
    )


def test_moments_finer_than_a_column_of_polars() -> None:
    field = Field(types.Timestamp(), name="value", operators=["eq", "lt"])
    second = datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC)
    column = pl.Series("value", [second, second.replace(microsecond=1_000)], pl.Datetime("ms", "UTC"))
    finer = second.replace(microsecond=1)
    for predicate, expected in ((field.eq(finer), []), (field.compare("lt", finer), [second])):
        selected = nw.from_native(pl.DataFrame(column)).filter(compile_narwhals(predicate))
        assert selected["value"].to_list() == expected


# The first three are of version 1, whose first part turns fastest; the order of engines' own types starts elsewhere.
UUIDS = (
    "ffffffff-0000-11ee-8000-0242ac120002",
    "00000001-0001-11ee-8000-0242ac120002",
    "00000002-0000-11ee-8000-0242ac120002",
    "00000001-0001-41ee-bfff-ffffffffffff",
    "80000000-0000-4000-8000-000000000000",
)


def test_uuids_sort_as_text(engine: Opened) -> None:
    check_order(engine, one_column(types.Uuid(), *UUIDS, None), [2, 4, 3, 5, 1, 6], [6, 1, 5, 3, 4, 2])


def test_uuids_are_equal_in_any_spelling(engine: Opened) -> None:
    check(
        engine,
        one_column(types.Uuid(), *UUIDS, None),
        ("eq", UUIDS[0].upper(), [1]),
        ("not_eq", UUIDS[0], [2, 3, 4, 5]),
        ("in", [UUIDS[1].upper(), UUIDS[4]], [2, 5]),
        ("not_in", list(UUIDS[1:]), [1]),
    )


def test_addresses_are_text(engine: Opened) -> None:
    rows = one_column(types.Address(), "10.0.0.1", "10.0.0.0/8", "9.0.0.1", "10.0.0.1/8", "::ffff:10.0.0.1", None)
    check(
        engine,
        rows,
        ("eq", "10.0.0.1", [1]),
        ("eq", "10.0.0.1/8", [4]),
        ("not_eq", "10.0.0.0/8", [1, 3, 4, 5]),
        ("in", ["9.0.0.1", "::ffff:10.0.0.1"], [3, 5]),
    )
    check_order(engine, rows, [2, 1, 4, 3, 5, 6], [6, 5, 3, 4, 1, 2])


def test_booleans(engine: Opened) -> None:
    rows = one_column(types.Boolean(), True, False, None)
    check(
        engine,
        rows,
        ("eq", True, [1]),
        ("not_eq", True, [2]),
        ("in", [True, False], [1, 2]),
        ("not_in", [False], [1]),
        ("true", True, [1]),
        ("true", False, [2]),
        ("false", True, [2]),
        ("false", False, [1]),
    )
    check_order(engine, rows, [2, 1, 3], [3, 1, 2])


def test_null_sorts_as_the_largest_value(engine: Opened) -> None:
    check_order(engine, one_column(types.Integer(32), 2, None, 1, None, 3), [3, 1, 5, 2, 4], [4, 2, 5, 1, 3])
    check_order(engine, one_column(types.Text(), "b", None, "", "\U0010ffff"), [3, 1, 4, 2], [2, 4, 1, 3])
    moment = datetime(2299, 12, 31, tzinfo=UTC)
    check_order(engine, one_column(types.Timestamp(), None, moment, None), [2, 1, 3], [3, 1, 2])
    check_order(engine, one_column(types.Decimal(scale=2), None, Decimal("9" * 30), Decimal(-1)), [3, 2, 1], [1, 2, 3])


def test_null_sorts_as_the_largest_value_in_mixed_orders(engine: Opened) -> None:
    rows = table(
        "divergences", {"a": types.Integer(32), "b": types.Text()}, [[1, "x"], [None, "x"], [1, None], [None, None]]
    )
    with engine.load(rows) as loaded:
        assert loaded.arrange((SortKey("a"), SortKey("b", descending=True))) == [3, 1, 4, 2]
        assert loaded.arrange((SortKey("a", descending=True), SortKey("b"))) == [2, 4, 1, 3]
        assert loaded.arrange((SortKey("b", descending=True), SortKey("id"))) == [3, 4, 1, 2]
        assert loaded.arrange((SortKey("b"),)) == [1, 2, 3, 4]
        assert loaded.arrange(()) == [1, 2, 3, 4]


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfff"])
def test_what_some_engines_cannot_read_is_refused(text: str) -> None:
    field = one_column(types.Text()).field("value")
    for operator in ("eq", "cont", "gt"):
        with pytest.raises(InvalidValue):
            field.compare(operator, text)
    with pytest.raises(InvalidValue):
        field.compare("in", ["a", text])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_floats_that_are_no_numbers_are_refused(value: float) -> None:
    with pytest.raises(InvalidValue):
        one_column(types.Float()).field("value").compare("eq", value)


def test_floats_keep_every_bit(engine: Opened) -> None:
    rows = one_column(types.Float(), 0.1 + 0.2, 0.3, -0.0, 1e16, 5e-324, 1.7976931348623157e308, None)
    check(
        engine,
        rows,
        ("eq", 0.3, [2]),
        ("eq", 0.30000000000000004, [1]),
        ("eq", 0.0, [3]),
        ("gt", 0.3, [1, 4, 6]),
        ("lt", 1e-39, [3, 5]),
        ("in", [0.0, 1e16], [3, 4]),
        ("not_in", [0.3], [1, 3, 4, 5, 6]),
        ("not_eq", 0.3, [1, 3, 4, 5, 6]),
    )
    check_order(engine, rows, [3, 5, 2, 1, 4, 6, 7], [7, 6, 4, 1, 2, 5, 3])


def test_both_zeros_are_one(engine: Opened) -> None:
    rows = one_column(types.Float(), 0.0, -0.0, 1.0, 0.0, -1.0)
    check(
        engine,
        rows,
        ("eq", 0.0, [1, 2, 4]),
        ("eq", -0.0, [1, 2, 4]),
        ("in", [-0.0, 2.0], [1, 2, 4]),
        ("not_in", [0.0, 2.0], [3, 5]),
        ("gteq", 0.0, [1, 2, 3, 4]),
        ("lt", 0.0, [5]),
    )
    check_order(engine, rows, [5, 1, 2, 4, 3], [3, 4, 2, 1, 5])
