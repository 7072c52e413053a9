"""Drawing from a random generator that the caller owns."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

__all__ = ["Weighted", "chance", "identifier"]

T = TypeVar("T")


def chance(random: Random, share: float) -> bool:
    """Answer yes in a share of the cases, between 0 and 1.

    >>> random = Random(1)
    >>> sum(chance(random, 0.25) for _ in range(1000))
    227
    """
    return random.random() < share


def identifier(random: Random) -> str:
    """Draw a UUID of version 4.

    >>> identifier(Random(1))
    'cd613e30-d8f1-4adf-91b7-584a2265b1f5'
    """
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


class Weighted(Generic[T]):
    """Values that are drawn with the frequency of their weights, given as pairs of weight and value.

    >>> random, coin = Random(1), Weighted([(3, "heads"), (1, "tails")])
    >>> [coin.draw(random) for _ in range(5)]
    ['heads', 'tails', 'tails', 'heads', 'heads']
    """

    def __init__(self, pairs: Sequence[tuple[int, T]]) -> None:
        self.values: tuple[T, ...] = tuple(value for _, value in pairs)
        self._cumulative = tuple(accumulate(weight for weight, _ in pairs))

    def draw(self, random: Random) -> T:
        """Draw one value."""
        return random.choices(self.values, cum_weights=self._cumulative)[0]
