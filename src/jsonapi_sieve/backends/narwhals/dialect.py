"""What an expression has to heed of the engine behind a frame, beyond what all engines have in common."""

from __future__ import annotations

from typing import Final, NamedTuple

from narwhals.typing import Frame

__all__ = ["COMMON", "Dialect", "dialect_of"]


class Dialect(NamedTuple):
    """How expressions are written for an engine.

    `halving` is for engines that go through a list item by item, for each row: long lists become a tree of short ones.
    `atomic` is for engines whose regular expressions backtrack and recurse: they get atomic groups, which others lack.
    """

    halving: bool
    atomic: bool


COMMON: Final = Dialect(halving=False, atomic=False)
"""What every engine reads."""


def dialect_of(frame: Frame) -> Dialect:
    """Give the dialect of the engine behind a frame."""
    engine = frame.implementation
    return Dialect(halving=engine.is_duckdb(), atomic=engine.is_pyspark() or engine.is_pyspark_connect())
