"""The one CDR that the API's documentation shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from jsonapi_sieve.cdr.parties import Party, Row

__all__ = ["EXAMPLE_ID", "example_cdr"]

EXAMPLE_ID: Final = 8
"""The identifier of the documented CDR."""

_START: Final = datetime(2026, 1, 2, 12, 45, 13, 788_000, tzinfo=UTC)


def example_cdr(party: Party) -> Row:
    """Make the row of the documented CDR, billed to a party. What the document does not show is NULL."""
    return {
        "id": EXAMPLE_ID,
        "time_start": _START,
        "time_connect": _START,
        "time_end": _START + timedelta(seconds=30),
        "duration": 30,
        "success": True,
        "destination_initial_interval": 30,
        "destination_initial_rate": Decimal("10.5"),
        "destination_next_interval": 60,
        "destination_next_rate": Decimal("8.2"),
        "destination_fee": Decimal("3.15"),
        "customer_price": Decimal("2.0"),
        "customer_duration": None,
        "src_name_in": "Src name In",
        "src_prefix_in": "123",
        "from_domain": "From Domain",
        "dst_prefix_in": "456",
        "to_domain": "To Domain",
        "ruri_domain": "rURI Domain",
        "diversion_in": "Deversion In",
        "local_tag": "EU",
        "lega_disconnect_code": 200,
        "lega_disconnect_reason": "201",
        "auth_orig_transport_protocol_id": 1,
        "auth_orig_ip": "127.0.0.1",
        "auth_orig_port": 8080,
        "src_prefix_routing": "SRC Prefix Routing",
        "dst_prefix_routing": "DST Prefix Routing",
        "destination_prefix": "Destination Prefix",
        "orig_call_id": None,
        "lega_user_agent": None,
        "rec": False,
        "destination_reverse_billing": None,
        "customer_acc_vat": None,
        "customer_price_no_vat": None,
        "pai_in": None,
        "ppi_in": None,
        "privacy_in": None,
        "rpid_in": None,
        "rpid_privacy_in": None,
        "customer_id": party.customer_id,
        "account_id": party.account_id,
    }
