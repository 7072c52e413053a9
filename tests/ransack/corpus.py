"""The measured data, and what one parameter of a case asks for."""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

DATA: Final = Path(__file__).parents[1] / "data" / "ransack"

KINDS: Final[Mapping[str, str]] = {
    "id": "integer",
    "uuid": "uuid",
    "time_start": "timestamp",
    "time_end": "timestamp",
    "duration": "integer",
    "success": "boolean",
    "customer_price": "decimal",
    "destination_fee": "decimal",
    "pdd": "float",
    "lega_disconnect_code": "integer",
    "routing_attempt": "integer",
    "src_prefix_in": "text",
    "dst_prefix_in": "text",
    "src_name_in": "text",
    "status": "text",
    "auth_orig_ip": "address",
}
"""The attributes of a row, each with what it holds."""

_STORED: Final[Mapping[str, Callable[[Any], object]]] = {
    "uuid": uuid.UUID,
    "timestamp": datetime.fromisoformat,
    "decimal": Decimal,
}

_attribute = "|".join(KINDS)
_name = re.compile(
    rf"(?P<attributes>(?:{_attribute})(?:_(?P<joined>or|and)_(?:{_attribute}))*) _ (?P<operator>[a-z_]+)", re.VERBOSE
)

Row: TypeAlias = dict[str, Any]


def read(name: str) -> Iterator[dict[str, Any]]:
    """Read a file of the measured data: one JSON object a line."""
    return map(json.loads, (DATA / name).read_text(encoding="utf-8").splitlines())


def _row(line: dict[str, Any]) -> Row:
    return {
        attribute: _STORED[KINDS[attribute]](value) if value is not None and KINDS[attribute] in _STORED else value
        for attribute, value in line.items()
    }


ROWS: Final = tuple(map(_row, read("rows.jsonl")))
"""The rows that all cases were measured on, as Python values, by id."""


@dataclass(frozen=True)
class Condition:
    """One parameter. `value` is a JSON scalar, or a list of them; `key` is where it stands in its case."""

    key: str
    attributes: tuple[str, ...]
    any_of: bool
    operator: str
    value: Any

    @property
    def kind(self) -> str:
        """What the attributes hold."""
        return KINDS[self.attributes[0]]

    @property
    def items(self) -> list[Any]:
        """The values, be it one or a list."""
        return self.value if isinstance(self.value, list) else [self.value]

    def with_value(self, value: object) -> "Condition":
        """Ask for another value."""
        return replace(self, value=value)


def condition(key: str, name: str, value: object) -> Condition | None:
    """Take a stored name such as `src_prefix_in_or_dst_prefix_in_cont` apart; None when it names no attribute."""
    match = _name.fullmatch(name)
    if match is None:
        return None
    attributes = tuple(re.split("_(?:or|and)_", match["attributes"]))
    return Condition(key, attributes, match["joined"] == "or", match["operator"], value)


@dataclass(frozen=True, eq=False)
class Case:
    """One measured filter: its stored form, the conditions in it, and the ids of the rows it selects."""

    number: int
    group: str
    filter: dict[str, Any]
    conditions: tuple[Condition, ...]
    ids: list[int]

    def __str__(self) -> str:
        return f"{self.group}-{self.number}"


def _case(line: dict[str, Any]) -> Case:
    asked = (condition(name, name, value) for name, value in line["filter"].items())
    return Case(line["n"], line["group"], line["filter"], tuple(filter(None, asked)), line["ids"])


CASES: Final = tuple(map(_case, read("cases.jsonl")))
"""The cases of all groups, by number."""
