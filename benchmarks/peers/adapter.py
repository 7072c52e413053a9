"""What an adapter gives for a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Adapter:
    """A library's way to do a task.

    `distribution` is the library's name, or what to call a way that is no library's. `shown` brings its result into the
    form of the task's. `lacks` says what it does less than the task asks for.
    """

    distribution: str
    run: Callable[[], object]
    shown: Callable[[Any], object]
    lacks: str = ""
