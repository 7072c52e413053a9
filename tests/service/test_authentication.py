"""Who may ask: one answer to whatever is wrong with a token, and before anything else of the API is looked at."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from jsonapi_sieve.service import Tokens
from tests.service.running import MEDIA_TYPE, ROOT, SIGNED_BY, TOKENS, Service, errors_of, service_of

CDRS = f"{ROOT}/cdrs"
FOREIGN = Tokens("another secret, which the service does not know")


def signed(**claims: Any) -> str:
    return jwt.encode({"sub": "1", "aud": ["customer-v1"]} | claims, SIGNED_BY, "HS256")


def unsigned(header: object) -> str:
    parts = (json.dumps(part).encode() for part in (header, {"sub": "1", "aud": "customer-v1"}))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


GOOD = {
    "number": signed(sub=1),
    "text": signed(sub="1"),
    "audience as text": signed(aud="customer-v1"),
    "one of several audiences": signed(aud=["other", "customer-v1"]),
    "not yet expired": TOKENS.issue("customer-v1", 1, timedelta(hours=1)),
    "with Bearer": f"Bearer {signed()}",
    "with bearer in lower case": f"bearer {signed()}",
    "time of making": signed(iat=1_700_000_000),
}
BAD = {
    "empty": "",
    "no token": "abc",
    "scheme only": "Bearer",
    "another scheme": f"Basic {signed()}",
    "another secret": FOREIGN.issue("customer-v1", 1),
    "another API": TOKENS.issue("did-v3", 1),
    "no audience": jwt.encode({"sub": "1"}, SIGNED_BY, "HS256"),
    "expired": TOKENS.issue("customer-v1", 1, timedelta(hours=-1)),
    "expiry that is no number": signed(exp="soon"),
    "endless expiry": signed(exp=float("inf")),
    "expiry as a list": signed(exp=[1]),
    "no subject": jwt.encode({"aud": "customer-v1"}, SIGNED_BY, "HS256"),
    "subject of text": signed(sub="D"),
    "negative subject": signed(sub=-1),
    "subject with a fraction": signed(sub=1.0),
    "boolean subject": signed(sub=True),
    "full-width subject": signed(sub="１"),  # noqa: RUF001
    "null subject": signed(sub=None),
    "object subject": signed(sub={"id": 1}),
    "endless subject": signed(sub="1" * 100),
    "algorithm none": unsigned({"alg": "none", "typ": "JWT"}),
    "another algorithm": jwt.encode({"sub": "1", "aud": "customer-v1"}, SIGNED_BY * 2, "HS512"),
    "header without algorithm": unsigned({}),
    "header that is a list": unsigned([]),
    "deep header": base64.urlsafe_b64encode(b'{"alg":' + b"[" * 2_500).decode().rstrip("=") + ".e30.",
    "broken signature": signed()[:-4],
    "without dots": signed().replace(".", ""),
    "several tokens": f"{signed()}, {signed()}",
    "blank inside": signed().replace(".", ". "),
    "long": "a" * 60_000,
    "long and well formed": signed(padding="x" * 10_000),
}


def ask(service: Service, path: str, headers: dict[str, str], method: str = "GET") -> httpx.Response:
    return service.client.request(method, service.url + path, headers=headers)


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD)
def test_good_tokens_are_taken(service: Service, token: str) -> None:
    assert ask(service, f"{CDRS}/8", {"Authorization": token}).status_code == 200


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_all_bad_tokens_get_one_answer(service: Service, token: str) -> None:
    missing = ask(service, f"{CDRS}/8", {})
    (error,) = errors_of(missing, 401)
    assert (error["code"], error["source"]) == ("unauthorized", {"header": "Authorization"})
    refused = ask(service, f"{CDRS}/8", {"Authorization": token})
    assert (refused.status_code, refused.content) == (missing.status_code, missing.content)
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_header_that_is_sent_twice_is_none(service: Service) -> None:
    response = service.client.get(f"{service.url}{CDRS}/8", headers=[("Authorization", signed())] * 2)
    errors_of(response, 401)


def test_the_two_apis_take_no_tokens_of_each_other(service: Service) -> None:
    path = "/v3/cdr_exports"
    assert ask(service, path, {"Api-Key": TOKENS.issue("did-v3", 1)}).status_code == 200
    for headers in (
        {"Api-Key": TOKENS.issue("customer-v1", 1)},
        {"Authorization": TOKENS.issue("did-v3", 1)},
        {"Authorization": TOKENS.issue("customer-v1", 1)},
        {},
    ):
        response = ask(service, path, headers)
        (error,) = errors_of(response, 401)
        assert error["source"] == {"header": "Api-Key"}
        assert response.headers["www-authenticate"] == "Api-Key"
    errors_of(ask(service, CDRS, {"Api-Key": TOKENS.issue("did-v3", 1)}), 401)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", f"{ROOT}/nothing", {}),
        ("GET", ROOT + "/", {}),
        ("DELETE", CDRS, {}),
        ("GET", CDRS, {"Accept": "text/html"}),
        ("POST", f"{ROOT}/cdr-exports", {"Content-Type": "text/html"}),
        ("GET", f"{CDRS}?nonsense=1", {}),
        ("GET", f"{CDRS}/8", {"Accept": MEDIA_TYPE}),
    ],
)
def test_nothing_else_of_an_api_is_told_to_strangers(
    service: Service, method: str, path: str, headers: dict[str, str]
) -> None:
    errors_of(ask(service, path, headers, method), 401)


def test_a_customer_without_rows_has_empty_listings(service: Service) -> None:
    for customer in (3, 2**31, 10**18 - 1):
        document = service.get(f"{CDRS}?filter[time-start-gteq]=2000-01-01", customer).json()
        assert (document["data"], document["meta"]) == ([], {"total-count": 0})


def test_requests_without_a_token_are_those_of_the_anonymous_customer(service: Service) -> None:
    with service_of(service.engine, anonymous=2) as open_service:
        (account, *_) = ask(open_service, f"{ROOT}/accounts", {}).json()["data"]
        assert account["attributes"]["name"] == "Blue Harbour hotline"
        assert ask(open_service, "/v3/cdr_exports", {}).status_code == 200
        errors_of(ask(open_service, f"{CDRS}/8", {}), 404)
        assert ask(open_service, f"{CDRS}/8", {"Authorization": signed()}).status_code == 200
        errors_of(ask(open_service, f"{CDRS}/8", {"Authorization": "abc"}), 401)
