"""URLs in documents: the links of pages, which keep what the client asked for, and references made absolute.

Links are written by the form serializer of the WHATWG URL standard ("application/x-www-form-urlencoded serializing", as
JSON:API 1.1, "Query Parameters", asks): brackets become %5B and %5D, a blank becomes a plus sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus

__all__ = ["form_encode", "links_start", "own_link", "page_links", "resolve"]

_IN_PATHS: Final = "/:@!+$&'()*,;=~%"  # besides what is unreserved (RFC 3986, 3.3, "Path")

# What the form serializer leaves as it is, and what it writes of all other ASCII characters, percent escapes last.
_AS_IT_IS: Final = "A-Za-z0-9*._+-"
_ESCAPES: Final = "%(?:[01][0-9A-F]|2[1-9BCF]|3[A-F]|40|5[B-E]|60|7[B-F])"
_WRITTEN: Final[Mapping[int, str]] = MappingProxyType(
    {code: f"%{code:02X}" for code in range(128) if not re.fullmatch(f"[%{_AS_IT_IS}]", chr(code))} | {0x20: "+"}
)
_USUAL: Final = tuple((character, _WRITTEN[ord(character)]) for character in "[],:")
_has_plain_escapes = re.compile(f"[^%]*(?:{_ESCAPES}[^%]*)*").fullmatch
_PAIR: Final = f"[%{_AS_IT_IS}]*=[%{_AS_IT_IS}]*"
_is_written = re.compile(f"{_PAIR}(?:&{_PAIR})*").fullmatch
_is_plain_base = re.compile(f"[A-Za-z0-9._~{_IN_PATHS.removesuffix('%')}-]*").fullmatch

_broken_escapes = re.compile("%(?![0-9A-Fa-f]{2})").sub
_origin = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*").match


def form_encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Write pairs of key and value as a query string (WHATWG URL, form serializing).

    Lone surrogates, which no encoding has, are written as question marks.

    >>> form_encode([("filter[name-eq]", "a b"), ("page[size]", "50")])
    'filter%5Bname-eq%5D=a+b&page%5Bsize%5D=50'
    """
    return "&".join(f"{_encode(key)}={_encode(value)}" for key, value in pairs)


def _encode(text: str) -> str:
    # The standard library leaves the tilde and encodes the asterisk; the form serializer does the opposite.
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")


def own_link(url: str) -> str:
    """Give the link of a document to itself: the URL that it answers, all its parameters in the order sent.

    Its fragment is left out, and what is no UTF-8 is replaced, as in the links of pages.

    >>> own_link("/cdr-exports?page[size]=9&sort=status#top")
    '/cdr-exports?page%5Bsize%5D=9&sort=status'
    """
    base, query = _parts(url)
    return f"{base}?{'&'.join(_parameters(query))}" if query else base


def links_start(url: str) -> str:
    """Give what the links to all pages begin with: the URL with all but its `page[...]` parameters, in the order sent.

    The URL may be absolute or relative; its fragment is left out. What is no UTF-8 in its query string is replaced
    (WHATWG URL, form parsing).

    >>> links_start("/cdr-exports?page[size]=9&sort=status")
    '/cdr-exports?sort=status&'
    """
    base, query = _parts(url)
    kept = "".join([f"{part}&" for part in _parameters(query) if part[:7] != "page%5B"])
    return f"{base}?{kept}"


def page_links(url: str, pages: Mapping[str, Mapping[str, int | str]]) -> dict[str, str]:
    """Give the URLs of other pages by the names of their links; each page is the values of its `page[...]` parameters.

    All other parameters of the URL come first; see `links_start`.

    >>> page_links("/cdr-exports?page[size]=9&sort=status", {"first": {"number": 1, "size": 50}})
    {'first': '/cdr-exports?sort=status&page%5Bnumber%5D=1&page%5Bsize%5D=50'}
    """
    start = links_start(url)
    return {
        name: start + form_encode((f"page[{member}]", str(value)) for member, value in page.items())
        for name, page in pages.items()
    }


def _parameters(query: str) -> list[str]:
    """Write the parameters of a query string anew, each key with its value."""
    if not query.isascii() or ("%" in query and not _has_plain_escapes(query)):
        return [form_encode([pair]) for pair in parse_qsl(query, keep_blank_values=True)]
    # No escape has to change, and most queries have no more to be written than these.
    for character, written in _USUAL:
        query = query.replace(character, written)
    return query.split("&") if _is_written(query) else [_written(part) for part in query.split("&") if part]


def _written(part: str) -> str:
    key, _, value = part.partition("=")
    return f"{key.translate(_WRITTEN)}={value.translate(_WRITTEN)}"


def _parts(url: str) -> tuple[str, str]:
    """Give what stands before the query string of a URL, and that; before it, what URIs do not have is escaped."""
    base, _, query = url.partition("#")[0].partition("?")
    if _is_plain_base(base):
        return base, query
    origin = _origin(base)
    start = 0 if origin is None else origin.end()
    path = _broken_escapes("%25", quote(base[start:], safe=_IN_PATHS, errors="replace"))
    return base[:start] + path, query


def resolve(url: str, reference: str) -> str:
    """Give a reference that begins with one slash the scheme and authority of a URL; any other stays as it is.

    Everything stays as it is where the URL is relative too (RFC 3986, 4.2, "Relative Reference").

    >>> resolve("https://example.org/api/cdrs?sort=id", "/api/cdrs/8")
    'https://example.org/api/cdrs/8'
    >>> resolve("https://example.org/api/cdrs", "https://files.example.org/8.csv")
    'https://files.example.org/8.csv'
    """
    origin = _origin(url)
    if origin is None or not reference.startswith("/") or reference.startswith("//"):
        return reference
    return origin[0] + reference
