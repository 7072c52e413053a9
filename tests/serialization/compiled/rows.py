"""Rows of all kinds that hold what a schema's fields are made for, mostly."""

from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from hypothesis import strategies as st
from sqlalchemy import PickleType
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.serialization.compiled.schemas import NAMES, Draw, chance, pick
from tests.serialization.compiled.values import GOOD, VALUES

__all__ = ["rows"]


class Base(DeclarativeBase):
    pass


class Stored(Base):
    __tablename__ = "stored"

    id: Mapped[Any] = mapped_column(PickleType, primary_key=True)
    name: Mapped[Any] = mapped_column(PickleType)
    status: Mapped[Any] = mapped_column(PickleType)
    items: Mapped[Any] = mapped_column(PickleType)
    created_at: Mapped[Any] = mapped_column(PickleType)

    @property
    def count(self) -> object:
        return self.name


class Slotted:
    __slots__ = tuple(name for name in NAMES if name.isidentifier())


class Keyed:
    """Takes keys and has attributes, of which some have one name."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.owner = "by attribute"

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def _set(row: Any, values: Mapping[str, Any]) -> Any:
    for name, value in values.items():
        if hasattr(type(row), name) and name != "count":
            setattr(row, name, value)
    return row


def _columns(values: Mapping[str, Any]) -> Any:
    return IteratorResult(SimpleResultMetaData(list(values)), iter([tuple(values.values())])).one()


@cache
def _tuples(names: tuple[str, ...]) -> Any:
    return namedtuple("Named", names, rename=True)  # noqa: PYI024  (its fields are not known before)


MAKERS: Final[list[Callable[[Mapping[str, Any]], Any]]] = [
    dict,
    lambda values: SimpleNamespace(**values),
    lambda values: _set(Slotted(), values),
    lambda values: _set(Stored(), values),
    lambda values: Keyed(**values),
    _columns,
    lambda values: _tuples(tuple(values))(*values.values()),
]
ODD: Final[list[Any]] = [None, 5, "text", {}, (), object()]


@st.composite
def rows(draw: st.DrawFn, goods: Mapping[str, str]) -> list[Any]:
    """Draw rows, mostly all of one kind."""
    names = {"owner": "owner", **goods}
    makers = MAKERS if chance(draw, 8) else [pick(draw, MAKERS)]
    found = []
    for _ in range(pick(draw, range(4))):
        is_whole = not chance(draw, 6)
        values = {name: _value(draw, good) for name, good in names.items() if is_whole or chance(draw, 2)}
        found.append(pick(draw, makers)(values))
    if chance(draw, 20):
        found.append(pick(draw, ODD))
    return found


def _value(draw: Draw, good: str) -> Any:
    return None if chance(draw, 12) else pick(draw, VALUES if chance(draw, 12) else GOOD[good])
