"""Addresses and ids: written for requests, and read from links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import randbelow, token_hex
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID, uuid4

__all__ = ["absent_id", "encoded", "escaped", "has_common_form", "query_of", "target_of"]

# Whole numbers of 32 bits, of which few servers have used these.
_LARGE, _LARGEST = 2_100_000_000, 2_147_483_647
_NUMBER: Final = re.compile("[0-9]{1,18}", re.ASCII)
_path = re.compile("[/?#].*", re.DOTALL).search


def encoded(parameters: Mapping[str, str]) -> str:
    """Write a query string; what cannot be sent is replaced, for names come from answers.

    >>> encoded({"fields[cdrs]": "src-name"})
    'fields%5Bcdrs%5D=src-name'
    """
    return urlencode(parameters, errors="replace")


def escaped(text: str) -> str:
    """Write a text as a part of an address.

    >>> escaped("a/b")
    'a%2Fb'
    """
    return quote(text, safe="", errors="replace")


def query_of(url: str | None) -> list[tuple[str, str]]:
    """Give the parameters of an address, decoded.

    >>> query_of("/cdrs?page%5Bsize%5D=1&sort=")
    [('page[size]', '1'), ('sort', '')]
    """
    return [] if url is None else parse_qsl(urlsplit(url).query, keep_blank_values=True)


def target_of(url: str) -> str:
    """Give what a request line has of an address: its path and its query.

    >>> (
    ...     target_of("http://localhost/api/cdrs?sort=id"),
    ...     target_of("http://localhost"),
    ...     target_of("http://localhost?sort=id"),
    ... )
    ('/api/cdrs?sort=id', '/', '/?sort=id')
    """
    start = _path(url.partition("://")[2])
    target = "" if start is None else start[0]
    return target if target.startswith("/") else f"/{target}"


def absent_id(like: str) -> str:
    """Make up an id of the form of another, a new one each time, for a server may create what was absent.

    >>> absent_id("8"), absent_id("article-1")
    ('21...', 'article-1-absent-...')
    """
    if _NUMBER.fullmatch(like):
        return str(_LARGE + randbelow(_LARGEST - _LARGE))
    return str(uuid4()) if _is_uuid(like) else f"{like}-absent-{token_hex(4)}"


def has_common_form(id_: str) -> bool:
    """Whether an id is a number or a UUID, so that another of its form can be made up.

    >>> has_common_form("8"), has_common_form("article-1")
    (True, False)
    """
    return _NUMBER.fullmatch(id_) is not None or _is_uuid(id_)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
