"""From the bytes of a good body to the value that its JSON says: what `parse_body` gives, sooner.

What may have a fault, or a number that keeps its digits only in `parse_body`, is not decoded here. Nests are not
counted: whoever takes the value has to know its shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, NoReturn, TypeAlias

__all__ = ["Decoder", "by_orjson", "by_standard_library", "quick_decoder"]

Decoder: TypeAlias = Callable[[bytes], Any]
"""Decodes a good body; raises ValueError, or what JSON's libraries raise at too many nests, for any other."""

_LONGEST_INTEGER: Final = 20
_BACKSLASH: Final = ord("\\")
_BLANKS: Final = b" \t\r\n"

# NUL, which no text may hold, and the quote, which would be counted wrongly.
_is_hidden: Final = re.compile(rb"\\u00(?:00|22)").search


def quick_decoder() -> Decoder:
    """Give the quickest decoder: by orjson where it is installed, which the extra `fast` sees to.

    >>> quick_decoder()(b'{"data": null}')
    {'data': None}
    """
    try:
        import orjson  # noqa: PLC0415  (it need not be there, and nobody pays for it before the first body)
    except ImportError:
        return by_standard_library
    return by_orjson(orjson)


def by_orjson(orjson: ModuleType) -> Decoder:
    """Make the decoder by orjson, which keeps the last of repeated members, and reads all but short integers as floats.

    A body that orjson writes just so, but for blanks, has none of either: the blanks left out, both have the same texts
    and numbers. In any other each text takes two quotes, more where it holds some; written again it takes as many, so
    when the sums are equal no text is lost, and no name with it.
    """
    loads, dumps = orjson.loads, orjson.dumps

    def decode(body: bytes) -> Any:
        value = loads(body)
        written = dumps(value)
        if written != body and _may_differ(body, written, value):
            raise ValueError("a member is repeated, or a number may have lost digits")
        if body.find(_BACKSLASH) >= 0 and _is_hidden(body):
            raise ValueError("a text may hold NUL")
        return value

    return decode


def _may_differ(body: bytes, written: bytes, value: object) -> bool:
    if written.translate(None, _BLANKS) == body.translate(None, _BLANKS):
        return False
    return written.count(b'"') != body.count(b'"') or _has_floats(value)


def _has_floats(value: object) -> bool:
    values = [value]
    for each in values:
        match each:
            case float():
                return True
            case dict():
                values += each.values()
            case list():
                values += each
            case _:
                pass
    return False


def by_standard_library(body: bytes) -> Any:
    """Decode by the standard library.

    >>> by_standard_library(b'{"data": 1, "data": 2}')
    Traceback (most recent call last):
    ValueError: a member is repeated
    """
    if b"\\u" in body:
        raise ValueError("a text may hold NUL or lone surrogates")
    return _DECODER.decode(body.decode())


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is repeated")
    return members


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError("a number is long")
    return int(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} may have lost digits")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
)
