"""pandas with Arrow's types."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pandas as pd
import pyarrow as pa

from tests.engines.base import Engine, Opened
from tests.engines.frames import OpenedFrames

__all__ = ["Pandas"]


class Pandas(Engine):
    name = "pandas (Arrow types)"

    def open(self) -> AbstractContextManager[Opened]:
        return nullcontext(OpenedFrames(pd.__version__, _from_arrow))


def _from_arrow(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(types_mapper=pd.ArrowDtype)
