"""IP addresses by the standard library's `ipaddress`, which is slow to import, and needed only where addresses are."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, ip_interface
from typing import Final, TypeAlias, TypeGuard

from jsonapi_sieve.types.base import Kind

__all__ = ["NATIVE_ADDRESSES", "IPAddress", "canonical", "is_address", "is_host_interface"]

IPAddress: TypeAlias = IPv4Address | IPv6Address
"""An address, or an interface, which is one too."""


def canonical(address: str | IPAddress) -> str:
    """Write an address as RFC 5952 does; an IPv4-mapped one ends in dots, and a prefix of full length is left out.

    >>> canonical("2001:DB8:0::1"), canonical("::ffff:a00:1/128")
    ('2001:db8::1', '::ffff:10.0.0.1')

    Raises:
        ValueError: for what is no address.
    """
    interface = ip_interface(address)
    held, length = interface.ip, interface.network.prefixlen
    mapped = held.ipv4_mapped if isinstance(held, IPv6Address) else None
    text = f"::ffff:{mapped}" if mapped else str(held)
    return text if length == held.max_prefixlen else f"{text}/{length}"


def is_address(value: object) -> TypeGuard[IPAddress]:
    """Tell whether a value is an address, or an interface, of the standard library."""
    return isinstance(value, (IPv4Address, IPv6Address))


def is_host_interface(address: IPAddress) -> bool:
    """Tell whether an address is an interface whose prefix is of full length, and so stands for one host."""
    if not isinstance(address, (IPv4Interface, IPv6Interface)):
        return False
    return address.network.prefixlen == address.max_prefixlen


def _native(constant: str) -> IPAddress:
    interface = ip_interface(constant)
    return interface if "/" in constant else interface.ip


NATIVE_ADDRESSES: Final[Kind[str]] = Kind("native addresses", _native, canonical)
"""Rows hold addresses of ipaddress, and interfaces where the prefix is not of full length."""
