"""The host that links begin with, and who may say what it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.integrations.origin import Origins, host_of

FORWARDED = {"host": "localhost", "x-forwarded-proto": "HTTPS", "x-forwarded-host": "evil.example, Example.org:1"}


@pytest.mark.parametrize("host", ["example.org", "example.org:8080", "127.0.0.1", "[::1]", "[::1]:65535", "a_b.c-d"])
def test_a_host_stands_as_it_was_sent(host: str) -> None:
    assert str(Origins().of("http", {"host": host.upper()})) == f"http://{host}"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "::1",
        "[::1",
        "a b",
        "a/b",
        "a@b",
        "a, b",
        "a:",
        "a:0",
        "a:080",
        "a:65536",
        "a:1:1",
        "exämple.org",
        "a\n",
        "x" * 254,
    ],
)
def test_a_host_that_is_malformed_is_refused(host: str) -> None:
    for origins in (Origins(), Origins(["localhost"]), Origins(proxies=["10.0.0.1"])):
        with pytest.raises(QueryErrors) as raised:
            origins.of("http", {"host": host}, client="10.0.0.1")
        assert (raised.value.status, raised.value.errors[0].code) == (400, "invalid-host")


def test_hosts_may_be_named() -> None:
    origins = Origins(["Example.org", "::1"])
    assert str(origins.of("https", {"host": "example.org:7"})) == "https://example.org:7"
    assert str(origins.of("https", {"host": "[::1]"})) == "https://[::1]"
    with pytest.raises(QueryErrors, match="is no host that is allowed here"):
        origins.of("https", {"host": "localhost"})


def test_without_a_host_it_is_the_address_of_the_server() -> None:
    assert str(Origins(["example.org"]).of("HTTP", {}, server=("::1", 8000))) == "http://[::1]:8000"


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("10.1.2.3", "https://example.org:1"),
        ("::ffff:10.1.2.3", "https://example.org:1"),
        ("fd00::1", "https://example.org:1"),
        ("11.1.2.3", "http://localhost"),
        ("::1", "http://localhost"),
        ("", "http://localhost"),
        ("unix:", "http://localhost"),
    ],
)
def test_a_proxy_is_believed_where_it_is_trusted(client: str, expected: str) -> None:
    origins = Origins(proxies=["10.0.0.0/8", "fd00::1"])
    assert str(origins.of("http", FORWARDED, client=client)) == expected
    assert str(Origins().of("http", FORWARDED, client=client)) == "http://localhost"
    assert str(origins.of("http", {"host": "localhost"}, client=client)) == "http://localhost"


@pytest.mark.parametrize(
    ("changed", "code", "at"),
    [
        ({"x-forwarded-proto": "https, ftp"}, "invalid-scheme", "X-Forwarded-Proto"),
        ({"x-forwarded-host": "example.org, "}, "invalid-host", "X-Forwarded-Host"),
        ({"x-forwarded-host": "other.example"}, "invalid-host", "X-Forwarded-Host"),
        ({"x-forwarded-host": "example.org, evil.example"}, "invalid-host", "X-Forwarded-Host"),
    ],
)
def test_what_a_proxy_says_is_checked(changed: Mapping[str, str], code: str, at: str) -> None:
    origins = Origins(["example.org"], proxies=["10.0.0.1"])
    with pytest.raises(QueryErrors) as raised:
        origins.of("http", {**FORWARDED, **changed}, client="10.0.0.1")
    assert [(error.status, error.code, error.at) for error in raised.value.errors] == [(400, code, at)]


@pytest.mark.parametrize("name", ["", "a b", "example.org:80", "http://example.org", "[::1", "exämple.org"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no host such as"):
        host_of(name)
