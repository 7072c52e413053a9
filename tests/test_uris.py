from __future__ import annotations

import pytest

from jsonapi_sieve.uris import is_language_tag, is_relation_type, is_uri, is_uri_reference

URIS = [
    "https://example.com",
    "http://user:pw@example.com:8080/a/b;c=1?x=1&y=%C3%BC#part/2?",
    "http://[2001:db8::7]:80/",
    "http://[v1.fe:a]",
    "http:///a",
    "urn:isbn:0451450523",
    "mailto:a@example.com",
    "a:",
    "x+y.z-1:b",
]
RELATIVE = [
    "",
    "/",
    "a",
    "./a:b",
    "../a",
    "//example.com/a",
    "//example.com:/",
    "?a=1:2",
    "#a:b",
    "/a:b",
    "a/b:c",
    "a@b",
]
NEITHER = [
    *["two words", "/ü", "/a%2", "/a%GG", "/a\n", "/a\\b", "/a|b", "/{id}", "/?a[b]=1", "/#a#b", "/<a>", '/"a"', "/^"],
    *["1:a", ":a", "é:a", "a b:c", "http://[::1", "http://[::1]a", "http://a:b/", "http://a@b@c", "//a[b]"],
    *[None, 8, True, ["/"], {"href": "/"}],
]


@pytest.mark.parametrize("value", URIS)
def test_uris(value: object) -> None:
    assert is_uri(value)
    assert is_uri_reference(value)
    assert is_relation_type(value)


@pytest.mark.parametrize("value", RELATIVE)
def test_relative_references(value: object) -> None:
    assert is_uri_reference(value)
    assert not is_uri(value)


@pytest.mark.parametrize("value", NEITHER)
def test_neither(value: object) -> None:
    assert not is_uri_reference(value)
    assert not is_uri(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("next", True), ("x1.y-z", True), ("", False), ("Next", False), ("1st", False), ("a b", False), (1, False)],
)
def test_relation_types(value: object, expected: bool) -> None:
    assert is_relation_type(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[("en", True), ("de-CH-1996", True), ("x-whatever", True), ("i-klingon", True)],
        *[
            ("", False),
            ("en-", False),
            ("en_US", False),
            ("1e", False),
            ("abcdefghi", False),
            ("è", False),
            (None, False),
        ],
    ],
)
def test_language_tags(value: object, expected: bool) -> None:
    assert is_language_tag(value) is expected
