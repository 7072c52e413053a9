from __future__ import annotations

import keyword

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, Field, FilterSet, QueryErrors, types
from jsonapi_sieve.names import Style, check_name, check_parameters, is_member_name, spell

names = st.from_regex("[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3}){0,3}", fullmatch=True)


@pytest.mark.rule("MEM-05", "REC-01")
@pytest.mark.parametrize(
    ("name", "dash", "camel"),
    [
        ("id", "id", "id"),
        ("rows_count", "rows-count", "rowsCount"),
        ("lega_disconnect_code", "lega-disconnect-code", "legaDisconnectCode"),
        ("time_2_start", "time-2-start", "time2Start"),
    ],
)
def test_three_spellings_of_one_name(name: str, dash: str, camel: str) -> None:
    assert check_name(name) == name
    assert [spell(name, style) for style in ("dash", "underscore", "camel")] == [dash, name, camel]


@given(names)
def test_dashes_and_underscores_spell_a_name_back(name: str) -> None:
    assert spell(name, "underscore") == spell(name, "dash").replace("-", "_") == name


@given(names)
def test_camel_case_keeps_all_letters(name: str) -> None:
    camel = spell(name, "camel")
    assert camel.lower() == name.replace("_", "")
    assert camel[0].islower()


@given(names)
def test_joined_words_are_names_in_every_style(name: str) -> None:
    assume(not keyword.iskeyword(name))
    assert check_name(name) == name
    styles: tuple[Style, ...] = ("dash", "underscore", "camel")
    # JSON:API 1.1, "Member Names": letters and digits everywhere, dashes and underscores inside.
    assert all(spell(name, style).replace("-", "").replace("_", "").isalnum() for style in styles)


@pytest.mark.parametrize(
    "name",
    [
        *["", "_", "_id", "id_", "rows__count", "rows-count", "a.b", "a b"],
        *["rowsCount", "Id", "2nd", "größe", "in", "class"],
    ],
)
def test_what_cannot_name_an_attribute(name: str) -> None:
    with pytest.raises(DeclarationError, match="cannot name an attribute"):
        check_name(name)


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
INSIDE = "-_ "


@pytest.mark.rule("MEM-01", "MEM-02", "MEM-03", "MEM-04")
@pytest.mark.parametrize(("template", "allowed"), [("{}", ""), ("{}b", ""), ("a{}b", INSIDE), ("a{}", "")])
def test_every_character_of_ascii_in_a_member_name(template: str, allowed: str) -> None:
    legal = {character for character in map(chr, range(0x80)) if is_member_name(template.format(character))}
    assert legal == set(LETTERS + allowed)


@pytest.mark.rule("MEM-01", "MEM-02", "MEM-03")
@pytest.mark.parametrize(
    ("name", "legal"),
    [
        *[("", False), ("é", True), ("größe", True), ("\x80", True), ("\U0010ffff", True), ("a b", True)],
        *[("a--b_ c", True), ("a--", False), (" a", False), ("\ud800", False), ("a\udfffb", False), ("a\nb", False)],
        *[("@id", False), ("ns:name", False), ("a" * 10_000 + "-" * 10_000, False)],
    ],
)
def test_longer_member_names(name: str, legal: bool) -> None:
    assert is_member_name(name) is legal


@pytest.mark.rule("MEM-01")
def test_member_names_know_capitals_from_small_letters() -> None:
    assert is_member_name("Status")
    assert is_member_name("status")
    with pytest.raises(QueryErrors):
        CallFilters().parse("filter[Status-eq]=a")


class CallFilters(FilterSet):
    status = Field(types.Text())


@pytest.mark.rule("QRY-08", "QRY-09")
@pytest.mark.parametrize(
    "name",
    [
        *["utm_source", "camelCase", "x-1", "my_param", "v2", "é", "camelCase[a]", "x-1[]", "x-1[a.b][c-d][]"],
        *["version:id", "ns1:name[a]", "filter[old]", "filter", "filter[old][]", "Sort", "page_token"],
    ],
)
def test_parameters_that_an_application_may_have(name: str) -> None:
    check_parameters([name])


@pytest.mark.rule("QRY-08", "QRY-09")
@pytest.mark.parametrize(
    "name",
    [
        *["", "verbose", "gclid", "verbose[a]", "_", "a-", "a+b", "a.b", "camelCase[", "camelCase[a]b", "camelCase[_]"],
        *["ns:Name", "ns:", ":name", "n-s:name", "ns:a:b", "sort", "page[x]", "include", "fields[cdrs]", "filter[_]"],
        *["x-1\n", "verbose\n"],
    ],
)
def test_parameters_that_are_kept_for_the_specification(name: str) -> None:
    with pytest.raises(DeclarationError, match="cannot name a parameter of your own"):
        check_parameters(["utm_source", name])


def test_a_text_is_no_collection_of_parameters() -> None:
    with pytest.raises(TypeError, match="ignore= takes a collection of names, not the text 'utm_source'"):
        check_parameters("utm_source")
