"""Media types are read as they are sent, well-formed or not, in a time that grows with their length."""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing.conformance.media_types import MediaType, Parameter, media_type
from tests.cpu import at_once


@pytest.mark.parametrize(
    ("header", "parameters"),
    [
        ("a/b", ()),
        (" A/B ; X=y ", (Parameter("x", "y", False),)),
        ('a/b;ext="u v";q=1', (Parameter("ext", "u v", True), Parameter("q", "1", False))),
        ('a/b;x="\\"\\\\"', (Parameter("x", '"\\', True),)),
        ("a/b;ext=https://example.com/x", (Parameter("ext", "https://example.com/x", False),)),
        ('a/b;x=""', (Parameter("x", "", True),)),
    ],
)
def test_media_types_are_read(header: str, parameters: tuple[Parameter, ...]) -> None:
    assert media_type(header) == MediaType("a/b", parameters)


@pytest.mark.parametrize("header", ["", "a", "a/", "a/b;", "a/b;x", 'a/b;x="', 'a/b;x="y"z', "a b/c"])
def test_what_is_no_media_type_is_none(header: str) -> None:
    assert media_type(header) is None


@pytest.mark.parametrize("part", [" ", ";x=", '"', "\\", ";x= ", ';x="', "/", '\\"'])
def test_length_costs_what_it_weighs(part: str) -> None:
    with at_once(3):
        for begin in ("a/b", "a/b;x=", 'a/b;x="'):
            media_type(f'{begin}{part * 100_000}"')
