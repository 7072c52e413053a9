"""The host that links begin with, and who may say what it is."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest

from jsonapi_sieve.service import host_of
from tests.service.running import ROOT, TOKENS, Service, errors_of, request, service_of

PATH = f"{ROOT}/cdrs/8"


def self_link(service: Service, **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    document = service.get(PATH, headers=sent).json()
    return str(document["data"]["links"]["self"]).removesuffix(PATH)


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:8080", "localhost:1", "127.0.0.1", "[::1]", "[::1]:65535"]
)
def test_links_begin_with_the_host_that_the_client_used(service: Service, host: str) -> None:
    assert self_link(service, Host=host) == f"http://{host}"
    listing = service.get(f"{ROOT}/cdr-exports?page[size]=1", headers={"Host": host}).json()
    assert {link.partition("/api/")[0] for link in listing["links"].values()} == {f"http://{host}"}


def test_hosts_have_no_case(service: Service) -> None:
    assert self_link(service, Host="EXAMPLE.org") == "http://example.org"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "example.org.evil.example",
        "example.org:80:80",
        "example.org:",
        "example.org:x",
        "example.org:0",
        "example.org:080",
        "example.org:65536",
        "example.org:99999",
        "example.org/path",
        "user@example.org",
        "example.org, evil.example",
        "",
        "::1",
        "[::1",
        "exämple.org",
    ],
)
def test_other_hosts_are_refused_before_anything_else(service: Service, host: str) -> None:
    for path in (PATH, "/nothing"):
        response = service.client.get(service.url + path, headers=[(b"Host", host.encode("latin-1"))])
        (error,) = errors_of(response, 400)
        assert (error["code"], error["source"]) == ("invalid-host", {"header": "Host"})


def test_what_a_proxy_says_counts_only_where_it_is_trusted(service: Service) -> None:
    said = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "example.org", "Host": "localhost"}
    assert self_link(service, **said) == "http://localhost"
    options = {"hosts": {"localhost", "example.org"}}
    with service_of(service.engine, proxies=[ip_network("10.0.0.0/8")], **options) as elsewhere:
        assert self_link(elsewhere, **said) == "http://localhost"
    with service_of(service.engine, proxies=[ip_network("10.0.0.0/8"), ip_network("127.0.0.1")], **options) as behind:
        assert self_link(behind, **said) == "https://example.org"
        assert self_link(behind, Host="localhost") == "http://localhost"
        assert (
            self_link(behind, **said | {"X_Forwarded_Host": "evil.example, example.org:1"}) == "https://example.org:1"
        )
        assert self_link(behind, **said | {"X_Forwarded_Proto": "http, HTTPS"}) == "https://example.org"
        for header, value, code in (
            ("X-Forwarded-Host", "evil.example", "invalid-host"),
            ("X-Forwarded-Host", "example.org, evil.example", "invalid-host"),
            ("X-Forwarded-Proto", "ftp", "invalid-scheme"),
        ):
            response = behind.get(PATH, headers={"Host": "localhost", header: value})
            (error,) = errors_of(response, 400)
            assert (error["code"], error["source"]) == (code, {"header": header})


def test_http_1_0_needs_no_host(service: Service) -> None:
    token = TOKENS.issue("customer-v1", 1).encode()
    status, _, body = service.raw(b"GET " + PATH.encode() + b" HTTP/1.0\r\nAuthorization: " + token + b"\r\n\r\n")
    assert status == 200
    assert f'"http://127.0.0.1:{service.port}{PATH}"'.encode() in body


@pytest.mark.parametrize("host", ["evil.example", "example.org"])
@pytest.mark.parametrize("origin", ["http://localhost:7", "HTTP://LocalHost:7", "https://localhost:7"])
def test_the_authority_of_a_target_stands_for_the_host(service: Service, origin: str, host: str) -> None:
    headers = service.headers(PATH) | {"Host": host, "Connection": "close"}
    status, _, body = service.raw(request(f"GET {origin}{ROOT}/accounts?page[size]=1 HTTP/1.1", headers))
    links = json.loads(body)["links"].values()
    assert (status, {link.partition("?")[0] for link in links}) == (200, {f"http://localhost:7{ROOT}/accounts"})
    assert service.raw(request(f"GET {origin}?x=1 HTTP/1.1", headers))[0] == 404


@pytest.mark.parametrize("authority", ["evil.example", "", "user@localhost", "local%68ost", "localhost:80:80"])
def test_the_authority_of_a_target_is_checked(service: Service, authority: str) -> None:
    headers = service.headers(PATH) | {"Host": "localhost", "Connection": "close"}
    status, _, body = service.raw(request(f"GET http://{authority}{PATH} HTTP/1.1", headers))
    assert (status, json.loads(body)["errors"][0]["code"]) == (400, "invalid-host")


@pytest.mark.parametrize("name", ["", "a b", "example.org:80", "http://example.org", "[::1", "exämple.org"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no host such as"):
        host_of(name)
