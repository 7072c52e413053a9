"""What generated calls are made of: destinations with their tariffs, outcomes, equipment and names."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from jsonapi_sieve.cdr.billing import Tariff
from jsonapi_sieve.cdr.draws import Weighted

__all__ = ["DESTINATIONS", "FAILURES", "NAMES", "PROTOCOLS", "USER_AGENTS", "Destination", "Failure"]


class Destination(NamedTuple):
    """Where calls go to: a dialled prefix, how many digits whole numbers have, and what a call costs.

    With `reverse_billing` the called side pays: the caller's price is negative.
    """

    prefix: str
    digits: int
    tariff: Tariff
    reverse_billing: bool = False


class Failure(NamedTuple):
    """Why a call was not answered: a SIP response (RFC 3261, section 21), how long it rang, in milliseconds at most.

    A call that is not `routed` was refused before a destination was looked up.
    """

    code: int
    reason: str
    longest_ms: int
    routed: bool = True


def _tariff(initial: int, initial_rate: str, further: int, next_rate: str, fee: str = "0") -> Tariff:
    return Tariff(initial, Decimal(initial_rate), further, Decimal(next_rate), Decimal(fee))


# A rate billed by the second has to be a multiple of three in its last digit, so that a sixtieth of it is exact.
DESTINATIONS: Final = Weighted(
    [
        (160, Destination("49", 12, _tariff(1, "0.0096", 1, "0.0096"))),
        (90, Destination("4915", 13, _tariff(60, "0.0425", 1, "0.042"))),
        (70, Destination("4917", 12, _tariff(60, "0.0425", 1, "0.042"))),
        (90, Destination("44", 12, _tariff(1, "0.0072", 1, "0.0072"))),
        (60, Destination("447", 12, _tariff(1, "0.0234", 1, "0.0234"))),
        (12, Destination("44844", 12, _tariff(60, "0.08", 60, "0.08", "0.05"))),
        (80, Destination("1", 11, _tariff(6, "0.0045", 6, "0.0045"))),
        (25, Destination("1212", 11, _tariff(6, "0.003", 6, "0.003"))),
        (12, Destination("1876", 11, _tariff(30, "0.2391", 6, "0.2391"))),
        (55, Destination("33", 11, _tariff(1, "0.0081", 1, "0.0081"))),
        (40, Destination("336", 11, _tariff(30, "0.0312", 1, "0.0312"))),
        (45, Destination("39", 12, _tariff(1, "0.009", 1, "0.009"))),
        (30, Destination("393", 12, _tariff(60, "0.0495", 60, "0.0495"))),
        (40, Destination("380", 12, _tariff(1, "0.147", 1, "0.147"))),
        (30, Destination("48", 11, _tariff(1, "0.0129", 1, "0.0129"))),
        (25, Destination("420", 12, _tariff(60, "0.018", 30, "0.018"))),
        (25, Destination("43", 12, _tariff(60, "0.0126", 1, "0.0126"))),
        (20, Destination("41", 11, _tariff(1, "0.0273", 1, "0.0273"))),
        (20, Destination("31", 11, _tariff(1, "0.0084", 1, "0.0084"))),
        (15, Destination("90", 12, _tariff(60, "0.165", 60, "0.165"))),
        (15, Destination("91", 12, _tariff(60, "0.0117", 60, "0.0117"))),
        (12, Destination("234", 13, _tariff(60, "0.1236", 60, "0.1236"))),
        (10, Destination("972", 12, _tariff(6, "0.0105", 6, "0.0105"))),
        (8, Destination("971", 12, _tariff(60, "0.1875", 60, "0.1875"))),
        (4, Destination("881", 12, _tariff(60, "6.45", 60, "6.15", "0.25"))),
        (14, Destination("800", 11, _tariff(60, "0.0105", 60, "0.0105"), reverse_billing=True)),
    ]
)

FAILURES: Final = Weighted(
    [
        (30, Failure(487, "Request Terminated", 45_000)),
        (24, Failure(486, "Busy Here", 4_000)),
        (16, Failure(480, "Temporarily Unavailable", 30_000)),
        (12, Failure(404, "Not Found", 1_500)),
        (6, Failure(503, "Service Unavailable", 6_000)),
        (4, Failure(408, "Request Timeout", 32_000)),
        (4, Failure(603, "Decline", 12_000)),
        (3, Failure(484, "Address Incomplete", 900)),
        (3, Failure(403, "Not enough balance", 20, routed=False)),
        (2, Failure(500, "No routes", 30, routed=False)),
    ]
)

PROTOCOLS: Final = ((1, "UDP"), (2, "TCP"), (3, "TLS"))
"""Identifier and name of each transport protocol."""

USER_AGENTS: Final = (
    "Asterisk PBX 20.9.3",
    "FreeSWITCH-mod_sofia/1.10.12",
    "Cisco-SIPGateway/IOS-16.12.4",
    "3CXPhoneSystem 20.0.5",
    "Yealink SIP-T54W 96.86.0.75",
    None,
)
"""What a customer's equipment calls itself; some does not."""

NAMES: Final = (
    "Anna Berg", "Reception", "Paul Novák", "Sales (North)", "Zoë O'Hara", "Müller, Jan", "warehouse", "Олена Шевченко",
    "Support 24/7", "Ibrahim Demir", "Claire Dubois", "IT-Service", 'Tom "Tommy" Reed', "Giulia Rossi", "100% Print",
    "Lab_2", "Front Desk", "Marek Wójcik", "Accounting", "Sofia Almeida", "DR. STONE", "Chloé Martin", "Ops", "Ben Fox",
)  # fmt: skip
"""What callers are shown as."""
