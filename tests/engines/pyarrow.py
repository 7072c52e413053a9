"""PyArrow."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pyarrow as pa

from tests.engines.base import Engine, Opened
from tests.engines.frames import OpenedFrames

__all__ = ["PyArrow"]


class PyArrow(Engine):
    name = "PyArrow"

    def open(self) -> AbstractContextManager[Opened]:
        return nullcontext(OpenedFrames(pa.__version__, lambda table: table))
