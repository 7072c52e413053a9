from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.methods import Address, check_method

ADDRESSES: list[Address] = ["collection", "resource", "related", "relationship"]


def refused(method: str, address: Address, supported: list[str]) -> QueryErrors:
    with pytest.raises(QueryErrors) as raised:
        check_method(method, address, supported)
    return raised.value


@pytest.mark.rule("FET-05")
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_supported_is_let_through_and_head_with_get(address: Address) -> None:
    check_method("GET", address)
    check_method("HEAD", address)
    check_method("POST", address, ["POST"])
    check_method("PATCH", address, ["GET", "PATCH"])


@pytest.mark.rule("UPD-06", "UPD-04", "REL-03", "REL-05", "REL-06")
@pytest.mark.parametrize(
    ("method", "address"),
    [("PATCH", "resource"), ("PATCH", "relationship"), ("POST", "relationship"), ("DELETE", "relationship")],
)
def test_updates_that_are_not_supported_are_forbidden(method: str, address: Address) -> None:
    errors = refused(method, address, ["GET"])
    assert errors.status == 403
    assert [error.to_dict() for error in errors.errors] == [
        {
            "status": "403",
            "code": "unsupported-update",
            "title": "Unsupported update",
            "detail": f"'{method}' is not supported here; GET and HEAD are.",
            "meta": {"allowed": ["GET", "HEAD"]},
        }
    ]


@pytest.mark.rule("CRE-12", "DEL-01", "FET-05")
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "collection"),
        ("PATCH", "collection"),
        ("DELETE", "collection"),
        ("DELETE", "resource"),
        ("POST", "resource"),
        ("PUT", "resource"),
        ("PATCH", "related"),
        ("OPTIONS", "relationship"),
        ("get", "resource"),
        ("BREW", "related"),
    ],
)
def test_other_methods_are_not_allowed(method: str, address: Address) -> None:
    errors = refused(method, address, ["GET"])
    (error,) = errors.errors
    assert (errors.status, errors.headers) == (405, {"Allow": "GET, HEAD"})
    assert (error.code, error.meta) == ("method-not-allowed", {"allowed": ["GET", "HEAD"]})


@pytest.mark.parametrize(
    ("supported", "allowed", "told"),
    [
        ([], "", "nothing is."),
        (["POST"], "POST", "POST is."),
        (["POST", "DELETE"], "DELETE, POST", "DELETE and POST are."),
        (["POST", "GET"], "GET, HEAD, POST", "GET, HEAD and POST are."),
    ],
)
def test_what_is_allowed_is_told(supported: list[str], allowed: str, told: str) -> None:
    errors = refused("PUT", "resource", supported)
    assert errors.headers == {"Allow": allowed}
    assert errors.errors[0].detail == f"'PUT' is not supported here; {told}"


def test_a_text_is_no_collection_of_methods() -> None:
    with pytest.raises(TypeError, match="a collection, not the text 'GET'"):
        check_method("GET", "resource", "GET")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_address_of_an_unknown_kind_is_refused(method: str) -> None:
    address: Any = "item"
    with pytest.raises(ValueError, match="'item' is no kind of address; there are collection, resource, related, rel"):
        check_method(method, address)
