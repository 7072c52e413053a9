"""From a tree to a shape and its values: what all backends compile.

A shape is a tree of groups and leaves without any value; the values are a flat tuple in the order of the leaves. On the
way, comparisons over several attributes expand, NOT moves to the leaves (every operator has a complement that is TRUE
exactly where it is FALSE, so NULL stays out of both), then constants that the column cannot hold fold, and the members
of a group are sorted. In a shape each leaf answers "is TRUE", so two-valued `and` and `or` are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, assert_never

from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import AllOf, Field, Several
from jsonapi_sieve.operators import OPERATORS, Arity, Operator, Quantifier
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.predicate import MAXIMUM_DEPTH, And, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.relationship import Relationship
from jsonapi_sieve.types import Fit

__all__ = ["Group", "Leaf", "Normal", "Shape", "Some", "conditions_of", "fold_ascii", "normalize", "width_of"]


class Leaf(NamedTuple):
    """One test of one attribute. It takes one value, or none when `takes_value` is false.

    `folded` says that the test ignores the case of ASCII letters; its value is then in lower case already.
    """

    field: Field[Any]
    operator: Operator
    folded: bool

    @property
    def takes_value(self) -> bool:
        """Whether a value belongs to this leaf: to all but `null`, `not_null`, `present` and `blank`."""
        return self.operator.arity is not Arity.FLAG


class Group(NamedTuple):
    """All (`conjunction`) or any of the members; without members it is TRUE or FALSE."""

    conjunction: bool
    members: tuple[Shape, ...]


class Some(NamedTuple):
    """Whether some row that a relationship leads to passes `member`; or, when `holds` is false, that none does.

    The values of the member's leaves are its values.
    """

    relationship: Relationship
    holds: bool
    member: Shape


Shape: TypeAlias = Leaf | Group | Some


def conditions_of(shape: Shape) -> Iterator[Leaf | Some]:
    """Give what a shape tests of a row, in the order of its values; tests of related rows count as one."""
    if isinstance(shape, Group):
        for member in shape.members:
            yield from conditions_of(member)
    else:
        yield shape


def width_of(shape: Shape) -> int:
    """Count the values of a shape."""
    match shape:
        case Leaf():
            return int(shape.takes_value)
        case Group():
            return sum(map(width_of, shape.members))
        case Some():
            return width_of(shape.member)
        case _:  # pragma: no cover
            assert_never(shape)


class Normal(NamedTuple):
    """A predicate in normal form: `values` holds one value for each leaf of `shape` that takes one, in order."""

    shape: Shape
    values: tuple[Any, ...]


_ALWAYS: Final = Normal(Group(True, ()), ())
_NEVER: Final = Normal(Group(False, ()), ())
_EQ, _NOT_EQ = OPERATORS["eq"], OPERATORS["not_eq"]
_GT, _LTEQ = OPERATORS["gt"], OPERATORS["lteq"]
_IN, _NOT_IN = OPERATORS["in"], OPERATORS["not_in"]
_NOT_NULL = OPERATORS["not_null"]

_has_ascii_letter = re.compile("[A-Za-z]").search


def fold_ascii(text: str) -> str:
    """Put ASCII letters in lower case and leave all other characters alone: the one folding that all engines share.

    >>> fold_ascii("ÄbC")
    'Äbc'
    """
    if text.isascii():
        return text.lower()
    # Of bytes, lower() turns ASCII letters only; this is four times faster than str.translate.
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def normalize(predicate: Predicate) -> Normal:
    """Bring a predicate into normal form.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(16), nullable=True)
    >>> normalize(~Filters.rows_count.in_([1, 2, 70_000])).values
    ((1, 2),)

    Raises:
        CompileError: for a tree deeper than 32.
    """
    if predicate.depth > MAXIMUM_DEPTH:
        raise CompileError(f"the predicate is {predicate.depth} levels deep; at most {MAXIMUM_DEPTH} can be compiled")
    return _push(predicate, False)


def _push(node: Predicate, negated: bool) -> Normal:
    match node:
        case Comparison():
            if not isinstance(node.field, (Field, Several)):
                raise CompileError(f"{node.field!r} is no declared field")
            return _compare(node.field, node.operator, node.value, negated)
        case Not():
            return _push(node.member, not negated)
        case And() | Or():
            return _join(isinstance(node, And) is not negated, [_push(member, negated) for member in node.members])
        case Related():
            return _related(node, negated)
        case _:  # pragma: no cover
            assert_never(node)


def _related(node: Related, negated: bool) -> Normal:
    """Ask whether there is a related row, or none: NOT stays outside, for it speaks of all related rows."""
    if not isinstance(node.relationship, Relationship):
        raise CompileError(f"{node.relationship!r} is no declared relationship")
    inner = _push(node.member, False)
    if inner == _NEVER:
        return _ALWAYS if negated else _NEVER
    return Normal(Some(node.relationship, not negated, inner.shape), inner.values)


def _join(conjunction: bool, parts: Iterable[Normal]) -> Normal:
    """Join parts to one group, flat, without constants, its members in canonical order."""
    absorbing = _NEVER if conjunction else _ALWAYS
    kept: list[Normal] = []
    for part in parts:
        if not isinstance(part.shape, Group):
            kept.append(part)
        elif part == absorbing:
            return absorbing
        else:
            kept.extend(_members(part.shape, part.values, conjunction))
    if len(kept) == 1:
        return kept[0]
    group, order = _arranged(conjunction, tuple([shape for shape, _ in kept]))
    values: list[Any] = []
    for index in order:
        values.extend(kept[index].values)
    return Normal(group, tuple(values))


@lru_cache(maxsize=1024)
def _arranged(conjunction: bool, shapes: tuple[Shape, ...]) -> tuple[Group, tuple[int, ...]]:
    """Put shapes in canonical order; give their group and from where each of its members comes."""
    order = sorted(range(len(shapes)), key=lambda index: _sort_key(shapes[index]))
    return Group(conjunction, tuple(shapes[index] for index in order)), tuple(order)


def _members(group: Group, values: tuple[Any, ...], conjunction: bool) -> list[Normal]:
    """Take a group of this connective apart, each member with its own values; any other group is one member."""
    if group.conjunction is not conjunction:
        return [Normal(group, values)]
    taken, start = [], 0
    for member in group.members:
        end = start + width_of(member)
        taken.append(Normal(member, values[start:end]))
        start = end
    return taken


def _sort_key(shape: Shape) -> tuple[Any, ...]:
    match shape:
        case Leaf():
            # By the name, for own operators may share an order.
            return (0, shape.field.name, shape.operator.order, shape.operator.name, shape.folded)
        case Some():
            return (1, shape.relationship.name, shape.holds, _sort_key(shape.member))
        case Group():
            # By the connective, for below a relationship two that differ can stand side by side.
            return (2, shape.conjunction, tuple(map(_sort_key, shape.members)))
        case _:  # pragma: no cover
            assert_never(shape)


def _compare(field: Field[Any] | Several, operator: Operator, value: Any, negated: bool) -> Normal:
    if isinstance(field, Several):
        conjunction = isinstance(field, AllOf) is not negated
        return _join(conjunction, (_compare(single, operator, value, negated) for single in field.fields))
    if operator.arity is Arity.FLAG:
        return _flag(field, operator, bool(value) is not negated)
    operator = operator.complement if negated else operator
    if isinstance(operator, OwnOperator):
        return _own(field, operator, value)
    if operator.quantifier is None:
        return _scalar(field, operator, value)
    if operator.base.name in _TEXT_FOLDS:
        return _text_list(field, operator, value)
    return _quantified(field, operator, operator.quantifier, value)


def _flag(field: Field[Any], operator: Operator, holds: bool) -> Normal:
    operator = operator if holds else operator.complement
    if operator.name in ("true", "false"):
        return Normal(Leaf(field, _EQ, False), (operator.name == "true",))
    return Normal(Leaf(field, operator, False), ())


def _own(field: Field[Any], operator: OwnOperator, value: Any) -> Normal:
    """Test by an own operator; its constants are such that the column can hold."""
    if operator.quantifier is None:
        return Normal(Leaf(field, operator, False), (value,))
    if not value:
        return _NEVER if operator.quantifier is Quantifier.ANY else _ALWAYS
    if len(value) == 1:
        return Normal(Leaf(field, operator.base, False), value)
    return Normal(Leaf(field, operator, False), (value,))


def _scalar(field: Field[Any], operator: Operator, value: Any) -> Normal:
    if operator.name in _TEXT_FOLDS:
        return _text(field, operator, value)
    if operator.arity is Arity.LIST:
        return _list(field, operator, value)
    if field.type.unbounded:
        return Normal(Leaf(field, operator, False), (value,))
    return _bounded(field, operator, value)


def _bounded(field: Field[Any], operator: Operator, value: Any) -> Normal:
    """Compare with a constant that the column may be unable to hold; it then lies below, above or between."""
    fit, nearest = field.type.place(value)
    match fit:
        case Fit.EXACT:
            return Normal(Leaf(field, operator, False), (nearest,))
        case _ if operator is _EQ or operator is _NOT_EQ:
            return _NEVER if operator is _EQ else _not_null(field)
        case Fit.BELOW:
            return _not_null(field) if operator.name in ("gt", "gteq") else _NEVER
        case Fit.ABOVE:
            return _not_null(field) if operator.name in ("lt", "lteq") else _NEVER
        case Fit.BETWEEN:
            return Normal(Leaf(field, _GT if operator.name in ("gt", "gteq") else _LTEQ, False), (nearest,))
        case _:  # pragma: no cover
            assert_never(fit)


def _list(field: Field[Any], operator: Operator, values: tuple[Any, ...]) -> Normal:
    held = field.type.held(values)
    if held:
        return Normal(Leaf(field, operator, False), (held,))
    if operator is _IN:
        return _NEVER
    return _not_null(field) if values else _ALWAYS


def _not_null(field: Field[Any]) -> Normal:
    return Normal(Leaf(field, _NOT_NULL, False), ())


# The least or greatest value decides an order comparison with all or any of a list.
_DECIDING: Final[Mapping[tuple[str, Quantifier], Callable[..., Any]]] = MappingProxyType(
    {
        (name, quantifier): min if (name in ("gt", "gteq")) is (quantifier is Quantifier.ANY) else max
        for name in ("gt", "gteq", "lt", "lteq")
        for quantifier in Quantifier
    }
)


def _quantified(field: Field[Any], operator: Operator, quantifier: Quantifier, values: tuple[Any, ...]) -> Normal:
    if not values:
        return _NEVER if quantifier is Quantifier.ANY else _ALWAYS
    base = operator.base
    if base is _EQ and quantifier is Quantifier.ANY:
        return _scalar(field, _IN, values)
    if base is _NOT_EQ and quantifier is Quantifier.ALL:
        return _scalar(field, _NOT_IN, values)
    if base is _EQ or base is _NOT_EQ:
        if len(set(map(field.type.place, values))) == 1:
            return _scalar(field, base, values[0])
        return _NEVER if base is _EQ else _not_null(field)
    return _scalar(field, base, _DECIDING[base.name, quantifier](values))


# What a text test answers for the empty needle, wherever the attribute is not NULL; None where it has to look.
_TEXT_FOLDS: Final[Mapping[str, bool | None]] = MappingProxyType({
    "cont": True, "start": True, "end": True, "matches": None,
    "not_cont": False, "not_start": False, "not_end": False, "does_not_match": None,
})  # fmt: skip


def _text(field: Field[Any], operator: Operator, needle: str) -> Normal:
    answer = None if needle else _TEXT_FOLDS[operator.name]
    if answer is not None:
        return _not_null(field) if answer else _NEVER
    folded = _has_ascii_letter(needle) is not None
    return Normal(Leaf(field, operator, folded), (fold_ascii(needle) if folded else needle,))


def _text_list(field: Field[Any], operator: Operator, needles: tuple[str, ...]) -> Normal:
    conjunction = operator.quantifier is Quantifier.ALL
    if not needles:
        return _ALWAYS if conjunction else _NEVER
    answer = _TEXT_FOLDS[operator.base.name]
    looking = tuple(dict.fromkeys(fold_ascii(needle) for needle in needles if needle or answer is None))
    # The answer for the empty needle: FALSE decides an `all`, TRUE an `any`; else the others decide, if there are any.
    if answer is not None and "" in needles and (answer is not conjunction or not looking):
        return _not_null(field) if answer else _NEVER
    if len(looking) == 1:
        return _text(field, operator.base, looking[0])
    return Normal(Leaf(field, operator, any(map(_has_ascii_letter, looking))), (looking,))
