from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.conditional import entity_tag, is_current
from jsonapi_sieve.negotiation import MEDIA_TYPE
from tests.cpu import at_once

TAG = '"abc"'


@pytest.mark.rule("FET-05")
def test_a_tag_is_strong_and_tells_bodies_and_media_types_apart() -> None:
    tags = [
        entity_tag(b"{}"),
        entity_tag(b"{} "),
        entity_tag(b""),
        entity_tag(b"{}", f'{MEDIA_TYPE}; profile="https://a.org"'),
        entity_tag(b"json\n{}", "application/vnd.api+"),
    ]
    assert len(set(tags)) == len(tags)
    assert all(re.fullmatch('"[0-9a-f]{32}"', tag) for tag in tags)
    assert entity_tag(b"{}", MEDIA_TYPE) == entity_tag(b"{}") == entity_tag(b"{}")


@pytest.mark.rule("FET-05")
@pytest.mark.parametrize(
    "header",
    [
        TAG,
        f"W/{TAG}",
        f'"x", {TAG}',
        f'{TAG},"x"',
        f'"x",W/"y" , ,\t{TAG}, ',
        f" {TAG}\t",
        f'"", {TAG}',
        f'"a,b", {TAG}',
        f'"\xff", {TAG}',
        f'W/"W/", {TAG}',
        f'"x\\", {TAG}',
        "*",
        " *\t",
    ],
)
def test_who_has_a_document_says_so(header: str) -> None:
    assert is_current(header, TAG)


@pytest.mark.rule("FET-05")
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        ",",
        '"ab"',
        '"ABC"',
        '""',
        "abc",
        f"w/{TAG}",
        f"W /{TAG}",
        f"x{TAG}",
        f"{TAG}x",
        f"{TAG}; q=1",
        f'{TAG}, "x',
        f'"x y", {TAG}',
        f"{TAG}\n",
        f"*, {TAG}",
        "**",
        f'"{TAG}"',
        "W/*",
        f'"{"x" * 16_400}", {TAG}',
    ],
)
def test_who_does_not_have_it_or_says_what_is_none(header: str | None) -> None:
    assert not is_current(header, TAG)


@pytest.mark.rule("FET-05")
def test_a_weak_tag_of_ones_own_is_compared_weakly_too() -> None:
    assert is_current('W/"abc"', 'W/"abc"')
    assert is_current('"abc"', 'W/"abc"')
    assert not is_current('"W/abc"', 'W/"abc"')


@pytest.mark.parametrize("unit", ['"', '""', '"a",', "W/", 'W/"', ",", " ", "\\", "*", '"a" ', '"a'])
def test_long_headers_are_judged_at_once(unit: str) -> None:
    with at_once():
        for length in (16_384, 1_000_000):
            is_current(unit * (length // len(unit)), TAG)


@given(st.text() | st.text('W/", *ab').map(TAG.__add__))
def test_any_header_is_judged(header: str) -> None:
    assert is_current(header, TAG) in (True, False)
