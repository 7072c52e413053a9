"""Identifiers with a spelling of their own: UUIDs and IP addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from jsonapi_sieve.types.base import Kind, Textual, unfit

__all__ = ["Address", "Uuid", "native_uuids"]

if TYPE_CHECKING:
    import uuid

    from jsonapi_sieve.types.native_addresses import IPAddress

_HEX = "[0-9A-Fa-f]"
_uuid_spelled = re.compile(f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}").fullmatch
# Longer than the longest address is none; a mask after the slash is none; a zone id cannot be written.
_address_spelled = re.compile("[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?").fullmatch


def _is_uuid(value: object) -> TypeGuard[uuid.UUID]:
    from uuid import UUID  # noqa: PLC0415  (slow to import, and needed only where such values are)

    return isinstance(value, UUID)


@lru_cache(maxsize=1)
def native_uuids() -> Kind[str]:
    """Give the kind of rows that hold uuid.UUID."""
    from uuid import UUID  # noqa: PLC0415

    return Kind("native UUIDs", UUID, str)


class Uuid(Textual["str | uuid.UUID"]):
    """UUIDs in the form of RFC 9562. Constants are text in lower case, and compare as such.

    >>> Uuid().parse("4ADA4B3C-1F6E-4B1A-9C7E-3F1F6B7F1A2B")
    '4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b'
    """

    __slots__ = ()

    name: ClassVar[str] = "uuid"
    python: ClassVar[str] = "str or uuid.UUID"

    @property
    def expected(self) -> str:
        return "a UUID such as 123e4567-e89b-12d3-a456-426614174000"

    def parse(self, text: str) -> str:
        if _uuid_spelled(text):
            return text.lower()
        raise self._refusal()

    def accept(self, value: str | uuid.UUID) -> str:
        if not isinstance(value, str) and _is_uuid(value):
            return str(value)
        return super().accept(value)

    def kind(self, sample: object) -> Kind[str]:
        if not isinstance(sample, str):
            if _is_uuid(sample):
                return native_uuids()
        elif not self._is_constant(sample):
            raise unfit(self, "text", "UUIDs in lower case", "store them so, or declare types.Text()")
        return super().kind(sample)


class Address(Textual["str | IPAddress"]):
    """IP addresses, with or without the length of a network prefix, as PostgreSQL's INET. Constants are text.

    The canonical text is that of RFC 5952; an IPv4-mapped address ends in dots, and a prefix of full length is left
    out. Netmasks, hostmasks and zone ids are refused.

    >>> Address().parse("2001:DB8:0::1"), Address().parse("10.1.2.3/8"), Address().parse("::ffff:a00:1/128")
    ('2001:db8::1', '10.1.2.3/8', '::ffff:10.0.0.1')
    """

    __slots__ = ()

    name: ClassVar[str] = "address"
    python: ClassVar[str] = "str or an address or interface of ipaddress"

    @property
    def expected(self) -> str:
        return "an IP address such as 10.0.0.1, 10.0.0.0/8 or 2001:db8::1"

    def parse(self, text: str) -> str:
        if not _address_spelled(text):
            raise self._refusal()
        from jsonapi_sieve.types.native_addresses import canonical  # noqa: PLC0415  (as above)

        try:
            return canonical(text)
        except ValueError:
            raise self._refusal() from None

    def accept(self, value: str | IPAddress) -> str:
        if not isinstance(value, str):
            from jsonapi_sieve.types.native_addresses import is_address  # noqa: PLC0415

            if is_address(value):
                return self.parse(str(value))
        return super().accept(value)

    def kind(self, sample: object) -> Kind[str]:
        from jsonapi_sieve.types.native_addresses import (  # noqa: PLC0415
            NATIVE_ADDRESSES,
            is_address,
            is_host_interface,
        )

        if is_address(sample):
            if is_host_interface(sample):
                # It is unequal to the same host as an address, which is what drivers of databases give.
                held = f"hosts as {type(sample).__name__}"
                raise unfit(self, held, "addresses for hosts and interfaces for other prefixes", "store their .ip")
            return NATIVE_ADDRESSES
        if isinstance(sample, str) and not self._is_constant(sample):
            raise unfit(self, "text", "canonical IP addresses", "store them so, or declare types.Text()")
        return super().kind(sample)
