"""LIKE patterns: `%` stands for any text, `_` for one character, a backslash makes the next character literal.

A pattern is cut at its `%`. The first piece has to stand at the start of the text, the last one at its end, and those
between are found from left to right, each at its first place: a later place never helps. So there is no backtracking,
and no pattern takes long.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

__all__ = ["compile_like"]


def compile_like(pattern: str) -> Callable[[str], bool]:
    r"""Make the test whether a text matches a LIKE pattern, case and all.

    >>> matches = compile_like("4_\\_%z")
    >>> matches("49_abcz"), matches("49abcz")
    (True, False)

    A backslash at the end of the pattern escapes nothing; it is refused before, where patterns are read.
    """
    first, *rest = map(_piece, _cut(pattern))
    if not rest:
        return lambda text: len(text) == first.length and first.stands_at(text, 0)
    *between, last = rest
    between = [piece for piece in between if piece.length]

    def matches(text: str) -> bool:
        start, stop = first.length, len(text) - last.length
        if start > stop or not first.stands_at(text, 0) or not last.stands_at(text, stop):
            return False
        for piece in between:
            place = piece.find(text, start, stop)
            if place < 0:
                return False
            start = place + piece.length
        return True

    return matches


def _cut(pattern: str) -> list[list[str | None]]:
    """Cut a pattern at its `%`; in a piece, None stands for any one character."""
    piece: list[str | None] = []
    pieces = [piece]
    characters = iter(pattern)
    for character in characters:
        match character:
            case "%":
                piece = []
                pieces.append(piece)
            case "_":
                piece.append(None)
            case "\\":
                piece.append(next(characters))
            case _:
                piece.append(character)
    return pieces


class _Piece(ABC):
    """What stands between two `%`; it matches texts of one length."""

    __slots__ = ("length",)

    length: int

    @abstractmethod
    def stands_at(self, text: str, place: int) -> bool:
        """Tell whether the piece matches at a place that leaves it room enough."""

    @abstractmethod
    def find(self, text: str, start: int, stop: int) -> int:
        """Give the first place from `start` at which the piece matches and ends by `stop`, else -1."""


class _Literal(_Piece):
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self._text = text

    def stands_at(self, text: str, place: int) -> bool:
        return text.startswith(self._text, place)

    def find(self, text: str, start: int, stop: int) -> int:
        return text.find(self._text, start, stop)


class _Wild(_Piece):
    """A piece with `_` in it, searched by the shift-and method of Baeza-Yates and Gonnet.

    Bit n of the state says that the first n + 1 characters of the piece match where the reader stands. The mask of a
    character says at which places of the piece it may stand.
    """

    __slots__ = ("_any", "_masks", "_runs")

    def __init__(self, characters: Sequence[str | None]) -> None:
        self.length = len(characters)
        self._any = sum(1 << place for place, character in enumerate(characters) if character is None)
        self._masks: dict[str, int] = {}
        for place, character in enumerate(characters):
            if character is not None:
                self._masks[character] = self._masks.get(character, self._any) | 1 << place
        self._runs = _runs(characters)

    def stands_at(self, text: str, place: int) -> bool:
        return all(text.startswith(run, place + offset) for offset, run in self._runs)

    def find(self, text: str, start: int, stop: int) -> int:
        masks, any_character, whole = self._masks, self._any, 1 << self.length - 1
        state = 0
        for place in range(start, stop):
            state = (state << 1 | 1) & masks.get(text[place], any_character)
            if state & whole:
                return place + 1 - self.length
        return -1


def _piece(characters: Sequence[str | None]) -> _Piece:
    literal = [character for character in characters if character is not None]
    return _Literal("".join(literal)) if len(literal) == len(characters) else _Wild(characters)


def _runs(characters: Sequence[str | None]) -> list[tuple[int, str]]:
    """Give the stretches of a piece without `_`, each with its place."""
    runs: list[tuple[int, str]] = []
    for place, character in enumerate(characters):
        if character is None:
            continue
        if runs and runs[-1][0] + len(runs[-1][1]) == place:
            offset, run = runs[-1]
            runs[-1] = (offset, run + character)
        else:
            runs.append((place, character))
    return runs
