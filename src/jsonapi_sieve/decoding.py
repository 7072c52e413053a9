"""From what a request or a framework hands over to decoded pairs of key and value, refusing what cannot be decoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias, TypeGuard

__all__ = ["Source", "Undecodable", "check_text", "decode", "pairs_of", "split_query"]

Source: TypeAlias = str | Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str]]
"""A raw query string without its question mark, decoded pairs, or a mapping from key to value or values."""

_only_whole_escapes = re.compile(r"[^%]*(?:%[0-9A-Fa-f]{2}[^%]*)*").fullmatch

# A multi-valued mapping hides repeats behind .items(); by these methods the frameworks' mappings give all values.
_MULTI_VALUED: Final = ("getlist", "get_list", "getall", "get_all", "multi_items")


class Undecodable(ValueError):
    """A key or value that is no text: the message is a sentence part for people."""


def check_text(text: str) -> str:
    """Return text that can be stored and sent anywhere.

    Raises:
        Undecodable: for NUL, which PostgreSQL refuses, and lone surrogates, which UTF-8 does not have.
    """
    if "\0" in text:
        raise Undecodable("holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Undecodable("holds a lone surrogate") from None
    return text


def decode(text: str) -> str:
    """Decode a key or a value of a query string: `+` is a blank, percent escapes are UTF-8 (WHATWG URL, form encoding).

    Unlike there, a broken escape or byte sequence is an error and never a replacement character.

    >>> decode("a+b%20%C3%A9")
    'a b é'
    >>> decode("100%")
    Traceback (most recent call last):
    jsonapi_sieve.decoding.Undecodable: holds a percent sign that begins no escape; write %25 for it

    Raises:
        Undecodable: for what is no text.
    """
    text = text.replace("+", " ")
    if "%" not in text:
        return check_text(text)
    if not _only_whole_escapes(text):
        raise Undecodable("holds a percent sign that begins no escape; write %25 for it")
    try:
        return check_text(_unquote()(text).decode())
    except UnicodeError:
        raise Undecodable("holds percent escapes that are no UTF-8") from None


@lru_cache(maxsize=1)
def _unquote() -> Callable[[str], bytes]:
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415  (slow to import)

    return unquote_to_bytes


def split_query(query: str) -> list[tuple[str, str]]:
    """Split a raw query string into undecoded pairs; parts that are wholly empty are passed over.

    >>> split_query("a=1&&b&=2")
    [('a', '1'), ('b', ''), ('', '2')]
    """
    return [(key, value) for key, _, value in (part.partition("=") for part in query.split("&") if part)]


def pairs_of(source: object) -> Iterator[tuple[str, str]]:
    """Give the decoded pairs of a mapping or of an iterable of pairs.

    >>> list(pairs_of({"sort": "status", "filter[id]": ["a", "b"]}))
    [('sort', 'status'), ('filter[id]', 'a'), ('filter[id]', 'b')]

    Raises:
        TypeError: for anything else, and for a multi-valued mapping, which would hide repeated parameters.
    """
    if isinstance(source, Mapping):
        return _mapping_pairs(source)
    if isinstance(source, (bytes, bytearray)) or not isinstance(source, Iterable):
        hint = "; decode it as ASCII first" if isinstance(source, (bytes, bytearray)) else ""
        raise TypeError(f"a query is text, pairs or a mapping, not {type(source).__name__}{hint}")
    return _checked_pairs(source)


def _checked_pairs(pairs: Iterable[object]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        match pair:
            case (str() as key, str() as text):
                yield key, text
            case _:
                raise TypeError("a query's pairs are tuples of two texts")


def _mapping_pairs(mapping: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    kind = type(mapping)
    hiding = [method for method in _MULTI_VALUED if hasattr(kind, method)]
    if hiding:
        raise TypeError(
            f"{kind.__name__} can hide repeated parameters; give its pairs ({hiding[0]} has them all) instead"
        )
    for key, value in mapping.items():
        texts = value if isinstance(value, (list, tuple)) else [value]
        if not (isinstance(key, str) and texts and _are_texts(texts)):
            raise TypeError(f"a query mapping leads from text to text or a list of texts; {key!r} does not")
        for text in texts:
            yield key, text


def _are_texts(values: Sequence[object]) -> TypeGuard[Sequence[str]]:
    return all(isinstance(value, str) for value in values)
