"""What each condition means, written down a second time, as plainly as it can be: slow, one row at a time.

`refuses` is rule 6 and rule 10 (what can be written), `passes` the semantics. Both also know what only Ransack can
answer (order on addresses, lists of floats), so that its reading of a case can be followed to the end.
"""

import ipaddress
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID

from tests.ransack.corpus import ROWS, Condition, Row

Lower: TypeAlias = Callable[[str], str]

_EQUALITY = {"eq", "not_eq"}
_LISTS = {"in", "not_in"}
_ORDER = {"gt", "gteq", "lt", "lteq"}
_NULL = {"null", "not_null"}
_LIKE = {"cont", "not_cont", "start", "not_start", "end", "not_end", "matches", "does_not_match"}


def _quantified(names: Iterable[str]) -> set[str]:
    return {f"{name}_{suffix}" for name in names for suffix in ("any", "all")}


_ORDERED = _EQUALITY | _LISTS | _ORDER | _NULL
_OFFERED: Final[Mapping[str, set[str]]] = {
    "integer": _ORDERED | _quantified(_EQUALITY | _ORDER),
    "decimal": _ORDERED | _quantified(_EQUALITY | _ORDER),
    "timestamp": _ORDERED | _quantified(_EQUALITY | _ORDER),
    "float": _ORDERED,
    "boolean": _EQUALITY | _LISTS | _NULL | _quantified(_EQUALITY) | {"true", "false"},
    "text": _ORDERED | _LIKE | _quantified(_EQUALITY | _ORDER | _LIKE) | {"present", "blank"},
    "uuid": _EQUALITY | _LISTS | _NULL,
    "address": _EQUALITY | _LISTS | _NULL,
}

FLAGS: Final = _NULL | {"true", "false", "present", "blank"}

_TRUE = ("true", "TRUE", "1", "t", "T")
_FALSE = ("false", "FALSE", "0", "f", "F")
_number = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_SPELLED: Final[Mapping[str, str]] = {
    "integer": "[+-]?0*[0-9]{1,19}",
    "decimal": _number,
    "float": _number,
    "boolean": "|".join(_TRUE + _FALSE),
    "text": r"(?s:.*)",
    "timestamp": r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?",
    "uuid": "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "address": r"[0-9A-Fa-f.:]+(/[0-9]+)?",
}


def has_capitals(condition: Condition) -> bool:
    """Tell whether the key has capitals that make it another one."""
    return condition.key != condition.key.lower()


def takes_list(condition: Condition) -> bool:
    """Tell whether the operator takes a list."""
    return condition.operator in _LISTS or condition.operator.endswith(("_any", "_all"))


def ignores_case(condition: Condition) -> bool:
    """Tell whether the operator ignores the case of ASCII letters."""
    return re.sub("_(any|all)$", "", condition.operator) in _LIKE


def refuses(condition: Condition) -> bool:
    """Tell whether the library has to refuse the condition."""
    name, value = condition.operator, condition.value
    if has_capitals(condition) or name not in _OFFERED[condition.kind] or value == []:
        return True
    kind = "boolean" if name in FLAGS else condition.kind
    is_list = isinstance(value, list)
    return is_list is not takes_list(condition) or not all(_is_constant(kind, name, item) for item in condition.items)


def _is_constant(kind: str, name: str, item: object) -> bool:
    match item:
        case str():
            dangling = "match" in name and len(item) - len(item.rstrip("\\")) & 1
            return bool(re.fullmatch(_SPELLED[kind], item, re.ASCII)) and not dangling and _is_possible(kind, item)
        case bool():
            return kind == "boolean"
        case int():
            return kind in ("integer", "decimal", "float")
        case float():
            return kind in ("decimal", "float")
        case _:
            return False


def _is_possible(kind: str, text: str) -> bool:
    """Tell a date of the calendar and an address from what is only spelled like one."""
    try:
        constant(kind, text)
    except ValueError:
        return False
    return True


def network(text: str) -> tuple[int, int, int, int]:
    """Make of an address what compares as PostgreSQL compares INET: by family, network, length of the prefix, host."""
    interface = ipaddress.ip_interface(text)
    return interface.version, int(interface.network.network_address), interface.network.prefixlen, int(interface.ip)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.upper().replace(" UTC", "Z"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_CONSTANTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "integer": int,
    "decimal": lambda item: Decimal(str(item)),
    "float": float,
    "boolean": lambda item: item in (True, *_TRUE),
    "text": str,
    "timestamp": _moment,
    "uuid": UUID,
    "address": network,
}


def constant(kind: str, item: object) -> Any:
    """Make of a JSON value what compares with the values of rows."""
    return _CONSTANTS[kind](item)


def ascii_lower(text: str) -> str:
    """Fold the case as this library does: of ASCII letters only."""
    return re.sub("[A-Z]", lambda letter: letter[0].lower(), text)


def unicode_lower(text: str) -> str:
    """Fold the case as PostgreSQL does under C.UTF-8: character by character, each to one."""
    return "".join(character.lower()[0] for character in text)


def _matches(value: str, pattern: str) -> bool:
    parts = re.findall(r"\\(.)|(.)", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    expression = "".join(re.escape(literal) if literal else wild.get(part, re.escape(part)) for literal, part in parts)
    return re.fullmatch(expression, value, re.DOTALL) is not None


_LIKE_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "cont": operator.contains,
    "start": str.startswith,
    "end": str.endswith,
    "matches": _matches,
}
_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "not_eq": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}


def _holds(value: Any, name: str, item: Any, lower: Lower) -> bool:
    """Compare a value that is not NULL."""
    if name in _TESTS:
        return _TESTS[name](value, item)
    positive = "matches" if name == "does_not_match" else name.removeprefix("not_")
    return _LIKE_TESTS[positive](lower(value), lower(item)) is (positive == name)


def _passes_one(value: Any, condition: Condition, lower: Lower) -> bool:
    name = condition.operator
    if name in FLAGS:
        return _passes_flag(value, name, constant("boolean", condition.value))
    if value is None:
        return False
    if condition.kind == "address":
        value = network(value)
    items = [constant(condition.kind, item) for item in condition.items]
    match name:
        case "in" | "not_in":
            return (value in items) is (name == "in")
        case _ if name.endswith("_any"):
            return any(_holds(value, name.removesuffix("_any"), item, lower) for item in items)
        case _ if name.endswith("_all"):
            return all(_holds(value, name.removesuffix("_all"), item, lower) for item in items)
        case _:
            return _holds(value, name, items[0], lower)


def _passes_flag(value: Any, name: str, flag: bool) -> bool:
    match name:
        case "null" | "not_null":
            return (value is None) is (flag is (name == "null"))
        case "blank" | "present":
            return (value in (None, "")) is (flag is (name == "blank"))
        case _:
            return value is not None and value is (flag is (name == "true"))


def passes(row: Row, condition: Condition, lower: Lower = ascii_lower) -> bool:
    """Tell whether a row passes."""
    join = any if condition.any_of else all
    return join(_passes_one(row[attribute], condition, lower) for attribute in condition.attributes)


def select(conditions: Iterable[Condition], lower: Lower = ascii_lower) -> list[int]:
    """Give the ids of the rows that pass all conditions."""
    asked = list(conditions)
    return [row["id"] for row in ROWS if all(passes(row, condition, lower) for condition in asked)]
