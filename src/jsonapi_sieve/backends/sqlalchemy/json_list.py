"""A list in one parameter, for engines that have no arrays but read JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine, UserDefinedType

__all__ = ["JsonList"]

_dumps = json.JSONEncoder(ensure_ascii=False).encode


class JsonList(UserDefinedType[Sequence[Any]]):
    """A list as JSON text, each item as its own type sends it."""

    cache_ok: bool | None = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        convert = self.item.dialect_impl(dialect).bind_processor(dialect)
        if convert is None:
            return _dumps
        return lambda values: _dumps(list(map(convert, values)))
