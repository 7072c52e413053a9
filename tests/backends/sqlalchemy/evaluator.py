"""The meaning of predicates, written down once more in three values and as plainly as possible."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, assert_never

from jsonapi_sieve.operators import Operator, Quantifier
from jsonapi_sieve.predicate import And, Comparison, Not, Or, Predicate

Truth = bool | None


def truth(node: Predicate, row: Mapping[str, Any]) -> Truth:
    match node:
        case Comparison():
            return _compare(node.operator, row[node.field.name], node.value)
        case Not():
            return _not(truth(node.member, row))
        case And():
            return _all(truth(member, row) for member in node.members)
        case Or():
            return _not(_all(_not(truth(member, row)) for member in node.members))
        case _:
            assert_never(node)


def _not(value: Truth) -> Truth:
    return None if value is None else not value


def _all(values: Iterable[Truth]) -> Truth:
    seen = set(values)
    return False if False in seen else None if None in seen else True


def _compare(operator: Operator, left: Any, right: Any) -> Truth:
    name = operator.base.name
    if operator.quantifier is Quantifier.ALL:
        return _all(_scalar(name, left, item) for item in right)
    if operator.quantifier is Quantifier.ANY:
        return _not(_all(_not(_scalar(name, left, item)) for item in right))
    if name == "in":
        return _not(_all(_not(_scalar("eq", left, item)) for item in right))
    if name == "not_in":
        return _all(_scalar("not_eq", left, item) for item in right)
    if name in _FLAGS:
        unknown = left is None and name in ("true", "false")
        return None if unknown else _FLAGS[name](left) is right
    return _scalar(name, left, right)


_FLAGS: dict[str, Callable[[Any], bool]] = {
    "true": lambda left: left is True,
    "false": lambda left: left is False,
    "null": lambda left: left is None,
    "not_null": lambda left: left is not None,
    "present": lambda left: left not in (None, ""),
    "blank": lambda left: left in (None, ""),
}


def _scalar(name: str, left: Any, right: Any) -> Truth:
    if left is None:
        return None
    if name in _NEGATIVE:
        return not _POSITIVE[_NEGATIVE[name]](left, right)
    return _POSITIVE[name](left, right)


_NEGATIVE = {
    "not_eq": "eq",
    "not_cont": "cont",
    "not_start": "start",
    "not_end": "end",
    "does_not_match": "matches",
}


def _lower(text: str) -> str:
    return re.sub("[A-Z]", lambda match: match[0].lower(), text)


def _matches(left: str, right: str) -> bool:
    parts = re.findall(r"\\.|.", _lower(right), re.DOTALL)
    wild = {"%": ".*", "_": "."}
    pattern = "".join(wild.get(part) or re.escape(part[-1]) for part in parts)
    return re.fullmatch(pattern, _lower(left), re.DOTALL) is not None


_POSITIVE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
    "cont": lambda left, right: _lower(right) in _lower(left),
    "start": lambda left, right: _lower(left).startswith(_lower(right)),
    "end": lambda left, right: _lower(left).endswith(_lower(right)),
    "matches": _matches,
}
