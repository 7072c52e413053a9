"""Predicates read as SQL reads them, from the leaves up, in three values: slow, plain, and without any normal form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, assert_never

from jsonapi_sieve import AllOf, And, Comparison, Not, Or, Predicate, Related, ToMany
from jsonapi_sieve.field import Several
from jsonapi_sieve.operators import Arity, Operator, Quantifier
from jsonapi_sieve.predicate import Attribute

__all__ = ["Row", "Truth", "exactly", "ignores_case", "lower", "related_rows", "truth_of"]

Truth: TypeAlias = bool | None
Row: TypeAlias = Mapping[str, Any]


def lower(text: str) -> str:
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in text)


def like(text: str, pattern: str) -> bool:
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "%":
        return any(like(text[start:], rest) for start in range(len(text) + 1))
    if head == "_":
        return text != "" and like(text[1:], rest)
    if head == "\\":
        head, rest = rest[0], rest[1:]
    return text[:1] == head and like(text[1:], rest)


_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda held, value: held == value,
    "gt": lambda held, value: held > value,
    "gteq": lambda held, value: held >= value,
    "cont": lambda held, value: value in held,
    "start": lambda held, value: held.startswith(value),
    "end": lambda held, value: held.endswith(value),
    "matches": like,
    "in": lambda held, values: held in values,
    "null": lambda held, _: held is None,
    "present": lambda held, _: held not in (None, ""),
}


def exactly(operator: Operator, held: object, value: object) -> bool:
    """Test in two values, without folding, by one of each pair of complements."""
    if operator.name in _TESTS:
        return _TESTS[operator.name](held, value)
    return not _TESTS[operator.complement.name](held, value)


def ignores_case(operator: Operator) -> bool:
    """Whether an operator, or the one that it is a form of, ignores the case of ASCII letters."""
    return operator.base.name.removeprefix("not_") in ("cont", "start", "end", "matches", "does_not_match")


def not_3(truth: Truth) -> Truth:
    return None if truth is None else not truth


def any_3(truths: Iterable[Truth]) -> Truth:
    met = set(truths)
    return True if True in met else None if None in met else False


def all_3(truths: Iterable[Truth]) -> Truth:
    return not_3(any_3(map(not_3, truths)))


def truth_of(node: Predicate, row: Row) -> Truth:
    """Read a tree as SQL does, from its leaves up."""
    match node:
        case Comparison(field=Several() as field):
            join = all_3 if isinstance(field, AllOf) else any_3
            return join(truth_of(Comparison(single, node.operator, node.value), row) for single in field.fields)
        case Comparison():
            return compared(node.operator, row[node.field.name], node.value)
        case And():
            return all_3(truth_of(member, row) for member in node.members)
        case Or():
            return any_3(truth_of(member, row) for member in node.members)
        case Not():
            return not_3(truth_of(node.member, row))
        case Related():
            return any(truth_of(node.member, other) is True for other in related_rows(node.relationship, row))
        case _:
            assert_never(node)


def related_rows(relationship: Attribute, row: Row) -> list[Row]:
    held = row[relationship.name]
    if isinstance(relationship, ToMany):
        return list(held)
    return [] if held is None else [held]


def compared(operator: Operator, held: Any, value: Any) -> Truth:
    if operator.name in ("true", "false"):
        asked = (operator.name == "true") is value
        return None if held is None else held is asked
    if operator.arity is Arity.FLAG:
        return exactly(operator, held, None) is value
    if operator.name == "in":
        return any_3(None if held is None else held == item for item in value)
    if operator.name == "not_in":
        return not_3(compared(operator.complement, held, value))
    if operator.quantifier is not None:
        join = all_3 if operator.quantifier is Quantifier.ALL else any_3
        return join(compared(operator.base, held, item) for item in value)
    if held is None:
        return None
    return exactly(operator, lower(held), lower(value)) if ignores_case(operator) else exactly(operator, held, value)
