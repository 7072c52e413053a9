from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.document.body import parse_body
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.limits import Limits

LIMITS = Limits()
NO_PLACE = "no place"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inside: st.lists(inside) | st.dictionaries(st.text('ab\\"[]{}é'), inside),
)


def refused(body: bytes, limits: Limits = LIMITS) -> QueryErrors:
    with pytest.raises(QueryErrors) as raised:
        parse_body(body, limits)
    return raised.value


def told(body: bytes) -> list[tuple[str, str, str]]:
    """Give the code, the pointer and the detail of each fault."""
    errors = refused(body)
    assert errors.status == 400
    assert all(error.source == "pointer" for error in errors.errors if error.at is not None)
    return [(error.code, NO_PLACE if error.at is None else error.at, error.detail) for error in errors.errors]


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_json_is_read_as_it_is(value: object, escaped: bool, indent: int | None) -> None:
    body = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    assert parse_body(body, LIMITS) == value


def test_a_body_over_its_budget_is_not_looked_at() -> None:
    assert parse_body(b"1234", Limits(body=4)) == 1234
    (error,) = refused(b"\xff" * 5, Limits(body=4)).errors
    assert error.to_dict() == {
        "status": "413",
        "code": "body-limit",
        "title": "Limit exceeded",
        "detail": "The body is longer than 4 bytes; no more are read.",
        "meta": {"limit": 4},
    }


@pytest.mark.parametrize(
    ("body", "depth"),
    [
        (b"1", 0),
        (b'"[[[["', 0),
        (b"[]", 1),
        (b"[{},{},[]]", 2),
        (b'{"a": [{"]]]": "}}}"}]}', 3),
        (rb'["\"[[[", "\\", "\\\"[["]', 1),
        (rb'{"\\": {"\\\\\"[": {"\\\"": ["\\"]}}}', 4),
        (b"[[[[[[[[]]]]]]]]", 8),
    ],
)
def test_nests_are_counted_outside_texts(body: bytes, depth: int) -> None:
    assert parse_body(body, Limits(json_depth=max(1, depth))) == json.loads(body)
    if depth > 1:
        (error,) = refused(body, Limits(json_depth=depth - 1)).errors
        assert error.to_dict() == {
            "status": "400",
            "code": "json-depth-limit",
            "title": "Limit exceeded",
            "detail": f"Arrays and objects are nested too deep; at most {depth - 1} levels are read.",
            "meta": {"limit": depth - 1},
        }


def depth(value: object) -> int:
    match value:
        case list():
            return 1 + max(map(depth, value), default=0)
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case _:
            return 0


@given(values)
def test_exactly_deeper_nests_are_refused(value: object) -> None:
    body = json.dumps(value).encode()
    assert parse_body(body, Limits(json_depth=max(1, depth(value)))) == value
    if depth(value) > 1:
        assert refused(body, Limits(json_depth=depth(value) - 1)).errors[0].code == "json-depth-limit"


def test_a_budget_greater_than_the_stack_does_no_harm() -> None:
    for body in (b"[" * 500_000, b"[" * 100_000 + b"]" * 100_000, b"[" * 800 + b"]" * 800):
        assert refused(body, Limits(json_depth=1_000_000)).errors[0].code == "json-depth-limit"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "line 1, column 1"),
        (b" \n ", "line 2, column 2"),
        (b"{", "line 1, column 2"),
        (b'{"data":', "line 1, column 9"),
        (b'{\n"a": 1\n"b"', "line 3, column 1"),
        ('["é" x'.encode(), "line 1, column 6"),
        (b'"abc', "line 1, column 1"),
        (b'"\n"', "line 1, column 2"),
        (b'"\0"', "line 1, column 2"),
        (b'"\\x"', "line 1, column 2"),
        (b'"\\ud8"', "line 1, column 3"),
        (b"[1] 2", "line 1, column 5"),
        (b"01", "line 1, column 2"),
        (b"+1", "line 1, column 1"),
        (b".5", "line 1, column 1"),
        (b"1.", "line 1, column 2"),
        (b"1e", "line 1, column 2"),
        (b"0x10", "line 1, column 2"),
        (b"'a'", "line 1, column 1"),
        (b"nan", "line 1, column 1"),
        (b"None", "line 1, column 1"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        ("{}".encode("utf-16-le"), "line 1, column 2"),
        (b"\0", "line 1, column 1"),
    ],
)
def test_what_is_no_json(body: bytes, where: str) -> None:
    ((code, at, detail),) = told(body)
    assert (code, at) == ("invalid-json", NO_PLACE)
    assert detail.startswith("The body is no JSON: ")
    assert detail.endswith(f" ({where}).")


@pytest.mark.parametrize(
    ("body", "byte"),
    [
        (b"\xff", 1),
        ("{}".encode("utf-16"), 1),
        (b'"\xe9"', 2),
        (b'"\xed\xa0\x80"', 2),
        (b'"\xc0\x80"', 2),
        (b'["ok", "\xf0\x9f\x98"]', 9),
        (b'"\xf5\x80\x80\x80"', 2),
    ],
)
def test_what_is_no_utf_8(body: bytes, byte: int) -> None:
    assert told(body) == [("invalid-json", NO_PLACE, f"The body is no UTF-8 from byte {byte} on.")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-0", 0),
        ("12345678901234567890", 12345678901234567890),
        ("1" * 100, int("1" * 100)),
        ("0.5", 0.5),
        ("-0.0", -0.0),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("0.1", 0.1),
        ("10.5", 10.5),
        ("0e999", 0.0),
        ("5e-324", 5e-324),
        ("0.30000000000000000001", Decimal("0.30000000000000000001")),
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("9007199254740993.0", Decimal("9007199254740993.0")),
        ("1e400", Decimal("1e400")),
        ("1e-999", Decimal("1e-999")),
        ("-1.7976931348623159e308", Decimal("-1.7976931348623159e308")),
        ("0." + "3" * 98, Decimal("0." + "3" * 98)),
    ],
)
def test_numbers_lose_no_digit(text: str, number: float | Decimal) -> None:
    for body in (text, f"[{text}]"):
        found = parse_body(body.encode(), LIMITS)
        value = found[0] if isinstance(found, list) else found
        assert (type(value), repr(value)) == (type(number), repr(number))


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_a_number_equals_its_text(text: str) -> None:
    number = parse_body(text.encode(), LIMITS)
    assert isinstance(number, (int, float, Decimal))
    if isinstance(number, float):
        number = Decimal(repr(number))
    assert number == Decimal(text)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_of_python_are_no_json(constant: str) -> None:
    detail = f"{constant} is no number of JSON."
    assert told(constant.encode()) == [("invalid-json", "", detail)]
    assert told(f'{{"a": [0, {constant}]}}'.encode()) == [("invalid-json", "/a/1", detail)]


@pytest.mark.parametrize(
    ("number", "detail"),
    [
        ("1" * 101, "A number is 101 characters long; at most 100 are read."),
        ("1" * 5000, "A number is 5000 characters long; at most 100 are read."),
        ("0." + "1" * 99, "A number is 101 characters long; at most 100 are read."),
        ("1e" + "9" * 99, "A number is 101 characters long; at most 100 are read."),
        ("1e1000", "The exponent of 1e1000 has more than three digits."),
        ("-2.5E-0001", "The exponent of -2.5E-0001 has more than three digits."),
    ],
)
def test_numbers_out_of_proportion_are_refused(number: str, detail: str) -> None:
    assert told(f'{{"a": {{"b": {number}}}}}'.encode()) == [("invalid-json", "/a/b", detail)]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (rb'"\u0000"', [("", "The text holds a NUL character.")]),
        (rb'{"a": ["x", "\ud800"]}', [("/a/1", "The text holds a lone surrogate.")]),
        (rb'{"a": "\udc00\ud800"}', [("/a", "The text holds a lone surrogate.")]),
        (rb'{"a": {"b\u0000": 1}}', [("/a", r"The name 'b\x00' holds a NUL character.")]),
        (rb'{"a": {"\udfff": 1}}', [("/a", r"The name '\udfff' holds a lone surrogate.")]),
        (
            rb'{"\u0000": "\u0000", "x/y": "\u0000"}',
            [
                ("", r"The name '\x00' holds a NUL character."),
                ("", "The text holds a NUL character."),
                ("/x~1y", "The text holds a NUL character."),
            ],
        ),
    ],
)
def test_texts_that_cannot_be_stored_everywhere_are_refused(body: bytes, faults: list[tuple[str, str]]) -> None:
    assert told(body) == [("invalid-encoding", at, detail) for at, detail in faults]


def test_whole_surrogate_pairs_are_characters() -> None:
    assert parse_body(rb'"\ud83d\ude00"', LIMITS) == "😀"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (b'{"a": 1, "a": 1}', [("/a", "a")]),
        (b'{"a": 1, "b": 2, "a": 3, "b": 4, "a": 5}', [("/a", "a"), ("/b", "b")]),
        (rb'{"a": 1, "\u0061": 2}', [("/a", "a")]),
        (b'[{"data": {"": 1, "": 2}}]', [("/0/data/", "")]),
        # Of a repeated member only the last is looked at.
        (b'{"a": NaN, "a": {"b": 1, "b": 2}}', [("/a", "a"), ("/a/b", "b")]),
    ],
)
def test_repeated_names_are_refused(body: bytes, faults: list[tuple[str, str]]) -> None:
    assert told(body) == [
        ("repeated-member", at, f"The member {name!r} is there more than once.") for at, name in faults
    ]


def test_a_name_that_is_too_long_to_be_shown_is_cut() -> None:
    name = "n" * 1000
    shown = "n" * 64 + "…"
    assert told(f'{{"a": {{"{name}": 1, "{name}": 2}}}}'.encode()) == [
        ("repeated-member", "/a", f"The member '{shown}' is there more than once.")
    ]


def test_all_faults_of_the_values_are_told_in_the_order_of_the_document() -> None:
    body = rb'{"a": [NaN, {"b": "\u0000", "c": 1e1000}], "d": {"e": 1, "e": [2]}, "f": "\ud800"}'
    assert [(code, at) for code, at, _ in told(body)] == [
        ("invalid-json", "/a/0"),
        ("invalid-encoding", "/a/1/b"),
        ("invalid-json", "/a/1/c"),
        ("repeated-member", "/d/e"),
        ("invalid-encoding", "/f"),
    ]
