"""Whether a column of text compares by code point."""

from __future__ import annotations

import narwhals as nw
from narwhals.typing import Frame

__all__ = ["needed_text"]


def needed_text(frame: Frame, name: str) -> str | None:
    """Tell what is needed instead of a column of text that does not compare by code point; None for one that does."""
    engine = frame.implementation
    if engine.is_pandas():
        dtype = frame.to_native()[name].dtype
        # Python's own regular expressions have another syntax, and objects may be of any kind.
        held_elsewhere = str(dtype) == "object" or getattr(dtype, "storage", None) == "python"
        return "text in Arrow: convert the column to string[pyarrow]" if held_elsewhere else None
    if engine.is_spark_like():
        spelled = dict(frame.to_native().dtypes)[name]
        return None if spelled == "string" else f"STRING without a collation, not {spelled}"
    if engine.is_duckdb() and _has_collation(frame, name):
        return "no collation: cast the column to VARCHAR COLLATE BINARY"
    return None


def _has_collation(frame: Frame, name: str) -> bool:
    """Ask for a comparison with text in the column's collation, which no schema of DuckDB's tells, without any row."""
    text = nw.col(name).max().fill_null("a")
    asked = frame.head(0).select(case=text == "A", accent=text == "ä", order=text < "B").lazy().collect()
    return any(asked.row(0))
