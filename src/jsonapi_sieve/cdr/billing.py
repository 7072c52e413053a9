"""What a call costs: seconds round up to intervals, and money is exact."""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Final, NamedTuple

__all__ = ["Tariff", "add_vat", "billed_seconds", "price"]

# A result that would have to be rounded raises instead: rates are chosen so that a second of each has a price.
_EXACT: Final = Context(prec=40, traps=[DivisionByZero, Inexact, InvalidOperation, Overflow])
_MINUTE: Final = Decimal(60)
_HUNDRED: Final = Decimal(100)


class Tariff(NamedTuple):
    """The price of calls to a destination: intervals in seconds, rates in currency per minute, a fee per call."""

    initial_interval: int
    initial_rate: Decimal
    next_interval: int
    next_rate: Decimal
    fee: Decimal


def billed_seconds(tariff: Tariff, duration: int) -> int:
    """Round the duration of an answered call, in seconds, up to the first interval and then to whole next intervals.

    >>> tariff = Tariff(30, Decimal("0.12"), 6, Decimal("0.06"), Decimal("0"))
    >>> [billed_seconds(tariff, duration) for duration in (1, 30, 31, 36, 37)]
    [30, 30, 36, 36, 42]
    """
    further = max(duration - tariff.initial_interval, 0)
    return tariff.initial_interval + -(-further // tariff.next_interval) * tariff.next_interval


def price(tariff: Tariff, seconds: int) -> Decimal:
    """Price billed seconds, without VAT.

    >>> price(Tariff(30, Decimal("0.12"), 6, Decimal("0.06"), Decimal("0.5")), 42)
    Decimal('0.572')

    Raises:
        decimal.Inexact: when the rates give no exact price for these seconds.
    """
    initial = _EXACT.multiply(tariff.initial_rate, Decimal(tariff.initial_interval))
    further = _EXACT.multiply(tariff.next_rate, Decimal(seconds - tariff.initial_interval))
    return _EXACT.add(tariff.fee, _EXACT.divide(_EXACT.add(initial, further), _MINUTE))


def add_vat(amount: Decimal, percent: Decimal) -> Decimal:
    """Add value-added tax to an amount.

    >>> add_vat(Decimal("0.572"), Decimal("19"))
    Decimal('0.68068')
    """
    return _EXACT.divide(_EXACT.multiply(amount, _EXACT.add(_HUNDRED, percent)), _HUNDRED)
