"""Regular expressions of what the grammar of values takes, in the words that all dialects of JSON Schema share.

They are anchored and have no look-around (JSON Schema 2020-12, Core, 6.4, "Regular Expressions"). Where a whole grammar
would make an expression that nobody can read, one takes less: what it takes is always taken by `parse`.
"""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["ADDRESS", "DATE", "ITEM", "LIKE_ITEM", "TEXT", "TIMESTAMP", "UUID", "decimal", "integer", "portable"]

# The years 1000 to 9999; of 29th of February, those that are leap years.
_LEAP: Final = "(?:0[48]|[2468][048]|[13579][26])"
_DAY: Final = (
    "(?:[1-9][0-9]{3}-(?:"
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])"
    f")|(?:[1-9][0-9]{_LEAP}|(?:[2468][048]|[13579][26])00)-02-29)"
)
_HOUR: Final = "(?:[01][0-9]|2[0-3])"
_TIME: Final = rf"{_HOUR}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,9}})?)?"

DATE: Final = f"^{_DAY}$"
TIMESTAMP: Final = f"^{_DAY}(?:[T ]{_TIME}(?:Z|[+-]{_HOUR}:[0-5][0-9])?)?$"

_HEX: Final = "[0-9A-Fa-f]"
UUID: Final = f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"

_BYTE: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = rf"{_BYTE}(?:\.{_BYTE}){{3}}(?:/(?:3[0-2]|[12]?[0-9]))?"
_WORD: Final = f"{_HEX}{{1,4}}"
# Eight words, or fewer with `::` in the place of the others.
_IPV6: Final = "|".join(
    [
        f"(?:{_WORD}:){{7}}{_WORD}",
        f"(?:{_WORD}:){{1,7}}:",
        *(f"(?:{_WORD}:){{1,{7 - behind}}}(?::{_WORD}){{{behind}}}" for behind in range(1, 7)),
        f":(?::{_WORD}){{1,7}}",
        "::",
    ]
)
ADDRESS: Final = f"^(?:{_IPV4}|(?:{_IPV6})(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"

TEXT: Final = r"^[^\x00]*$"
# An item of a record (RFC 4180), without quotes or in quotes.
ITEM: Final = r'^(?:[^",\x00]+|"(?:[^"\x00]|"")*")$'
# The same where a backslash escapes the next character, of which there has to be one.
LIKE_ITEM: Final = r'^(?:(?:[^",\\\x00]|\\[^",\x00])+|"(?:[^"\\\x00]|""|\\[^"\x00]|\\"")*")$'


def integer(digits: int) -> str:
    """Write the expression of a whole number with so many digits at most, after zeros.

    >>> integer(4)
    '^[+-]?0*[0-9]{1,4}$'
    """
    return rf"^[+-]?0*[0-9]{{1,{digits}}}$"


def decimal(before: int, behind: int) -> str:
    r"""Write the expression of a number without exponent, with so many digits at most on each side of the point.

    >>> decimal(3, 2), decimal(3, 0)
    ('^[+-]?(?:[0-9]{1,3}(?:\\.[0-9]{0,2})?|\\.[0-9]{1,2})$', '^[+-]?[0-9]{1,3}$')
    """
    if before and behind:
        return rf"^[+-]?(?:[0-9]{{1,{before}}}(?:\.[0-9]{{0,{behind}}})?|\.[0-9]{{1,{behind}}})$"
    return rf"^[+-]?[0-9]{{1,{before}}}$" if before else rf"^[+-]?0?\.[0-9]{{1,{behind}}}$"


# Characters that stand for themselves, escaped ones, sets, groups without a meaning of their own, and how often.
_SHARED: Final = re.compile(
    r"(?:[A-Za-z0-9_ ,;:@/#%&~\"'<>=!-]|\\[\]\[.+*?(){}|^$/\\]|[\]\[){}*+|^]|\((?!\?)|\(\?:|(?<!\()\?)*", re.ASCII
)
_POSSESSIVE: Final = re.compile(r"[*+?}]\+")


def portable(expression: re.Pattern[Any]) -> str | None:
    r"""Give the expression of the texts that one of Python's matches from their start on; None where words differ.

    >>> portable(re.compile(r"[a-z]+\Z")), portable(re.compile("a|b")), portable(re.compile(r"\d"))
    ('^(?:[a-z]+)$', '^(?:a|b)', None)
    """
    if not isinstance(expression.pattern, str) or expression.flags & ~(re.ASCII | re.UNICODE):
        return None
    inner = expression.pattern.removesuffix(r"\Z")
    if not _SHARED.fullmatch(inner) or _POSSESSIVE.search(inner):
        return None
    return f"^(?:{inner}){'$' if inner != expression.pattern else ''}"
