"""How an order may say that its file writes times."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

__all__ = ["TIME_FORMATS", "is_time_zone"]

TIME_FORMATS: Final = ("with_timezone", "without_timezone", "round_to_seconds")
"""The ways in which files write times; the first is the usual one."""

# A zone's name becomes that of a file when it is looked up, and some read "UTC+3" as a zone of its own making.
_named = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII).fullmatch


def is_time_zone(name: str) -> bool:
    """Whether the IANA database has a time zone of that name, letter for letter.

    >>> [is_time_zone(name) for name in ("Europe/Kyiv", "europe/kyiv", "UTC+3", "../etc/passwd")]
    [True, False, False, False]
    """
    return _named(name) is not None and name in _names()


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    # Whatever the first is on this machine; the other stands for none, and is not known everywhere.
    return frozenset(available_timezones() - {"localtime", "Factory"})
