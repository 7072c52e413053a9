"""The time that something costs, bounded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

__all__ = ["at_once"]


@contextmanager
def at_once(seconds: float = 1) -> Iterator[None]:
    """Assert that this thread takes little of the processor, whatever else that has to do and other tests have left.

    The collector is off meanwhile: going through what thousands of tests have left takes it longer than the limit.
    """
    gc.disable()
    try:
        start = thread_time()
        yield
        spent = thread_time() - start
    finally:
        gc.enable()
    assert spent < seconds
