from __future__ import annotations

import decimal
import enum
import math
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.testing.strategies.values import DECIMALS
from jsonapi_sieve.types import Fit, InvalidValue
from jsonapi_sieve.types.numbers import DECIMALS as DECIMAL_ROWS
from jsonapi_sieve.types.numbers import FLOATS as FLOAT_ROWS
from jsonapi_sieve.types.numbers import INTEGERS, ROUNDED

D = decimal.Decimal
INTEGER = types.Integer()
DECIMAL = types.Decimal()
FLOAT = types.Float()

NINETEEN = "9" * 19
FORTY = "9" * 40


class Level(enum.IntEnum):
    HIGH = 3


@pytest.fixture(params=["stock", "poor"])
def _ambient(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run under the stock decimal context, and under one that rounds all to a digit and traps everything."""
    signals = list(decimal.getcontext().flags)
    poor = decimal.Context(prec=1, rounding=decimal.ROUND_UP, Emin=0, Emax=0, clamp=1, traps=signals)
    with decimal.localcontext(poor if request.param == "poor" else None):
        yield


in_every_context = pytest.mark.usefixtures("_ambient")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("0", 0), ("-0", 0), ("+1", 1), ("-3", -3), ("007", 7), ("-007", -7), ("2147483648", 2**31)],
        *[(NINETEEN, 10**19 - 1), (f"-{NINETEEN}", 1 - 10**19), (f"+{NINETEEN}", 10**19 - 1)],
        *[("0" * 5000, 0), ("0" * 30_000 + "5", 5), ("-" + "0" * 5000 + "5", -5), ("+" + "0" * 20 + "5", 5)],
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_integer_spellings(text: str, value: int) -> None:
    assert INTEGER.parse(text) == INTEGER.load(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.0",
        "1e3",
        "1.",
        "0x1",
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "\uff11",
        "\u0663",
        "\u00b2",
        "--1",
        "+-1",
        "+",
        "-",
        "abc",
        "NaN",
        "10,000",
    ],
)
def test_integer_refusals(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^is not an integer such as 10 or -3$"):
        INTEGER.parse(text)


@pytest.mark.parametrize("text", ["1" + "0" * 19, "-1" + "0" * 19, "9" * 5000, "0" * 50 + "1" * 20])
def test_integers_of_too_many_digits(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^has more than 19 digits$"):
        INTEGER.parse(text)


@pytest.mark.parametrize("value", [10**19, -(10**19), 10**5000], ids=int.bit_length)
def test_integers_of_too_many_digits_in_json_and_code(value: int) -> None:
    for take in (INTEGER.load, INTEGER.accept):
        with pytest.raises(InvalidValue, match=r"has more than 19 digits"):
            take(value)


@pytest.mark.parametrize("value", [True, False, 1.0, 1.5, D(1)])
def test_only_json_integers_are_integers(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"is not an integer"):
        INTEGER.load(value)


def test_an_integer_constant_is_plain() -> None:
    assert type(INTEGER.accept(Level.HIGH)) is int
    assert type(INTEGER.load(Level.HIGH)) is int


@pytest.mark.parametrize("bits", [16, 32, 64])
@given(value=st.integers(1 - 10**19, 10**19 - 1))
def test_integer_place(bits: Literal[16, 32, 64], value: int) -> None:
    fit, held = types.Integer(bits).place(value)
    assert held == value
    assert fit is (Fit.BELOW if value < -(2 ** (bits - 1)) else Fit.ABOVE if value > 2 ** (bits - 1) - 1 else Fit.EXACT)


@pytest.mark.parametrize(
    ("value", "fit"), [(32767, Fit.EXACT), (32768, Fit.ABOVE), (-32768, Fit.EXACT), (-32769, Fit.BELOW)]
)
def test_integer_place_at_the_ends(value: int, fit: Fit) -> None:
    assert types.Integer(16).place(value) == (fit, value)


def test_integer_rows() -> None:
    assert INTEGER.kind(1) is INTEGERS
    assert INTEGERS.convert is None
    for sample, message in (
        (True, r"hold bool values where Integer\(bits=64\) expects int: declare types.Boolean\(\)"),
        (1.0, r"declare types.Float\(\)"),
        ("1", r"declare types.Text\(\)"),
        (D(1), r"declare types.Decimal\(\)"),
        (2**63, "hold greater integers where .* expects 64 bits: declare more bits"),
    ):
        with pytest.raises(TypeError, match=message):
            INTEGER.kind(sample)
    with pytest.raises(TypeError, match=r"declare more bits"):
        types.Integer(16).kind(2**15)


@pytest.mark.parametrize("bits", [8, 0, 128, None, "32"])
def test_integer_declarations(bits: object) -> None:
    with pytest.raises(DeclarationError, match=f"16, 32 or 64 bits, not {bits!r}"):
        types.Integer(bits)  # type: ignore[arg-type]


@in_every_context
@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        *[("2", "2", "2.0"), ("2.", "2", "2.0"), (".5", "0.5", "0.5"), ("+1.50", "1.5", "1.5"), ("-3", "-3", "-3.0")],
        *[("1e3", "1000", "1000.0"), ("1E-3", "0.001", "0.001"), ("15e-1", "1.5", "1.5"), ("1e+2", "100", "100.0")],
        *[("0", "0", "0.0"), ("-0", "0", "0.0"), ("-0.000", "0", "0.0"), ("0e999", "0", "0.0"), ("0.10", "0.1", "0.1")],
        *[("0.1000000000000000000000000000000000000001",) * 3, ("1e39", "1" + "0" * 39, "1" + "0" * 39 + ".0")],
        *[(FORTY, FORTY, FORTY + ".0"), (FORTY + ".", FORTY, FORTY + ".0"), (FORTY + ".0", FORTY, FORTY + ".0")],
        *[("-" + "0" * 50 + "1.5", "-1.5", "-1.5"), ("0" * 30_000, "0", "0.0"), ("0." + FORTY,) * 3],
        *[("0.0000001", "1e-7", "0.0000001"), ("1e-40", "1e-40", "0." + "0" * 39 + "1"), ("100e-2", "1", "1.0")],
    ],
    ids=lambda value: value[:24],
)
def test_decimal_spellings(text: str, value: str, shown: str) -> None:
    constant = DECIMAL.parse(text)
    assert constant.compare_total(constant.copy_abs()) == 0 or constant
    assert constant == D(value)
    assert DECIMAL.render(constant) == DECIMAL.dump(constant) == shown
    assert DECIMAL.parse(shown) == DECIMAL.load(shown) == constant


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-1000, 1000, places=3), st.sampled_from([0, 1]))
def test_decimals_are_shown_without_exponent_and_trailing_zeros(value: decimal.Decimal, capitals: int) -> None:
    whole, _, fraction = f"{value or decimal.Decimal(0):f}".partition(".")
    with decimal.localcontext() as context:
        context.capitals = capitals
        assert DECIMAL.render(value) == f"{whole}.{fraction.rstrip('0') or '0'}"


@in_every_context
@pytest.mark.parametrize(
    "text",
    [
        *[
            "NaN",
            "sNaN",
            "-NaN",
            "Infinity",
            "-inf",
            "1_0",
            "1_0.5",
            " 1",
            "1 ",
            "1\n",
            "1,5",
            "\u0663.\u0665",
            "\uff11",
            "0x1",
        ],
        *[".", "+", "-", "e1", ".e1", "1e", "1e+", "1e1000", "1e999999999", "1E-4000", "1.5.5", "1e1.5", "1 000"],
        *["--1"],
    ],
)
def test_decimal_refusals(text: str) -> None:
    for type_ in (DECIMAL, FLOAT):
        with pytest.raises(InvalidValue, match=r"^is not a number such as 2.5 or -3$"):
            type_.parse(text)


@in_every_context
@pytest.mark.parametrize(
    "text",
    [
        "1" + FORTY,
        "1e40",
        "1e999",
        "1E-400",
        "1e-41",
        f"0.{FORTY}1",
        FORTY + ".5",
        FORTY + ".00",
        f"1.{FORTY}",
        "0e-41",
    ],
)
def test_decimals_of_too_many_digits(text: str) -> None:
    for type_ in (DECIMAL, FLOAT):
        with pytest.raises(InvalidValue, match=r"^has more than 40 digits$"):
            type_.parse(text)
    with pytest.raises(InvalidValue, match=r"has more than 40 digits"):
        DECIMAL.accept(D(text))


@in_every_context
@pytest.mark.parametrize(
    ("value", "constant"),
    [(3, "3"), (-0.0, "0"), (1.5, "1.5"), (0.1, "0.1"), (1e22, "1e22"), (1e-7, "1e-7"), (D("0.30"), "0.3"), ("2", "2")],
)
def test_a_json_number_is_read_by_its_text(value: object, constant: str) -> None:
    assert DECIMAL.load(value) == D(constant)


@in_every_context
@pytest.mark.parametrize("value", [True, False, math.nan, math.inf, -math.inf, D("NaN"), D("sNaN"), D("-Infinity")])
def test_decimal_refuses_json(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"is not a number"):
        DECIMAL.load(value)


@in_every_context
@pytest.mark.parametrize(
    "value", [10**40, -(10**40), 10**5000, 1e300, 1.2345678901234567e-30, D("1e999999999")], ids=type
)
def test_decimal_refuses_long_json(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"has more than 40 digits"):
        DECIMAL.load(value)


@in_every_context
def test_decimal_accepts() -> None:
    assert DECIMAL.accept(10**40 - 1) == D(FORTY)
    assert DECIMAL.accept(Level.HIGH) == 3
    assert str(DECIMAL.accept(D("-0.00"))) == "0"
    with pytest.raises(TypeError, match=r"takes no float: it is inexact; write decimal.Decimal\('0.1'\)"):
        DECIMAL.accept(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"takes decimal.Decimal or int, not bool"):
        DECIMAL.accept(True)
    with pytest.raises(InvalidValue, match=r"is not a number"):
        DECIMAL.accept(D("NaN"))


@in_every_context
@given(value=DECIMALS, scale=st.integers(0, 40))
def test_decimal_place(value: decimal.Decimal, scale: int) -> None:
    ample = decimal.Context(prec=100)
    unit = D((0, (1,), -scale))
    limit, least = D(10 ** (40 - scale)), D(-(10 ** (40 - scale)))
    fit, held = types.Decimal(scale=scale).place(value)
    floor = value.quantize(unit, decimal.ROUND_FLOOR, ample)
    if value >= limit:
        assert (fit, held) == (Fit.ABOVE, value)
    elif value <= least:
        assert (fit, held) == (Fit.BELOW, value)
    else:
        assert held == floor
        assert fit is (Fit.EXACT if floor == value else Fit.BETWEEN)
        assert held <= value < ample.add(held, unit)


@in_every_context
@pytest.mark.parametrize(
    ("scale", "text", "fit", "held"),
    [
        (2, "1.25", Fit.EXACT, "1.25"),
        (2, "1.2500", Fit.EXACT, "1.25"),
        (2, "1.256", Fit.BETWEEN, "1.25"),
        (2, "-1.256", Fit.BETWEEN, "-1.26"),
        (2, "-0.001", Fit.BETWEEN, "-0.01"),
        (2, "0.001", Fit.BETWEEN, "0"),
        (0, "1.5", Fit.BETWEEN, "1"),
        (0, FORTY, Fit.EXACT, FORTY),
        (40, "0." + FORTY, Fit.EXACT, "0." + FORTY),
        (40, "1", Fit.ABOVE, "1"),
        (40, "-1", Fit.BELOW, "-1"),
        (12, "1e28", Fit.ABOVE, "1e28"),
        (12, "-1e28", Fit.BELOW, "-1e28"),
        (12, "9" * 28 + "." + "9" * 12, Fit.EXACT, "9" * 28 + "." + "9" * 12),
    ],
)
def test_decimal_place_at_the_ends(scale: int, text: str, fit: Fit, held: str) -> None:
    assert types.Decimal(scale=scale).place(D(text)) == (fit, D(held))


@in_every_context
def test_decimal_rows() -> None:
    assert DECIMAL.kind(D("1.5")) is DECIMAL.kind(D("1.500000000000000")) is DECIMAL.kind(3) is DECIMAL_ROWS
    assert DECIMAL_ROWS.convert is None
    for sample, message in (
        (1.5, r"hold float values where .* expects decimal.Decimal or int: declare types.Decimal\(exact=False\)"),
        (True, r"declare types.Boolean\(\)"),
        ("1.5", r"declare types.Text\(\)"),
        (D("1e-13"), "hold other decimals where .* expects finite ones of scale 12: declare their scale"),
        (D("1e999999999"), "declare their scale"),
        (D("NaN"), "declare their scale"),
        (10**28, "declare their scale"),
    ):
        with pytest.raises(TypeError, match=message):
            DECIMAL.kind(sample)


def test_inexact_decimals_have_rows_of_floats() -> None:
    price = types.Decimal(exact=False)
    assert price.kind(1.5) is price.kind(1) is ROUNDED
    assert ROUNDED.convert is not None
    assert ROUNDED.convert(price.parse("0.1")) == 0.1
    assert price.place(D("1e38")) == (Fit.EXACT, D(1e38))
    assert price.place(D("0.1")) == price.place(D("0.1000000000000000001")) == (Fit.EXACT, D(0.1))
    with pytest.raises(
        TypeError, match=r"hold Decimal values where .* expects float or int: declare types.Decimal\(\)"
    ):
        price.kind(D(1))
    with pytest.raises(TypeError, match=r"hold NaN where"):
        price.kind(math.nan)


@pytest.mark.parametrize("scale", [-1, 41, 1.5, 2.0, True, None, "2"])
def test_decimal_declarations(scale: object) -> None:
    with pytest.raises(DeclarationError, match=f"a number from 0 to 40, not {scale!r}"):
        types.Decimal(scale=scale)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        *[("2", 2.0, "2.0"), (".5", 0.5, "0.5"), ("1e3", 1000.0, "1000.0"), ("-0", 0.0, "0.0")],
        *[("1e-7", 1e-7, "1e-07")],
        *[("0.1", 0.1, "0.1"), ("1e39", 1e39, "1e+39"), ("123456789012345678901", 123456789012345683968.0, None)],
    ],
)
def test_float_spellings(text: str, value: float, shown: str | None) -> None:
    constant = FLOAT.parse(text)
    assert constant == value
    assert math.copysign(1, constant) == 1
    assert FLOAT.render(constant) == (shown or repr(value))


def test_floats_stay_within_forty_digits() -> None:
    for value in (1e40, -1e40, 1e300, 1.2345678901234567e-30, 5e-324, 10**40):
        for take in (FLOAT.accept, FLOAT.load):
            with pytest.raises(InvalidValue, match=r"has more than 40 digits"):
                take(value)
    with pytest.raises(InvalidValue, match=r"has more than 40 digits"):
        FLOAT.parse(FORTY)  # rounds up to 1e40


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_floats_are_finite(value: float) -> None:
    for take in (FLOAT.accept, FLOAT.load):
        with pytest.raises(InvalidValue, match=r"is not a number"):
            take(value)


def test_float_loads_and_accepts() -> None:
    assert FLOAT.load(3) == FLOAT.accept(3) == FLOAT.load(3.0) == FLOAT.load("3") == FLOAT.load(D(3)) == 3.0
    assert type(FLOAT.accept(3)) is type(FLOAT.load(D(3))) is float
    assert FLOAT.dump(1.5) == 1.5
    assert FLOAT.render(-0.0) == "0.0"
    with pytest.raises(InvalidValue, match=r"is not a number"):
        FLOAT.load(True)
    with pytest.raises(TypeError, match=r"Float\(\) takes float or int, not bool"):
        FLOAT.accept(True)
    with pytest.raises(TypeError, match=r"Float\(\) takes float or int, not str"):
        FLOAT.accept("3")  # type: ignore[arg-type]


def test_float_rows() -> None:
    assert FLOAT.kind(1.5) is FLOAT.kind(1) is FLOAT.kind(math.inf) is FLOAT_ROWS
    for sample in (True, "1", D(1)):
        with pytest.raises(TypeError, match=r"expects float or int: declare"):
            FLOAT.kind(sample)
    with pytest.raises(TypeError, match=r"hold NaN where Float.* expects numbers: store NULL"):
        FLOAT.kind(math.nan)
