"""What one library costs on one task."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """The ratio of a library to the hand-written limit of a task: the median of the pairs, the first and last decile.

    `seconds` is what a call takes, `lacks` what the library does less than the task asks for.
    """

    task: str
    library: str
    median: float
    low: float
    high: float
    seconds: float
    lacks: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is this library's."""
        return self.library.startswith("jsonapi-sieve ")
