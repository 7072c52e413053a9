"""Between parameters with their values and the predicate that they mean: both ways, over relationships and groups.

A level of parameters means an And: its own nodes in canonical order, then its groups. Parameters that go through one
relationship in one way share a node, so that all of them speak of the same related row. Groups are named as members of
the family: `filter[or][1][status-eq]=Failed&filter[or][2][rows-count-eq]=0`. The branches of `or` are joined by OR,
each branch of `not` is turned, and `and` holds together what shall not share a level, such as two ORs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from types import MappingProxyType, MethodType
from typing import Any, Final, NamedTuple, TypeAlias, TypeGuard, assert_never

from jsonapi_sieve.declaration import Connective, Declaration, Parameter, Path
from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.predicate import MAXIMUM_DEPTH, And, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.relationship import Hop, Relationship

__all__ = [
    "Branch",
    "Groups",
    "branch_of",
    "flat_tree",
    "is_group",
    "key_of",
    "too_deep",
    "tree_of",
    "without_defaults",
]

_NOTHING: Final[Mapping[Parameter, object]] = MappingProxyType({})
_LEVELS: Final[dict[Connective, int]] = {"and": 1, "or": 2, "not": 2}

Groups: TypeAlias = tuple[tuple[Connective, int], ...]
"""The groups that a parameter stands in, from the outside in, each with the number of the branch."""


class Branch(NamedTuple):
    """The parameters of one level with their values, and its groups: a connective and its branches by number."""

    values: dict[Parameter, object]
    groups: dict[Connective, dict[int, Branch]]

    def at(self, groups: Groups) -> Branch:
        """Give the branch that groups lead to, made when it is first asked for."""
        branch = self
        for connective, number in groups:
            branch = branch.groups.setdefault(connective, {}).setdefault(number, Branch({}, {}))
        return branch

    def each(self, groups: Groups = ()) -> Iterator[tuple[Groups, Parameter, Any]]:
        """Give all values with their parameters and groups, those of each level before those of its groups."""
        yield from ((groups, parameter, value) for parameter, value in self.values.items())
        for connective, branches in self.groups.items():
            for number, branch in branches.items():
                yield from branch.each((*groups, (connective, number)))


def key_of(parameter: Parameter, groups: Groups = ()) -> str:
    """Write the canonical query parameter of a parameter within groups.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     duration = Field(types.Integer(32))
    >>> key_of(Filters().parameters[0], (("or", 1),))
    'filter[or][1][duration-eq]'
    """
    inside = "".join(f"[{connective}][{number}]" for connective, number in groups)
    return f"filter{inside}{parameter.key.removeprefix('filter')}"


def too_deep(parameter: Parameter, groups: Groups, limits: Limits) -> str | None:
    """Say that a parameter is nested deeper than the budget, or than a tree may be; None for one that is not."""
    nested = len(groups) + len(parameter.path)
    depth = parameter.depth + sum(_LEVELS[connective] for connective, _ in groups)
    if nested > limits.depth:
        return f"The filter is nested {nested} groups and relationships deep; at most {limits.depth} are read."
    if depth > MAXIMUM_DEPTH:
        return f"The filter makes a predicate of {depth} levels; at most {MAXIMUM_DEPTH} are compiled."
    return None


def tree_of(declaration: Declaration, branch: Branch, now: datetime | None) -> And:
    """Build the predicate of given values and of the defaults that they do not lift, in canonical order.

    What stands in a group lifts no default: it holds for some rows only.

    Raises:
        TypeError: for a naive `now`, which names no moment.
    """
    if not branch.groups:
        return flat_tree(declaration, branch.values, now)
    return And(*_level(branch, declaration.assumed(branch.values, now)))


def flat_tree(declaration: Declaration, values: dict[Parameter, object], now: datetime | None) -> And:
    """Build the predicate of values without groups; see `tree_of`."""
    if now is None and declaration.is_flat:
        return And.later(MethodType(_comparisons, values), 2 if values else 1)
    assumed = declaration.assumed(values, now)
    near = declaration.through.isdisjoint
    if not (near(values) and near(assumed)):
        return And(*_level(Branch(values, {}), assumed))
    return And.later(partial(_comparisons, values, assumed), 2 if values or assumed else 1)


def _comparisons(
    given: Mapping[Parameter, object], assumed: Mapping[Parameter, object] = _NOTHING
) -> tuple[Comparison, ...]:
    values = {**given, **assumed}
    return tuple([_comparison(parameter, values, assumed) for parameter in sorted(values, key=_position)])


def _comparison(parameter: Parameter, values: Mapping[Parameter, object], assumed: Collection[Parameter]) -> Comparison:
    return Comparison(parameter.field, parameter.operator, values[parameter], parameter in assumed)


def _position(parameter: Parameter) -> int:
    return parameter.position


def _level(branch: Branch, assumed: Mapping[Parameter, object]) -> Iterator[Predicate]:
    values = {**branch.values, **assumed}

    def nodes(parameters: Iterable[Parameter], length: int) -> Iterator[Predicate]:
        for hop, found in groupby(parameters, key=lambda parameter: parameter.path[length : length + 1]):
            if hop:
                yield hop[0].over(And(*nodes(found, length + 1)))
            else:
                yield from (_comparison(parameter, values, assumed) for parameter in found)

    def branches(connective: Connective) -> list[And]:
        return [And(*_level(below, {})) for _, below in sorted(branch.groups.get(connective, {}).items())]

    yield from nodes(sorted(values, key=_position), 0)
    yield from branches("and")
    if alternatives := branches("or"):
        yield Or(*alternatives)
    yield from map(Not, branches("not"))


def is_group(node: Predicate) -> TypeGuard[And | Or | Not]:
    """Tell whether a member of a level is a group of parameters, and not a parameter or what several ask of one hop."""
    return isinstance(node, (And, Or)) or (isinstance(node, Not) and not isinstance(node.member, Related))


def without_defaults(predicate: And) -> And:
    """Give what a client asked for: the same predicate without the declared defaults.

    >>> from jsonapi_sieve import Default, Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     duration = Field(types.Integer(32))
    ...     rules = (Default("duration_gt", 0),)
    >>> without_defaults(Filters().parse("filter[duration-lt]=60"))
    And(duration < 60)
    """
    kept = map(_asked, predicate.members)
    return And(*(node for node in kept if node is not None))


def _asked(node: Predicate) -> Predicate | None:
    match node:
        case Comparison():
            return None if node.default else node
        case And():
            kept = without_defaults(node)
            return kept if kept.members else None
        case Not():
            member = _asked(node.member)
            return None if member is None else Not(member)
        case Related():
            member = _asked(node.member)
            return None if member is None else Related(node.relationship, member)
        case Or():  # a group, and those have no defaults
            return node
        case _:  # pragma: no cover
            assert_never(node)


def branch_of(declaration: Declaration, predicate: Predicate) -> Branch:
    """Take a predicate apart that `tree_of` could have built; declared defaults are left out.

    Raises:
        NotRenderable: for any other; but not for all others, so build the tree again and compare.
    """
    if not isinstance(predicate, And):
        raise NotRenderable(f"only an And has parameters, not {type(predicate).__name__}")
    return _Reading(declaration).level(predicate)


class _Reading:
    """Finds the parameter of each node that somebody asked for, and the group of each that is no parameter's."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration = declaration

    def level(self, node: And) -> Branch:
        branch = Branch({}, {})
        for member in node.members:
            if is_group(member):
                self._group(member, branch)
            else:
                self._parameter(member, (), branch)
        return branch

    def _parameter(self, node: Predicate, path: Path, branch: Branch) -> None:
        match node:
            case Comparison(field=Field() | Several() as field):
                parameter = self._declaration.by_test.get((path, field, node.operator))
                if parameter is None:
                    raise NotRenderable(f"{node!r} has no parameter of its own")
                if node.default:
                    return
                branch.values[parameter] = node.value
            case _:
                hop, members = _hop_of(node)
                for member in members:
                    self._parameter(member, (*path, hop), branch)

    def _group(self, node: And | Or | Not, branch: Branch) -> None:
        match node:
            case And():
                self._add(branch, "and", [node])
            case Or(members=members):
                self._add(branch, "or", members)
            case Not(member=member):
                self._add(branch, "not", [member])
            case _:  # pragma: no cover
                assert_never(node)

    def _add(self, branch: Branch, connective: Connective, members: Iterable[Predicate]) -> None:
        for member in members:
            if not (self._declaration.groups and isinstance(member, And)):
                raise NotRenderable(f"{member!r} is no group of parameters here")
            branches = branch.groups.setdefault(connective, {})
            branches[len(branches) + 1] = self.level(member)


def _hop_of(node: Predicate) -> tuple[Hop, tuple[Predicate, ...]]:
    match node:
        case Related(relationship=Relationship() as relationship, member=And(members=members)):
            return Hop(relationship, "any"), members
        case Not(member=Related(relationship=Relationship() as relationship, member=And(members=members))):
            return Hop(relationship, "none"), members
        case Not(member=Related(relationship=Relationship() as relationship, member=Not(member=And(members=members)))):
            return Hop(relationship, "all"), members
        case _:
            raise NotRenderable(f"{node!r} has no parameter of its own")
