from __future__ import annotations

import keyword

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError
from jsonapi_sieve.names import Style, check_name, spell

names = st.from_regex("[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3}){0,3}", fullmatch=True)


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
