"""One call after another: every field of a CDR, in agreement with the others."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jsonapi_sieve.cdr.billing import add_vat, billed_seconds, price
from jsonapi_sieve.cdr.catalog import DESTINATIONS, FAILURES, Destination
from jsonapi_sieve.cdr.draws import chance
from jsonapi_sieve.cdr.parties import Gateway, Party, Row, Subscriber

__all__ = ["call"]

_LONGEST: Final = 7_200  # seconds; longer calls are cut
_ANSWERED: Final = 0.64
_SWITCH: Final = "sbc.switch.example"
_NOTHING: Final = Decimal(0)


def call(random: Random, cdr_id: int, time_start: datetime, party: Party) -> Row:
    """Make the row of one call.

    A call that was answered lasts at least a second and has a price; one that was not has neither duration nor billed
    seconds, and costs nothing. A call that was refused before it was routed has no destination.
    """
    destination = DESTINATIONS.draw(random)
    return {
        "id": cdr_id,
        "time_start": time_start,
        **_course(random, time_start, party, destination),
        **_numbers(random, party, destination),
        "customer_id": party.customer_id,
        "account_id": party.account_id,
    }


def _course(random: Random, time_start: datetime, party: Party, destination: Destination) -> Row:
    """How the call went, and what it cost."""
    if chance(random, _ANSWERED):
        return _answered(random, time_start, party, destination)
    failure = FAILURES.draw(random)
    return {
        "time_connect": None,
        "time_end": time_start + timedelta(milliseconds=random.randrange(5, failure.longest_ms)),
        "duration": 0,
        "success": False,
        "lega_disconnect_code": failure.code,
        "lega_disconnect_reason": failure.reason if chance(random, 0.97) else None,
        **(_priced(destination) if failure.routed else _UNROUTED),
        "customer_price": _NOTHING,
        "customer_price_no_vat": _NOTHING,
        "customer_acc_vat": party.vat,
        "customer_duration": None,
        "rec": False,
    }


def _answered(random: Random, time_start: datetime, party: Party, destination: Destination) -> Row:
    time_connect = time_start + timedelta(milliseconds=random.randrange(400, 25_000))
    duration = min(int(random.lognormvariate(4.3, 1.1)) + 1, _LONGEST)
    billed = billed_seconds(destination.tariff, duration)
    net = price(destination.tariff, billed)
    net = net.copy_negate() if destination.reverse_billing else net
    return {
        "time_connect": time_connect,
        # A second that has begun counts as a whole one.
        "time_end": time_connect + timedelta(milliseconds=duration * 1000 - random.randrange(1000)),
        "duration": duration,
        "success": True,
        "lega_disconnect_code": 200,
        "lega_disconnect_reason": "Bye",
        **_priced(destination),
        "customer_price": add_vat(net, party.vat),
        "customer_price_no_vat": net,
        "customer_acc_vat": party.vat,
        "customer_duration": billed,
        "rec": party.recorded and chance(random, 0.2),
    }


def _priced(destination: Destination) -> Row:
    tariff = destination.tariff
    return {
        "destination_prefix": destination.prefix,
        "destination_initial_interval": tariff.initial_interval,
        "destination_initial_rate": tariff.initial_rate,
        "destination_next_interval": tariff.next_interval,
        "destination_next_rate": tariff.next_rate,
        "destination_fee": tariff.fee,
        "destination_reverse_billing": destination.reverse_billing,
    }


_UNROUTED: Final[Row] = {
    "destination_prefix": None,
    "destination_initial_interval": None,
    "destination_initial_rate": None,
    "destination_next_interval": None,
    "destination_next_rate": None,
    "destination_fee": None,
    "destination_reverse_billing": None,
}


def _numbers(random: Random, party: Party, destination: Destination) -> Row:
    """Who called whom, as it was signalled and as it was routed."""
    gateway = random.choice(party.gateways)
    caller = random.choice(party.subscribers)
    unknown_digits = destination.digits - len(destination.prefix)
    callee = f"{destination.prefix}{random.randrange(10**unknown_digits):0{unknown_digits}}"
    diverted = chance(random, 0.03)
    return {
        **_caller(random, caller, party, gateway),
        "from_domain": gateway.domain,
        "dst_prefix_in": party.dials + callee,
        "to_domain": _SWITCH,
        "ruri_domain": _SWITCH,
        "diversion_in": f"+{random.choice(party.subscribers).number}" if diverted else None,
        "local_tag": f"{random.getrandbits(32):08X}-{random.getrandbits(64):016X}",
        "auth_orig_transport_protocol_id": gateway.protocol_id,
        "auth_orig_ip": gateway.ip,
        "auth_orig_port": gateway.port,
        "src_prefix_routing": caller.number,
        "dst_prefix_routing": callee,
        "orig_call_id": f"{random.getrandbits(96):024x}@{gateway.ip}",
        "lega_user_agent": gateway.user_agent,
    }


def _caller(random: Random, caller: Subscriber, party: Party, gateway: Gateway) -> Row:
    """Who the caller says to be. One who withholds the number is known by what the trusted headers say (RFC 3325)."""
    anonymous = chance(random, 0.04)
    address = f"<sip:+{caller.number}@{gateway.domain}>"
    return {
        "src_name_in": "Anonymous" if anonymous else caller.name,
        "src_prefix_in": "anonymous" if anonymous else party.dials + caller.number,
        "pai_in": address if anonymous or chance(random, 0.5) else None,
        "ppi_in": address if chance(random, 0.05) else None,
        "privacy_in": "id" if anonymous else None,
        "rpid_in": address if gateway.sends_rpid else None,
        "rpid_privacy_in": ("full" if anonymous else "off") if gateway.sends_rpid else None,
    }
