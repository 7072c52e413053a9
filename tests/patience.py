"""How long a test waits for what another thread, process or server does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

__all__ = ["PATIENCE", "until"]

PATIENCE: Final = 120.0
"""Seconds: more than the slowest machine takes, for only a test that fails ever waits as long."""


def until(condition: Callable[[], object]) -> None:
    """Return when something has happened; fail when it does not happen at all."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)
