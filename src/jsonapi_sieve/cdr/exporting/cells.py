"""Values as the cells of a CSV file, as PostgreSQL's COPY writes them with FORCE_QUOTE.

Each value is in quotes, NULL is nothing, booleans are t and f. Decimals have neither an exponent nor zeros at the end
of their fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from jsonapi_sieve.cdr.exporting.zones import Clock

__all__ = ["FORMULA", "Cells", "cells_of", "guarded", "spelling"]

Cells: TypeAlias = Callable[[Sequence[Any]], Iterable[str]]
"""Makes the cells of one column from the values that a driver gives."""

FORMULA: Final = "=+@\t\r-"
"""What a spreadsheet takes a text for a formula by, when it begins with it."""

_MEMORY: Final = 20_000


class _Memory(dict[Any, str]):
    """The cells of values that were met before, for most columns repeat theirs."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__({None: ""})
        self._make = make

    def __missing__(self, value: Any) -> str:
        cell = self._make(value)
        if len(self) >= _MEMORY:
            self.clear()
            self[None] = ""
        self[value] = cell
        return cell


def cells_of(spell: Callable[[Any], str] | None, *, repeats: bool = True) -> Cells:
    """Give what makes the cells of a column; None spells text as it is.

    >>> list(cells_of(None)(['a"b', None, ""]))
    ['"a""b"', '', '""']
    """
    if spell is None:
        return _texts
    if not repeats:
        return lambda values: ["" if value is None else f'"{spell(value)}"' for value in values]
    memory = _Memory(lambda value: _quoted(spell(value)))
    return lambda values: map(memory.__getitem__, values)


def _texts(values: Sequence[str | None]) -> list[str]:
    return ["" if text is None else f'"{text}"' if '"' not in text else _quoted(text) for text in values]


def guarded(text: str) -> str:
    """Put an apostrophe before what would be a formula."""
    return "'" + text if text[:1] and text[0] in FORMULA else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def spelling(clock: Clock, *, guard: bool) -> Callable[[object], str]:
    """Give what spells Python's values; `guard` puts an apostrophe before what would be a formula.

    >>> spell = spelling(Clock("with_timezone", None), guard=True)
    >>> [spell(value) for value in (True, 30, Decimal("2.500"), Decimal("1E+3"), Decimal("-0.0"), "=1+1")]
    ['t', '30', '2.5', '1000', '0', "'=1+1"]
    """

    def spell(value: object) -> str:
        match value:
            case bool():
                return "t" if value else "f"
            case datetime():
                return clock.show(value)
            case Decimal():
                return _decimal(value)
            case str() if guard:
                return guarded(value)
            case _:
                return str(value)

    return spell


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
