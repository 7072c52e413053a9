"""From a tree to a shape and its values: what all backends compile.

A shape is a tree of groups and leaves without any value; the values are a flat tuple in the order of the leaves. On the
way, comparisons over several attributes expand, NOT moves to the leaves (every operator has a complement that is TRUE
exactly where it is FALSE, so NULL stays out of both), then constants that the column cannot hold fold, and the members
of a group are sorted. In a shape each leaf answers "is TRUE", so two-valued `and` and `or` are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, assert_never

from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import AllOf, Field, Several
from jsonapi_sieve.operators import OPERATORS, Arity, Operator, Quantifier
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.predicate import (
    MAXIMUM_DEPTH,
    And,
    Comparison,
    Not,
    Or,
    Predicate,
    Related,
    normal_of,
    remember_normal,
)
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


_Way: TypeAlias = Callable[[Any, list[Any]], Shape]
"""Brings a comparison with a constant into normal form: gives its shape, and appends its values to a list."""

_FIELDS: Final = (Field, Several)
_GROUPS: Final = (And, Or)
_ALWAYS: Final = Group(True, ())
_NEVER: Final = Group(False, ())
_EQ, _NOT_EQ = OPERATORS["eq"], OPERATORS["not_eq"]
_GT, _LTEQ = OPERATORS["gt"], OPERATORS["lteq"]
_IN, _NOT_IN = OPERATORS["in"], OPERATORS["not_in"]
_NOT_NULL = OPERATORS["not_null"]
# Python 3.11 takes longer to look a member of an enumeration up than for all else that is done for most constants.
_FITS: Final = Fit.EXACT

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
    """Bring a predicate into normal form, which groups remember: a page and its count ask for it.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(16), nullable=True)
    >>> normalize(~Filters.rows_count.in_([1, 2, 70_000])).values
    ((1, 2),)

    Raises:
        CompileError: for a tree deeper than 32.
    """
    if not isinstance(predicate, _GROUPS):
        return _normal(predicate)
    normal: Normal | None = normal_of(predicate)
    if normal is None:
        normal = _normal(predicate)
        remember_normal(predicate, normal)
    return normal


def _normal(predicate: Predicate) -> Normal:
    if predicate.depth > MAXIMUM_DEPTH:
        raise CompileError(f"the predicate is {predicate.depth} levels deep; at most {MAXIMUM_DEPTH} can be compiled")
    values: list[Any] = []
    return Normal(_push(predicate, False, values), tuple(values))


def _push(node: Predicate, negated: bool, values: list[Any]) -> Shape:
    # Most nodes are comparisons, and a match takes twice as long to find that.
    if isinstance(node, Comparison):
        field = node.field
        if not isinstance(field, _FIELDS):
            raise CompileError(f"{field!r} is no declared field")
        return _way(field, node.operator, negated)(node.value, values)
    match node:
        case And() | Or():
            given: list[Any] = []
            shapes = tuple([_push(member, negated, given) for member in node.members])
            return _join(isinstance(node, And) is not negated, shapes, given, values)
        case Not():
            return _push(node.member, not negated, values)
        case Related():
            return _related(node, negated, values)
        case _:  # pragma: no cover
            assert_never(node)


def _related(node: Related, negated: bool, values: list[Any]) -> Shape:
    """Ask whether there is a related row, or none: NOT stays outside, for it speaks of all related rows."""
    if not isinstance(node.relationship, Relationship):
        raise CompileError(f"{node.relationship!r} is no declared relationship")
    inner = _push(node.member, False, values)
    if inner == _NEVER:
        return _ALWAYS if negated else _NEVER
    return Some(node.relationship, not negated, inner)


def _join(conjunction: bool, shapes: tuple[Shape, ...], given: list[Any], values: list[Any]) -> Shape:
    """Join shapes to one, and append those of the values given with them that are its own."""
    shape, order = _arranged(conjunction, shapes)
    values.extend(map(given.__getitem__, order))
    return shape


@lru_cache(maxsize=1024)
def _arranged(conjunction: bool, shapes: tuple[Shape, ...]) -> tuple[Shape, tuple[int, ...]]:
    """Join shapes to one group, flat, without constants, its members in canonical order.

    With it comes where each of its values is among those of all the shapes.
    """
    members: list[tuple[Shape, range]] = []
    end = 0
    for shape in shapes:
        if shape == Group(not conjunction, ()):
            return shape, ()
        dissolved = shape.members if isinstance(shape, Group) and shape.conjunction is conjunction else (shape,)
        for member in dissolved:
            start, end = end, end + width_of(member)
            members.append((member, range(start, end)))
    members.sort(key=lambda member: _sort_key(member[0]))
    order = tuple(index for _, indices in members for index in indices)
    return members[0][0] if len(members) == 1 else Group(conjunction, tuple(member for member, _ in members)), order


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


@lru_cache(maxsize=1024)
def _way(field: Field[Any] | Several, operator: Operator, negated: bool) -> _Way:
    """Find what brings comparisons into normal form, once for all constants."""
    if isinstance(field, Several):
        conjunction = isinstance(field, AllOf) is not negated
        return partial(_several, conjunction, [_way(single, operator, negated) for single in field.fields])
    if operator.arity is Arity.FLAG:
        return partial(_flag, field, operator, negated)
    operator = operator.complement if negated else operator
    if isinstance(operator, OwnOperator):
        return partial(_own, field, operator)
    if operator.quantifier is not None and operator.base.name not in _TEXT_FOLDS:
        return partial(_quantified, field, operator, operator.quantifier)
    return _way_of_test(field, operator)


def _way_of_test(field: Field[Any], operator: Operator) -> _Way:
    leaf = Leaf(field, operator, False)
    if operator.name in _TEXT_FOLDS:
        return partial(_text, leaf)
    if operator.quantifier is not None:
        return partial(_text_list, leaf)
    if operator.arity is Arity.LIST:
        return partial(_list, leaf)
    return partial(_exact if field.type.unbounded else _bounded, leaf)


def _several(conjunction: bool, ways: list[_Way], value: Any, values: list[Any]) -> Shape:
    given: list[Any] = []
    return _join(conjunction, tuple([way(value, given) for way in ways]), given, values)


def _flag(field: Field[Any], operator: Operator, negated: bool, value: Any, values: list[Any]) -> Shape:
    operator = operator.complement if bool(value) is negated else operator
    if operator.name in ("true", "false"):
        return _exact(Leaf(field, _EQ, False), operator.name == "true", values)
    return Leaf(field, operator, False)


def _own(field: Field[Any], operator: OwnOperator, value: Any, values: list[Any]) -> Shape:
    """Test by an own operator; its constants are such that the column can hold."""
    if operator.quantifier is None:
        return _exact(Leaf(field, operator, False), value, values)
    if not value:
        return _NEVER if operator.quantifier is Quantifier.ANY else _ALWAYS
    if len(value) == 1:
        return _exact(Leaf(field, operator.base, False), value[0], values)
    return _exact(Leaf(field, operator, False), value, values)


def _exact(leaf: Leaf, value: Any, values: list[Any]) -> Shape:
    values.append(value)
    return leaf


def _bounded(leaf: Leaf, value: Any, values: list[Any]) -> Shape:
    """Compare with a constant that the column may be unable to hold; it then lies below, above or between."""
    field, operator, _ = leaf
    fit, nearest = field.type.place(value)
    if fit is _FITS:
        return _exact(leaf, nearest, values)
    match fit:
        case _ if operator is _EQ or operator is _NOT_EQ:
            return _NEVER if operator is _EQ else _not_null(field)
        case Fit.BELOW:
            return _not_null(field) if operator.name in ("gt", "gteq") else _NEVER
        case Fit.ABOVE:
            return _not_null(field) if operator.name in ("lt", "lteq") else _NEVER
        case Fit.BETWEEN:
            return _exact(Leaf(field, _GT if operator.name in ("gt", "gteq") else _LTEQ, False), nearest, values)
        case _:  # pragma: no cover
            assert_never(fit)


def _list(leaf: Leaf, items: tuple[Any, ...], values: list[Any]) -> Shape:
    held = leaf.field.type.held(items)
    if held:
        return _exact(leaf, held, values)
    if leaf.operator is _IN:
        return _NEVER
    return _not_null(leaf.field) if items else _ALWAYS


def _not_null(field: Field[Any]) -> Leaf:
    return Leaf(field, _NOT_NULL, False)


# The least or greatest value decides an order comparison with all or any of a list.
_DECIDING: Final[Mapping[tuple[str, Quantifier], Callable[..., Any]]] = MappingProxyType(
    {
        (name, quantifier): min if (name in ("gt", "gteq")) is (quantifier is Quantifier.ANY) else max
        for name in ("gt", "gteq", "lt", "lteq")
        for quantifier in Quantifier
    }
)


def _quantified(
    field: Field[Any], operator: Operator, quantifier: Quantifier, items: tuple[Any, ...], values: list[Any]
) -> Shape:
    if not items:
        return _NEVER if quantifier is Quantifier.ANY else _ALWAYS
    base = operator.base
    if base is _EQ and quantifier is Quantifier.ANY:
        return _list(Leaf(field, _IN, False), items, values)
    if base is _NOT_EQ and quantifier is Quantifier.ALL:
        return _list(Leaf(field, _NOT_IN, False), items, values)
    if base is _EQ or base is _NOT_EQ:
        if len(set(map(field.type.place, items))) == 1:
            return _way(field, base, False)(items[0], values)
        return _NEVER if base is _EQ else _not_null(field)
    return _way(field, base, False)(_DECIDING[base.name, quantifier](items), values)


# What a text test answers for the empty needle, wherever the attribute is not NULL; None where it has to look.
_TEXT_FOLDS: Final[Mapping[str, bool | None]] = MappingProxyType({
    "cont": True, "start": True, "end": True, "matches": None,
    "not_cont": False, "not_start": False, "not_end": False, "does_not_match": None,
})  # fmt: skip


def _text(leaf: Leaf, needle: str, values: list[Any]) -> Shape:
    answer = None if needle else _TEXT_FOLDS[leaf.operator.name]
    if answer is not None:
        return _not_null(leaf.field) if answer else _NEVER
    if _has_ascii_letter(needle):
        return _exact(leaf._replace(folded=True), fold_ascii(needle), values)
    return _exact(leaf, needle, values)


def _text_list(leaf: Leaf, needles: tuple[str, ...], values: list[Any]) -> Shape:
    field, operator, _ = leaf
    conjunction = operator.quantifier is Quantifier.ALL
    if not needles:
        return _ALWAYS if conjunction else _NEVER
    answer = _TEXT_FOLDS[operator.base.name]
    looking = tuple(dict.fromkeys(fold_ascii(needle) for needle in needles if needle or answer is None))
    # The answer for the empty needle: FALSE decides an `all`, TRUE an `any`; else the others decide, if there are any.
    if answer is not None and "" in needles and (answer is not conjunction or not looking):
        return _not_null(field) if answer else _NEVER
    if len(looking) == 1:
        return _text(Leaf(field, operator.base, False), looking[0], values)
    return _exact(Leaf(field, operator, any(map(_has_ascii_letter, looking))), looking, values)
