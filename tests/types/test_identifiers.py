from __future__ import annotations

import enum
import ipaddress
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.testing.strategies.values import SPELLED_ADDRESSES as ADDRESSES
from jsonapi_sieve.types import InvalidValue
from jsonapi_sieve.types.base import TEXT
from jsonapi_sieve.types.identifiers import native_uuids
from jsonapi_sieve.types.native_addresses import NATIVE_ADDRESSES

UUID = types.Uuid()
ADDRESS = types.Address()
EXAMPLE = "4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b"


class Known(str, enum.Enum):  # noqa: UP042  (its str() is not its value)
    UPPER = EXAMPLE.upper()


@pytest.mark.parametrize("text", [EXAMPLE, EXAMPLE.upper(), EXAMPLE.capitalize(), Known.UPPER])
def test_uuid_spellings(text: str) -> None:
    for take in (UUID.parse, UUID.load, UUID.accept):
        assert take(text) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        *[f"{{{EXAMPLE}}}", f"urn:uuid:{EXAMPLE}", EXAMPLE.replace("-", ""), EXAMPLE[:-1], EXAMPLE + "0"],
        *[f" {EXAMPLE}"],
        *[
            f"{EXAMPLE}\n",
            EXAMPLE.replace("4", "\uff14"),
            EXAMPLE.replace("a", "g"),
            EXAMPLE.replace("-", "_"),
            "-" * 36,
        ],
        *[EXAMPLE[1:9] + EXAMPLE[0] + EXAMPLE[9:], "4ada4b3c1f6e-4b1a-9c7e-3f1f-6b7f1a2b", "1", "null", "\0" + EXAMPLE],
    ],
)
def test_uuid_refusals(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^is not a UUID such as 123e4567-e89b-12d3-a456-426614174000$"):
        UUID.parse(text)


@given(st.uuids(allow_nil=True))
def test_uuids_of_python(value: uuid.UUID) -> None:
    constant = UUID.accept(value)
    assert constant == str(value)
    kind = UUID.kind(value)
    assert kind is native_uuids()
    assert kind.convert is not None
    assert kind.convert(constant) == value


def test_uuid_rows() -> None:
    assert UUID.kind(EXAMPLE) is TEXT
    for sample in (EXAMPLE.upper(), EXAMPLE.replace("-", ""), "", "abc"):
        with pytest.raises(
            TypeError, match=r"hold text where .* expects UUIDs in lower case: store them so, or declare"
        ):
            UUID.kind(sample)
    with pytest.raises(
        TypeError, match=r"hold int values where Uuid\(\) expects str or uuid.UUID: declare types.Integer"
    ):
        UUID.kind(1)
    with pytest.raises(TypeError, match=r"Uuid\(\) takes str or uuid.UUID, not bytes"):
        UUID.accept(b"x" * 16)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        *[("10.0.0.1", "10.0.0.1"), ("10.0.0.1/32", "10.0.0.1"), ("10.1.2.3/8", "10.1.2.3/8")],
        *[("0.0.0.0/0", "0.0.0.0/0")],
        *[("10.0.0.0/08", "10.0.0.0/8"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::/0", "::/0")],
        *[("2001:DB8:0:0:0::1", "2001:db8::1"), ("2001:db8::1/128", "2001:db8::1")],
        *[("2001:db8::1/64", "2001:db8::1/64")],
        *[("::ffff:1.2.3.4", "::ffff:1.2.3.4"), ("::FFFF:102:304", "::ffff:1.2.3.4"), ("::1.2.3.4", "::102:304")],
        *[("::ffff:1.2.3.4/128", "::ffff:1.2.3.4"), ("::ffff:1.2.3.4/96", "::ffff:1.2.3.4/96")],
        *[("1:0:0:2::", "1:0:0:2::")],
        ("0000:0000:0000:0000:0000:ffff:255.255.255.255", "::ffff:255.255.255.255"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_address_spellings(text: str, constant: str) -> None:
    assert ADDRESS.parse(text) == ADDRESS.load(text) == ADDRESS.accept(text) == ADDRESS.parse(constant) == constant


@pytest.mark.parametrize(
    "text",
    [
        *["127.1", "127", "2130706433", "0x7f000001", "0127.0.0.1", "1.2.3.4.5", "1.2.3.256", "1.2.3.4/33", "::/129"],
        *["::1%eth0", "fe80::1%1/64", "1.2.3.4/255.255.255.0", "1.2.3.4/0.0.0.255", "1.2.3.4/", "1.2.3.4/-1"],
        *["1.2.3.4/+8"],
        *["1.2.3.4/\u0663", "\u0661.2.3.4", " 1.2.3.4", "1.2.3.4\n", "1.2.3.4/8/8", "[::1]", ":::", "1::2::3"],
        *["12345::", "/8", "::/"],
        *["localhost", "1.2.3.4:80", "::ffff:1.2.3.04", "1.2.3.4/0000", "0" * 5000, "::1/" + "0" * 5000],
    ],
)
def test_address_refusals(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^is not an IP address such as 10.0.0.1, 10.0.0.0/8 or 2001:db8::1$"):
        ADDRESS.parse(text)


@given(ADDRESSES)
def test_addresses_of_python(text: str) -> None:
    constant = ADDRESS.parse(text)
    interface = ipaddress.ip_interface(text)
    assert ADDRESS.accept(interface) == constant
    if interface.network.prefixlen == interface.max_prefixlen:
        assert ADDRESS.accept(interface.ip) == constant
        expected = interface.ip
    else:
        expected = interface
    assert ADDRESS.kind(expected) is NATIVE_ADDRESSES
    assert NATIVE_ADDRESSES.convert is not None
    native = NATIVE_ADDRESSES.convert(constant)
    assert native == expected
    assert type(native) is type(expected)


def test_address_rows() -> None:
    assert ADDRESS.kind("10.0.0.1") is ADDRESS.kind("::ffff:1.2.3.4") is TEXT
    for sample in ("10.0.0.1/32", "2001:DB8::1", "::ffff:102:304", "", "abc"):
        with pytest.raises(
            TypeError, match=r"hold text where .* expects canonical IP addresses: store them so, or declare"
        ):
            ADDRESS.kind(sample)
    for host in ("10.0.0.1/32", "2001:db8::1/128"):
        with pytest.raises(
            TypeError, match=r"hold hosts as IPv\dInterface where Address\(\) expects .*: store their \.ip$"
        ):
            ADDRESS.kind(ipaddress.ip_interface(host))
    for other in (1, ipaddress.ip_network("10.0.0.0/8")):
        with pytest.raises(TypeError, match=r"expects str or an address or interface of ipaddress"):
            ADDRESS.kind(other)
        with pytest.raises(TypeError, match=r"Address\(\) takes str or an address or interface of ipaddress, not"):
            ADDRESS.accept(other)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"is not an IP address"):
        ADDRESS.accept(ipaddress.ip_address("fe80::1%eth0"))
