from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.links import form_encode, links_start, own_link, page_links, resolve
from jsonapi_sieve.uris import is_uri_reference


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("/cdrs", "/cdrs?page%5Bsize%5D=5"),
        ("", "?page%5Bsize%5D=5"),
        ("/cdrs?", "/cdrs?page%5Bsize%5D=5"),
        ("/cdrs?page[size]=9&page%5Bnumber%5d=2&page[]=", "/cdrs?page%5Bsize%5D=5"),
        ("/cdrs?pages=1&page=2&Page[size]=3", "/cdrs?pages=1&page=2&Page%5Bsize%5D=3&page%5Bsize%5D=5"),
        ("http://[::1]:80/cdrs?a=1#b?c=2", "http://[::1]:80/cdrs?a=1&page%5Bsize%5D=5"),
        ("/cdrs#b?c=2", "/cdrs?page%5Bsize%5D=5"),
        ("/cdrs?b=2&page[size]=1&a=1", "/cdrs?b=2&a=1&page%5Bsize%5D=5"),
        ("/cdrs?&&a=&b&=c&", "/cdrs?a=&b=&=c&page%5Bsize%5D=5"),
        ("/cdrs?a=x?y=z;w", "/cdrs?a=x%3Fy%3Dz%3Bw&page%5Bsize%5D=5"),
        ("/cdrs?a=%C3%A9é+%20", "/cdrs?a=%C3%A9%C3%A9++&page%5Bsize%5D=5"),
        ("/cdrs?a=%FF%zz", "/cdrs?a=%EF%BF%BD%25zz&page%5Bsize%5D=5"),
    ],
)
def test_a_link_keeps_all_but_the_page(url: str, link: str) -> None:
    assert page_links(url, {"first": {"size": 5}}) == {"first": link}


@pytest.mark.rule("DOC-07")
@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("", ""),
        ("/cdrs", "/cdrs"),
        ("/cdrs?", "/cdrs"),
        ("/cdrs#top", "/cdrs"),
        ("/cdrs?page[size]=9&sort=a,b&page%5Bnumber%5d=2", "/cdrs?page%5Bsize%5D=9&sort=a%2Cb&page%5Bnumber%5D=2"),
        ("http://[::1]:80/cdrs?include=#b?c=2", "http://[::1]:80/cdrs?include="),
        ("/cdrs?&&a&b=é+%20", "/cdrs?a=&b=%C3%A9++"),
        ('/cdrs/a|b"[c]%zz%2Fé ~(1)?x', "/cdrs/a%7Cb%22%5Bc%5D%25zz%2F%C3%A9%20~(1)?x="),
        ("http://[::1]:80/a[b]:c@d", "http://[::1]:80/a%5Bb%5D:c@d"),
        ("/a-._~!$&'()*+,;=:@b/%41?", "/a-._~!$&'()*+,;=:@b/%41"),
        ("/\ud800", "/%3F"),
    ],
)
def test_a_document_links_to_itself_with_all_parameters(url: str, link: str) -> None:
    assert own_link(url) == link
    assert own_link(link) == link
    assert is_uri_reference(link)
    assert page_links(url, {"first": {}})["first"].startswith(link.partition("?")[0])


@pytest.mark.rule("LNK-01")
@given(st.text(), st.text())
def test_links_are_uris_whatever_was_asked(path: str, query: str) -> None:
    for url in (f"/a{path}?{query}", f"http://[::1]:80/{path}?{query}"):
        assert is_uri_reference(own_link(url))
        assert is_uri_reference(page_links(url, {"first": {"size": 1}})["first"])


def test_links_are_those_of_the_pages_in_order() -> None:
    links = page_links("/cdrs?a=1", {"prev": {"after": "x y"}, "next": {"number": 2, "size": 5}})
    assert list(links.items()) == [
        ("prev", "/cdrs?a=1&page%5Bafter%5D=x+y"),
        ("next", "/cdrs?a=1&page%5Bnumber%5D=2&page%5Bsize%5D=5"),
    ]


_snippets = st.sampled_from(
    [*"ab=&+%[],:~* \n\0é", "%5B", "%5b", "%41", "%20", "%2A", "%2B", "%C3%A9", "%FF", "page[", "&&"]
)


@given(st.lists(_snippets | st.characters(max_codepoint=127), max_size=12).map("".join) | st.text())
@example("%".join(f"{code:02X}=" for code in range(256)))
@example("".join(map(chr, range(128))))
def test_a_query_is_written_as_the_form_parser_and_serializer_do(text: str) -> None:
    query = text.replace("#", "")
    pairs = parse_qsl(query, keep_blank_values=True)
    written = form_encode(pairs)
    assert own_link(f"/cdrs?{query}") == (f"/cdrs?{written}" if query else "/cdrs")
    kept = form_encode([pair for pair in pairs if not pair[0].startswith("page[")])
    assert links_start(f"/cdrs?{query}") == (f"/cdrs?{kept}&" if kept else "/cdrs?")


@pytest.mark.parametrize("code", range(256))
def test_each_escape_is_kept_or_written_anew(code: int) -> None:
    for escape in (f"%{code:02X}", f"%{code:02x}"):
        assert own_link(f"/cdrs?a={escape}") == f"/cdrs?{form_encode(parse_qsl(f'a={escape}'))}"


def test_every_ascii_character_is_written_as_the_form_serializer_does() -> None:
    for code in range(128):
        character = chr(code)
        plain = character.isalnum() or character in "*-._"
        expected = "+" if character == " " else character if plain else f"%{code:02X}"
        assert form_encode([(character, character)]) == f"{expected}={expected}"


def test_a_lone_surrogate_does_no_harm() -> None:
    assert form_encode([("\ud800", "é")]) == "%3F=%C3%A9"
    assert page_links("/cdrs?a=\udfff", {"first": {}}) == {"first": "/cdrs?a=%3F&"}


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_is_encoded_is_decoded_by_us_and_by_others(pairs: list[tuple[str, str]]) -> None:
    encoded = form_encode(pairs)
    assert encoded.isascii()
    assert parse_qsl(encoded, keep_blank_values=True) == pairs
    if not any("\0" in text for pair in pairs for text in pair):
        assert [(decode(key), decode(value)) for key, value in split_query(encoded)] == pairs


@pytest.mark.parametrize(
    ("url", "reference", "resolved"),
    [
        ("http://example.org/api?a=1", "/cdrs/8", "http://example.org/cdrs/8"),
        ("https://example.org:8443", "/", "https://example.org:8443/"),
        ("HTTP://[::1]:80?a=/b", "/cdrs/8?x=1#y", "HTTP://[::1]:80/cdrs/8?x=1#y"),
        ("http://example.org#a", "/cdrs", "http://example.org/cdrs"),
        ("http://example.org/api", "//evil.example/cdrs", "//evil.example/cdrs"),
        ("http://example.org/api", "cdrs/8", "cdrs/8"),
        ("http://example.org/api", "", ""),
        ("http://example.org/api", "https://files.example.org/8", "https://files.example.org/8"),
        ("/api/cdrs", "/cdrs/8", "/cdrs/8"),
        ("//example.org/cdrs", "/cdrs/8", "/cdrs/8"),
        ("", "/cdrs/8", "/cdrs/8"),
        ("mailto:x@example.org", "/cdrs/8", "/cdrs/8"),
    ],
)
def test_a_reference_from_the_root_gets_the_origin(url: str, reference: str, resolved: str) -> None:
    assert resolve(url, reference) == resolved
