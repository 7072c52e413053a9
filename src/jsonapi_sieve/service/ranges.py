"""Parts of a file, as clients ask for them (RFC 9110, 14, "Range Requests")."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from jsonapi_sieve import ErrorObject, QueryErrors

__all__ = ["plain_range"]

_LONGEST: Final = 1024
"""Characters of a header that are read."""

_MOST: Final = 16
"""Parts that are sent in one answer; who asks for more gets the whole, which is less work."""

_header = re.compile(r"bytes=([0-9, \t-]*)", re.ASCII | re.IGNORECASE).fullmatch
_part = re.compile(r"([0-9]{0,18})-([0-9]{0,18})", re.ASCII).fullmatch


def plain_range(header: str | None, size: int) -> str | None:
    """Write a `Range` of a file of some bytes with nothing in it but parts that the file has; None asks for the whole.

    A header that is malformed, of another unit, or of very many parts asks for the whole, as the RFC has it (14.2).

    >>> plain_range("bytes=0-99, -5", 1000), plain_range("bytes=990-2000", 1000), plain_range("lines=1-2", 1000)
    ('bytes=0-99,995-999', 'bytes=990-999', None)

    Raises:
        QueryErrors: with status 416 where the file has none of the parts (15.5.17); it tells the size.
    """
    match = _header(header) if header is not None and len(header) <= _LONGEST else None
    if match is None:
        return None
    parts = [_part(part) for each in match[1].split(",") if (part := each.strip(" \t"))]
    if not 0 < len(parts) <= _MOST:
        return None
    found = []
    for part in parts:
        if part is None or part[0] == "-" or _is_reversed(part):
            return None
        if (held := _held(part[1], part[2], size)) is not None:
            found.append(held)
    if not found:
        detail = f"The file has {size} bytes, and none of those that are asked for."
        error = ErrorObject("range-not-satisfiable", "Range not satisfiable", detail, "Range", "header", _STATUS)
        raise QueryErrors([error], headers={"Content-Range": f"bytes */{size}"})
    return f"bytes={','.join(found)}"


_STATUS: Final = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE.value


def _is_reversed(part: re.Match[str]) -> bool:
    return bool(part[1] and part[2]) and int(part[1]) > int(part[2])


def _held(first: str, last: str, size: int) -> str | None:
    """Give as much of a part as the file has; without a first byte it is that many of the last ones."""
    if first:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        begin, end = max(size - int(last), 0), size - 1
    return f"{begin}-{end}" if begin <= end else None
