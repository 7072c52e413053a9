"""What an engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Answer"]


class Answer(NamedTuple):
    """What is selected, by number or by key; and the SQL that selected it, if there is one, with its values."""

    selected: list[Any]
    sql: str | None = None
    values: Mapping[str, Any] | None = None
