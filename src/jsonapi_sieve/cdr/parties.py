"""Who calls: customers' accounts, and the equipment and subscribers behind each."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from jsonapi_sieve.cdr.catalog import NAMES, USER_AGENTS
from jsonapi_sieve.cdr.draws import chance, identifier

__all__ = ["CUSTOMERS", "EXAMPLE_ACCOUNT_ID", "Gateway", "Party", "Row", "Subscriber", "parties"]

Row = dict[str, object]
"""One row to insert: a value for each column."""


class Gateway(NamedTuple):
    """A customer's equipment that calls come from."""

    ip: str
    port: int
    protocol_id: int
    domain: str
    user_agent: str | None
    sends_rpid: bool


class Subscriber(NamedTuple):
    """A number that calls, in digits, and its name; many have none."""

    number: str
    name: str | None


class Party(NamedTuple):
    """An account with all that the calls billed to it have in common; `dials` stands before each number it sends."""

    account: Row
    vat: Decimal
    dials: str
    recorded: bool
    gateways: tuple[Gateway, ...]
    subscribers: tuple[Subscriber, ...]

    @property
    def account_id(self) -> object:
        """The account's identifier."""
        return self.account["id"]

    @property
    def customer_id(self) -> object:
        """The customer that owns the account."""
        return self.account["customer_id"]


class _Profile(NamedTuple):
    """What is settled beforehand for one account; its identifier is, where the API's documentation shows it."""

    customer_id: int
    name: str
    currency: str
    vat: str
    dials: str
    recorded: bool
    domain: str
    network: str
    numbers: str
    account_id: str | None = None


EXAMPLE_ACCOUNT_ID: Final = "aa3432e2-a26e-11ef-a008-0242ac120003"
"""The identifier of the account that the documented request to create an export names."""

CUSTOMERS: Final = (1, 2)
"""The identifiers of the customers."""

_TLS: Final = 3

_PROFILES: Final = (
    _Profile(1, "Northwind retail", "EUR", "19", "+", True, "sip.northwind.example", "198.51.100.", "4930555",
             EXAMPLE_ACCOUNT_ID),
    _Profile(1, "Northwind carriers", "USD", "0", "7788#", False, "sip.carriers.example", "2001:db8:31::", "1646555"),
    _Profile(2, "Blue Harbour office", "EUR", "20", "00", False, "pbx.harbour.example", "203.0.113.", "43720555"),
    _Profile(2, "Blue Harbour hotline", "EUR", "20", "", True, "free.harbour.example", "2001:db8:77::", "49800555"),
)  # fmt: skip


def parties(random: Random) -> tuple[Party, ...]:
    """Make the parties, two for each customer.

    >>> [party.customer_id for party in parties(Random(1))]
    [1, 1, 2, 2]
    """
    return tuple(_party(random, profile) for profile in _PROFILES)


def _party(random: Random, profile: _Profile) -> Party:
    return Party(
        account=_account(random, profile),
        vat=Decimal(profile.vat),
        dials=profile.dials,
        recorded=profile.recorded,
        gateways=tuple(_gateway(random, profile, number) for number in range(1, 5)),
        subscribers=tuple(_subscriber(random, profile) for _ in range(400)),
    )


def _account(random: Random, profile: _Profile) -> Row:
    capacity = random.randrange(30, 300, 10)
    limited = chance(random, 0.5)
    return {
        "id": profile.account_id or identifier(random),
        "customer_id": profile.customer_id,
        "name": profile.name,
        "balance": Decimal(random.randrange(-50_0000, 900_0000)).scaleb(-4),
        "min_balance": Decimal(random.randrange(-500, 1, 100)),
        "max_balance": Decimal(10_000),
        "balance_low_threshold": Decimal(50) if limited else None,
        "balance_high_threshold": Decimal(9_000) if limited else None,
        "destination_rate_limit": Decimal("0.3") if limited else None,
        "max_call_duration": 7_200 if limited else None,
        "external_id": random.randrange(10_000, 99_999),
        "origination_capacity": capacity,
        "termination_capacity": capacity // 2,
        "total_capacity": capacity + capacity // 2,
        "currency": profile.currency,
    }


def _gateway(random: Random, profile: _Profile, number: int) -> Gateway:
    protocol_id = random.choice((1, 1, 2, _TLS))
    return Gateway(
        ip=f"{profile.network}{number * 10:x}" if ":" in profile.network else f"{profile.network}{number * 10}",
        port=5061 if protocol_id == _TLS else random.choice((5060, 5060, 5080, 40_000 + number)),
        protocol_id=protocol_id,
        domain=profile.domain,
        user_agent=random.choice(USER_AGENTS),
        sends_rpid=chance(random, 0.3),
    )


def _subscriber(random: Random, profile: _Profile) -> Subscriber:
    number = f"{profile.numbers}{random.randrange(10_000):04}"
    return Subscriber(number, random.choice(NAMES) if chance(random, 0.6) else None)
