"""Rows as a table of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["draw"]

_WIDEST_CELL: Final = 26
_GAP: Final = "  "


def draw(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], width: int) -> list[str]:
    """Draw a table of lines no longer than `width`; the last columns are left out when they do not fit.

    `right` says which columns are aligned on the right.

    >>> draw(["id", "name"], [["8", "Anna"], ["12", "Bo"]], [True, False], 80)
    ['id  name', '--  ----', ' 8  Anna', '12  Bo']
    >>> draw(["id", "name"], [["8", "Anna"]], [True, False], 7)
    ['id', '--', ' 8']
    """
    columns = [[_cell(text) for text in column] for column in zip(headings, *rows, strict=True)]
    widths: list[int] = []
    for column in columns:
        widest = max(map(len, column))
        if sum(widths) + len(_GAP) * len(widths) + widest > width:
            break
        widths.append(widest)
    lines = [_line(cells, widths, right) for cells in zip(*columns, strict=True)]
    return [lines[0], _GAP.join("-" * column for column in widths), *lines[1:]]


def _cell(text: str) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= _WIDEST_CELL else f"{shown[: _WIDEST_CELL - 3]}..."


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    # Only as many cells as there are widths.
    aligned = [
        cell.rjust(width) if on_the_right else cell.ljust(width)
        for cell, width, on_the_right in zip(cells, widths, right, strict=False)
    ]
    return _GAP.join(aligned).rstrip()
