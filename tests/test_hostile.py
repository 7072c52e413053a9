"""Hostile keys and values: each is an error or has the one documented reading, and none costs much time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from jsonapi_sieve import Field, FilterSet, QueryErrors, types
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.predicate import And, Comparison
from tests.types.constants import HOSTILE


class HostFilters(FilterSet):
    id = Field(types.Integer(64), operators=("eq", "in"), bare="in")
    small = Field(types.Integer(32), nullable=True, operators=("eq", "in", "null"))
    rate = Field(types.Decimal(scale=12), operators=("eq", "in"))
    share = Field(types.Float(), operators=("eq", "in"))
    flag = Field(types.Boolean(), operators=("eq", "in"))
    day = Field(types.Date(), operators=("eq", "in"))
    moment = Field(types.Timestamp(), operators=("eq", "in"))
    key = Field(types.Uuid(), operators=("eq", "in"))
    ip = Field(types.Address(), operators=("eq", "in"))
    status = Field(types.Enum("Pending", "a,b"), operators=("eq", "in"))
    text = Field(types.Text(), operators=("eq", "in", "cont", "cont_any", "matches"))


FILTERS = HostFilters()
UUID = "01234567-89ab-cdef-0123-456789abcdef"


def codes(read: Callable[[], And]) -> list[str]:
    with pytest.raises(QueryErrors) as caught:
        read()
    assert {error.status for error in caught.value.errors} <= {400, 414}
    return [error.code for error in caught.value.errors]


def outcome(read: Callable[[], And]) -> And | QueryErrors:
    try:
        return read()
    except QueryErrors as caught:
        return caught


def value_of(predicate: And) -> object:
    (node,) = predicate.members
    assert isinstance(node, Comparison)
    return node.value


# Keys


@pytest.mark.parametrize(
    "key",
    [
        *("filter", "filter[]", "filter[ ]", "filter[a", "filter[a]]", "filter[a][", "filter[_]", "filter[-]"),
        "filter[--]",
        *("filter[id-]", "filter[-id]", "filter[-eq]", "filter[ID-eq]", "filter[id-EQ]", "filter[id-eq-eq]"),
        "filter[eq]",
        *("filter[id-eq][]", "filter[id][eq]", "filter[][id-eq]", "filter[id-eq]=", "filter[id eq]", "filter[id-eq ]"),
        *("filter[__class__-eq]", "filter[__class__]", "filter[metadata-eq]", "filter[--class---eq]", "filter[self]"),
        *("filter[id__eq]", "filter[id.eq]", "filter[id-or-small-eq]", "filter[id-and-small-eq]", "filter[_connector]"),
        *("filter[id-in-any]", "filter[id-eq(1000000i)]", "filter['id'-eq]", "filter[id-eq;]", "filter[{id-eq}]"),
        *("filter[\u202eid-eq]", "filter[\uff49d-eq]", "filter[id\u2010eq]", "filter[id-eq\u200b]", "filter[\ufffd]"),
        *("filter[\u0131d-eq]", "filter[small\u2010eq]", "filter[\u017fmall-eq]", "filter\u00a0[id-eq]"),
        *("filter[id-eq]\n", "filters"),
    ],
)
def test_a_hostile_key_is_an_unknown_filter(key: str) -> None:
    assert codes(lambda: FILTERS.parse([(key, "1")])) == ["unknown-filter"]
    assert codes(lambda: FILTERS.parse({key: "1"})) == ["unknown-filter"]
    assert codes(lambda: FILTERS.parse(f"{quote(key, safe='')}=1")) == ["unknown-filter"]
    assert codes(lambda: FILTERS.load({key: 1})) == ["unknown-filter"]


@pytest.mark.parametrize(
    "key",
    [
        *("filter%00", "filter[id%00-eq]", "%00", "filter[id-eq%]", "filter%5", "filter%5B%FF%5D", "filter[%ED%A0%80]"),
        *("%C3", "\ud800"),
    ],
)
def test_a_key_that_is_no_text_is_an_error(key: str) -> None:
    assert codes(lambda: FILTERS.parse(f"{key}=1")) == ["invalid-encoding"]


@pytest.mark.parametrize(
    "key", ["filter%5Bid-eq%5D", "filter%5bid-eq%5d", "filter%5Bid-eq%5d", "filter[id-eq%5D", "filte%72[id%5Feq]"]
)
def test_an_encoded_key_is_the_key(key: str) -> None:
    assert value_of(FILTERS.parse(f"{key}=1")) == 1
    assert codes(lambda: FILTERS.parse([(key, "1")])) == ["unknown-filter"] or "%72" in key


def test_a_key_that_is_encoded_twice_is_none() -> None:
    assert codes(lambda: FILTERS.parse("filter%255Bid-eq%255D=1")) == ["unknown-filter"]


@pytest.mark.parametrize(("first", "second"), list(product(["filter[id]", "filter[id-in]", "filter[id_in]"], repeat=2)))
def test_the_same_key_twice_is_an_error_however_it_is_spelled(first: str, second: str) -> None:
    pairs = [(first, "1"), (second, "1")]
    assert codes(lambda: FILTERS.parse(pairs)) == ["repeated-parameter"]
    assert codes(lambda: FILTERS.parse(f"{first}=1&{second}=1")) == ["repeated-parameter"]
    assert codes(lambda: FILTERS.parse({first: ["1", "1"]})) == ["repeated-parameter"]


# Values

READ: list[tuple[str, str, object]] = [
    *[("id", "+1", 1), ("id", "-0", 0), ("id", "007", 7), ("id", "0" * 5000 + "7", 7), ("id", "-" + "0" * 400, 0)],
    *[("small", str(2**31), 2**31), ("id", str(2**63), 2**63), ("id", "-" + "9" * 19, -(10**19) + 1)],
    *[("rate", "-0", Decimal(0)), ("rate", "1e3", Decimal(1000)), ("rate", ".5", Decimal("0.5"))],
    *[("rate", "5.", Decimal(5)), ("rate", "+1.50", Decimal("1.5"))],
    *[("rate", "0.30000000000000004", Decimal("0.30000000000000004")), ("rate", "1E-40", Decimal("1E-40"))],
    *[("rate", "0" * 5000, Decimal(0)), ("rate", "9" * 40, Decimal("9" * 40)), ("rate", "1e39", Decimal("1e39"))],
    *[("share", "0.1", 0.1), ("share", "-0", 0.0), ("share", "1e-40", 1e-40)],
    *[("flag", text, True) for text in ("true", "TRUE", "1", "t", "T")],
    *[("flag", text, False) for text in ("false", "FALSE", "0", "f", "F")],
    ("moment", "2024-01-01 00:00:00", datetime(2024, 1, 1, tzinfo=UTC)),
    ("moment", "2024-01-01T00:00", datetime(2024, 1, 1, tzinfo=UTC)),
    ("moment", "2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
    ("moment", "2024-01-01T02:00:00+02:00", datetime(2024, 1, 1, tzinfo=UTC)),
    ("moment", "2024-01-01T00:00:00.1234567", datetime(2024, 1, 1, 0, 0, 0, 123_456, UTC)),
    ("moment", "0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ("moment", "9999-12-31T23:59:59.999999+00:00", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ("key", UUID.upper(), UUID),
    *[("ip", "::FFFF:1.2.3.4", "::ffff:1.2.3.4"), ("ip", "10.1.2.3/32", "10.1.2.3"), ("ip", "0::/0", "::/0")],
    *[("text", text, text) for text in (" ", "%", "_", "\\", "\\%", "null", "None", "\ufffd", "\u202eab", "\r\n")],
    ("text", "x" * 32_768, "x" * 32_768),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "constant"), READ)
def test_a_value_has_the_documented_reading(field: str, text: str, constant: object) -> None:
    for predicate in (
        FILTERS.parse(f"filter[{field}-eq]={quote(text, safe='')}"),
        FILTERS.parse([(f"filter[{field}-eq]", text)]),
        FILTERS.load({f"{field}_eq": text}),
    ):
        value = value_of(predicate)
        assert (value, type(value)) == (constant, type(constant))
    assert value_of(FILTERS.parse([(f"filter[{field}-in]", text)])) == (constant,)
    assert value_of(FILTERS.load({f"{field}_in": [text, text]})) == (constant,)


NO_NUMBERS = [
    *("1_0", " 1", "1 ", "1\n", "\uff11", "\u0663", "0x1", "0b1", "1e", "--1", "+-1", "+", "1\u00a0", "\u22121"),
    "1'000",
    *("NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "\u00bd", "1/2", "one", "null", "None", "true", "[]"),
    "1;2",
]
NO_DATES = [
    *("0000-01-01", "10000-01-01", "-2024-01-01", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00"),
    *("20240101", "2024-1-1", "2024-W01-1", "2024-001", "2024/01/01", "now", "today", "infinity", "1704067200"),
    *("\u0662\u0660\u0662\u0664-01-01", " 2024-01-01", "2024-01-01 ", "2024-01-01Z", "2024-01-01+02:00"),
]
NO_MOMENTS = [
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-12:00", "2024-01-01T24:00:00", "2024-01-01T00:60"),
    *("2024-01-01T00:00:60", "2024-01-01T00", "2024-01-01T00:00:00,5", "2024-01-01T00:00:00.", "2024-01-01X00:00:00"),
    *("2024-01-01T00:00:00.1234567890", "2024-01-01T00:00:00+02", "2024-01-01T00:00:00+0200"),
    "2024-01-01T00:00:00+24:00",
    *("2024-01-01T00:00:00 02:00", "2024-01-01T00:00:00z", "2024-01-01t00:00:00", "2024-01-01  00:00", "T24:00:00"),
]
LONG = ["9" * 400, "9" * 5000, "-" + "1" * 5000, "1e1000", "1e999999999", "1E-400"]
TEXTS_REFUSED = {
    "id": [*NO_NUMBERS, *LONG, "1e3", "1.0", "1.", "9" * 20],
    "small": [*NO_NUMBERS, *LONG],
    "rate": [*NO_NUMBERS, *LONG, "1e40", "9" * 41, "0." + "1" * 41, ".", "e1"],
    "share": [*NO_NUMBERS, *LONG, "1e40"],
    "flag": ["yes", "no", "on", "off", "True", "tRUE", "2", "-1", "01", "null", " true", "\uff11"],
    "day": [*NO_DATES, "2024-01-01T00:00:00", "2024-01-01 00:00"],
    "moment": [*NO_DATES, *NO_MOMENTS],
    "key": [
        *(UUID.replace("-", ""), f"{{{UUID}}}", f"urn:uuid:{UUID}", UUID[:-1], f"{UUID}0", f" {UUID}", f"{UUID}\n"),
        "%",
        *(UUID.replace("0", "\uff10"), UUID.replace("-", "\u2010"), UUID.replace("-", "", 1) + "-"),
    ],
    "ip": [
        *("127.1", "0127.0.0.1", "0x7f.0.0.1", "2130706433", "1.2.3.4.5", "256.1.1.1", "1.2.3.4/33", "::/129", "::1::"),
        *("fe80::1%eth0", "1.2.3.4/255.0.0.0", "[::1]", "localhost", "1.2.3.4:80", "::ffff:1.2.3", "\u0661.2.3.4"),
    ],
    "status": ["pending", "Pending ", " Pending", "PENDING", "a", "0", "None", ""],
}
REFUSED = [(field, text) for field, texts in TEXTS_REFUSED.items() for text in texts]


@pytest.mark.parametrize(("field", "text"), REFUSED)
def test_no_other_spelling_is_read(field: str, text: str) -> None:
    quoted = f'"{text}"'
    for read in (
        lambda: FILTERS.parse(f"filter[{field}-eq]={quote(quoted, safe='')}"),
        lambda: FILTERS.parse([(f"filter[{field}-eq]", quoted)]),
        lambda: FILTERS.parse([(f"filter[{field}-in]", quoted)]),
        lambda: FILTERS.load({f"{field}_eq": text}),
        lambda: FILTERS.load({f"{field}_in": [text]}),
    ):
        assert codes(read) == ["invalid-value"]


def test_a_plus_that_became_a_blank_gets_a_hint() -> None:
    with pytest.raises(QueryErrors, match=r"write %2B for \+ in a query string"):
        FILTERS.parse("filter[moment-eq]=2024-01-01T00:00:00+02:00")
    assert FILTERS.parse("filter[moment-eq]=2024-01-01T00:00:00%2B02:00") == FILTERS.parse(
        "filter[moment-eq]=2023-12-31+22:00"
    )


RECORDS: list[tuple[str, object, object]] = [
    # A value, and what it is for one text and for a list of texts: a reading or the code of an error.
    ("", "empty-value", "empty-value"),
    ('""', [""], ("",)),
    (",", "too-many-values", "empty-value"),
    (",,", "too-many-values", "empty-value"),
    ("a,", "too-many-values", "empty-value"),
    (",a", "too-many-values", "empty-value"),
    ("a,,b", "too-many-values", "empty-value"),
    ("a,b", "too-many-values", ("a", "b")),
    ('"a,b"', ["a,b"], ("a,b",)),
    ('a,"b,c"', "too-many-values", ("a", "b,c")),
    ('"a""b",c', "too-many-values", ('a"b', "c")),
    ('"a""b"', ['a"b'], ('a"b',)),
    ('"', ['"'], "malformed-list"),
    ('"a', ['"a'], "malformed-list"),
    ('a"', ['a"'], "malformed-list"),
    ('a"b', ['a"b'], "malformed-list"),
    ('"a"b', ['"a"b'], "malformed-list"),
    ('"a" ', ['"a" '], "malformed-list"),
    (' "a"', [' "a"'], "malformed-list"),
    ('"""', ['"""'], "malformed-list"),
    ('""""', ['"'], ('"',)),
    ('"a,b', ['"a,b'], "malformed-list"),
    ("a\r\nb,c\n", "too-many-values", ("a\r\nb", "c\n")),
    ("a,a,a", "too-many-values", ("a",)),
    ("a;b|c", ["a;b|c"], ("a;b|c",)),
]  # fmt: skip


def reading(source: Any) -> object:
    """Give the value, or the code of the error."""
    found = outcome(lambda: FILTERS.parse(source))
    return found.errors[0].code if isinstance(found, QueryErrors) else value_of(found)


@pytest.mark.parametrize(("text", "one", "several"), RECORDS)
def test_a_record_is_read_strictly(text: str, one: object, several: object) -> None:
    scalar = one[0] if isinstance(one, list) else one
    for operator, meant in [("eq", scalar), ("cont", scalar), ("in", several), ("cont-any", several)]:
        assert reading([(f"filter[text-{operator}]", text)]) == meant
        assert reading(f"filter[text-{operator}]={quote(text, safe='')}") == meant


def test_a_pattern_that_escapes_nothing_is_refused() -> None:
    assert reading("filter[text-matches]=a%5C") == "invalid-value"
    assert reading("filter[text-matches]=a%5C%5C") == "a\\\\"
    assert reading("filter[text-matches]=%25_%5C%25") == "%_\\%"


@pytest.mark.parametrize("escape", ["%00", "a%00b", "%FF", "%C3", "%C0%80", "%ED%A0%80", "%", "%zz", "\0", "\ud800"])
@pytest.mark.parametrize("parameter", FILTERS.parameters, ids=repr)
def test_a_value_that_is_no_text_is_an_error_for_every_type(parameter: Parameter, escape: str) -> None:
    assert codes(lambda: FILTERS.parse(f"{parameter.key}={escape}")) == ["invalid-encoding"]


def judge(found: And | QueryErrors) -> None:
    """Assert that errors are short and can be sent, and that a predicate can be written and read again."""
    if isinstance(found, QueryErrors):
        (error,) = found.errors
        assert str(error.to_dict()).encode()
        assert len(error.detail) < 300
        return
    assert value_of(FILTERS.parse(FILTERS.render(found))) == value_of(found)
    assert value_of(FILTERS.load(FILTERS.dump(found))) == value_of(found)


@pytest.mark.parametrize("parameter", FILTERS.parameters, ids=repr)
def test_any_value_is_an_error_or_can_be_written_again(parameter: Parameter) -> None:
    for text in HOSTILE:
        encoded = quote(text.encode("utf-8", "surrogatepass"), safe="")
        judge(outcome(partial(FILTERS.parse, [(parameter.key, text)])))
        judge(outcome(partial(FILTERS.parse, f"{parameter.key}={encoded}")))
        judge(outcome(partial(FILTERS.parse, f"{parameter.key}={text}")))
        judge(outcome(partial(FILTERS.load, {parameter.name: text})))
        judge(outcome(partial(FILTERS.load, {parameter.name: [text]})))


JSON: list[object] = [
    *(None, True, False, 0, 1, -1, 1.0, 1.5, 1e400, -1e400, float("nan"), 2**63, 10**400, 10**5000, "", "\ud800", "\0"),
    *([], {}, [None], [[]], [{}], [1, None], [1, "1", 1.0, True], ["\ud800"], {"eq": 1}, {"$ne": None}, [[[1]]]),
]


@pytest.mark.parametrize("parameter", FILTERS.parameters, ids=repr)
def test_any_stored_value_is_an_error_or_can_be_written_again(parameter: Parameter) -> None:
    for value in JSON:
        judge(outcome(partial(FILTERS.load, {parameter.name: value})))
