"""Whether columns of text compare by code point, and with all that looks into text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
from narwhals.typing import Frame

__all__ = ["needed_texts"]


def needed_texts(frame: Frame, names: Sequence[str]) -> Mapping[str, str]:
    """Tell by name what is needed instead of those columns of text that do not compare by code point."""
    engine = frame.implementation
    if not names or engine.is_polars():
        return {}
    if engine.is_duckdb():
        return dict.fromkeys(_collated(frame, names), "no collation: select it with COLLATE C")
    native: Any = frame.to_native()
    if engine.is_spark_like():
        spelled = dict(native.dtypes)
        return {name: f"STRING without a collation, not {spelled[name]}" for name in names if spelled[name] != "string"}
    held = native.dtypes if engine.is_pandas() else {name: native.schema.field(name).type for name in names}
    return {name: needed for name in names if (needed := _needed_in_arrow(held[name])) is not None}


def _needed_in_arrow(dtype: Any) -> str | None:
    # Python's own regular expressions have another syntax, and objects may be of any kind.
    if str(dtype) == "object" or getattr(dtype, "storage", None) == "python":
        return "text in Arrow: convert the column to string[pyarrow]"
    # Arrow does not look into views.
    return "string or large_string: cast the column" if "string_view" in str(dtype) else None


def _collated(frame: Frame, names: Sequence[str]) -> list[str]:
    """Compare with text in the columns' collations, which no schema of DuckDB's tells, without any row."""
    # By code point, e with an accent of its own is not the one character for both, and comes after F.
    asked = [nw.col(name).max().fill_null("e\u0301") for name in names]
    answers = frame.head(0).select(*((text == "\u00e9") | (text < "F") for text in asked))
    relation: Any = answers.to_native()
    return [name for name, collated in zip(names, relation.fetchone(), strict=True) if collated]
