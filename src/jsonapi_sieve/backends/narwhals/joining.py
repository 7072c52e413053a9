"""Many expressions as one."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

__all__ = ["joined"]


def joined(conjunction: bool, expressions: Sequence[nw.Expr]) -> nw.Expr:
    """Join expressions, at least one, by AND or OR: a tree as flat as it gets, for engines bound the depth of one."""
    if len(expressions) == 1:
        return expressions[0]
    middle = len(expressions) // 2
    left, right = joined(conjunction, expressions[:middle]), joined(conjunction, expressions[middle:])
    return left & right if conjunction else left | right
