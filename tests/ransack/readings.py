"""How Ransack reads what this library refuses, or reads by a rule of its own: one function for each reason to differ.

Each function looks at one condition. Where its reason holds, it gives the condition that Ransack makes of it, or none
where Ransack drops it; else it gives None. That says nothing of rows yet: `verdicts` compares them.
"""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

from tests.ransack import reference
from tests.ransack.corpus import Condition

__all__ = ["LETTERS", "REASONS", "Reason", "select_as"]

Reading: TypeAlias = tuple[Condition, ...] | None

_dashed = re.compile("[^-{}]+(?:-[^-{}]+){4}").fullmatch


@dataclass(frozen=True)
class Reason:
    """A reason to differ: the library refuses the condition, or reads it by its own rule."""

    title: str
    refused: bool
    read: Callable[[Condition], Reading]


def _is_text(condition: Condition) -> bool:
    return condition.kind == "text" and condition.operator not in reference.FLAGS


def _changed(condition: Condition, change: Callable[[Any], Any]) -> Reading:
    """Change each value; None when all of them stay what they are, of the type that they are."""
    items = [change(item) for item in condition.items]
    if [(type(item), item) for item in items] == [(type(item), item) for item in condition.items]:
        return None
    return (replace(condition, value=items if isinstance(condition.value, list) else items[0]),)


def _capitals(condition: Condition) -> Reading:
    """The callers of Ransack bring each spelling of a key to one; here only the declared spellings are names."""
    return (replace(condition, key=condition.key.lower()),) if reference.has_capitals(condition) else None


def _blank(condition: Condition) -> Reading:
    """Null and the empty text are dropped from a list; without anything but blanks the condition is dropped."""
    kept = [item for item in condition.items if item not in (None, "")]
    if all(isinstance(item, str) and not item.strip() for item in kept):
        return ()
    return (replace(condition, value=kept),) if len(kept) < len(condition.items) else None


def _is_blank_text(condition: Condition) -> bool:
    return _is_text(condition) and None not in condition.items


def _stripped(condition: Condition) -> Reading:
    """Blanks around a scalar are stripped, line breaks and tabs too."""
    if isinstance(condition.value, list):
        return None
    return _changed(condition, lambda item: item.strip() if isinstance(item, str) else item)


def _other_json(condition: Condition) -> Reading:
    """A JSON value of another type is converted: 60.7 to 60, 123 to "123", 1 to true."""
    match "boolean" if condition.operator in reference.FLAGS else condition.kind:
        case "integer":
            return _changed(condition, lambda item: int(item) if isinstance(item, float) else item)
        case "boolean":
            return _changed(condition, lambda item: bool(item) if isinstance(item, int) else item)
        case "text":
            return _changed(condition, lambda item: str(item).lower() if isinstance(item, (int, float)) else item)
        case _:
            return None


def _other_operator(condition: Condition) -> Reading:
    """Operators that are not offered: `i_cont` is `cont` of the value in lower case, `not_true` the opposite of `true`.

    Order on addresses and lists of floats have no other name; the reference knows them.
    """
    name = condition.operator
    if "i_cont" in name:
        lowered = [item.lower() for item in condition.items]
        value = lowered if isinstance(condition.value, list) else lowered[0]
        return (replace(condition, operator=name.replace("i_cont", "cont"), value=value),)
    if name in ("not_true", "not_false"):
        flag = not reference.constant("boolean", condition.value)
        return (replace(condition, operator=name.removeprefix("not_"), value=flag),)
    is_order = condition.kind == "address" and name in ("gt", "gteq", "lt", "lteq")
    return (condition,) if is_order or (condition.kind == "float" and name.endswith(("_any", "_all"))) else None


def _plain_uuid(condition: Condition) -> Reading:
    """UUIDs without dashes, or in braces, are UUIDs."""
    if condition.kind != "uuid" or condition.operator in reference.FLAGS:
        return None
    return _changed(condition, lambda item: item if _dashed(item) else str(UUID(item)))


REASONS: Final = (
    Reason("keys with capitals (refused)", True, _capitals),
    Reason(
        "null, empty and blank values (refused)", True, lambda asked: None if _is_blank_text(asked) else _blank(asked)
    ),
    Reason(
        "empty and blank values (read as text)", False, lambda asked: _blank(asked) if _is_blank_text(asked) else None
    ),
    Reason("JSON types of another kind (refused)", True, _other_json),
    Reason("operators that are not offered (refused)", True, _other_operator),
    Reason("blanks around values (refused)", True, lambda asked: None if _is_text(asked) else _stripped(asked)),
    Reason(
        "text that Ransack strips (read as it is)", False, lambda asked: _stripped(asked) if _is_text(asked) else None
    ),
    Reason("uuids without dashes (refused)", True, _plain_uuid),
)
"""All reasons but one, in the order in which Ransack's readings follow each other."""

LETTERS: Final = Reason("letters outside ASCII (compared as they are)", False, lambda asked: (asked,))
"""The last reason: Ransack ignores the case of these letters too, which is no other reading but another comparison."""


def select_as(conditions: Iterable[Condition], reasons: Container[Reason]) -> list[int]:
    """Select the rows where Ransack's rule holds for each of these reasons, and the library's for all others."""
    read = (reading for condition in conditions for reading in _read(condition, reasons))
    return reference.select(read, reference.unicode_lower if LETTERS in reasons else reference.ascii_lower)


def _read(condition: Condition, reasons: Container[Reason]) -> tuple[Condition, ...]:
    for reason in REASONS:
        reading = reason.read(condition) if reason in reasons else None
        if reading == ():
            return ()
        if reading is not None:
            (condition,) = reading
    return (condition,)
