"""Prices by interval, exact to the last digit."""

from decimal import Decimal, Inexact, getcontext
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.cdr.billing import Tariff, add_vat, billed_seconds, price
from jsonapi_sieve.cdr.catalog import DESTINATIONS

TARIFFS = st.sampled_from([destination.tariff for destination in DESTINATIONS.values])


@given(TARIFFS, st.integers(1, 7_200))
def test_a_price_is_what_fractions_say(tariff: Tariff, duration: int) -> None:
    intervals = ceil(max(Fraction(duration - tariff.initial_interval), Fraction(0)) / tariff.next_interval)
    initial = Fraction(tariff.initial_rate) * tariff.initial_interval / 60
    further = Fraction(tariff.next_rate) * tariff.next_interval * intervals / 60
    assert Fraction(price(tariff, billed_seconds(tariff, duration))) == Fraction(tariff.fee) + initial + further


@given(TARIFFS, st.integers(1, 7_200))
def test_billed_seconds_cover_the_call_with_less_than_an_interval_to_spare(tariff: Tariff, duration: int) -> None:
    spare = billed_seconds(tariff, duration) - duration
    assert 0 <= spare < max(tariff.initial_interval, tariff.next_interval)


@pytest.mark.parametrize(("percent", "gross"), [("0", "1.25"), ("19", "1.4875"), ("20", "1.5")])
def test_value_added_tax_is_exact(percent: str, gross: str) -> None:
    assert add_vat(Decimal("1.25"), Decimal(percent)) == Decimal(gross)


def test_a_rate_that_has_no_exact_price_is_refused() -> None:
    tariff = Tariff(1, Decimal("0.01"), 1, Decimal("0.01"), Decimal(0))
    with pytest.raises(Inexact):
        price(tariff, 1)


def test_the_precision_that_a_program_sets_for_itself_changes_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getcontext(), "prec", 2)
    assert price(Tariff(60, Decimal("1.23456"), 60, Decimal(1), Decimal(0)), 60) == Decimal("1.23456")
