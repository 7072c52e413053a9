"""The predicate tree: immutable, hashable nodes without any engine.

`And` of nothing is TRUE and `Or` of nothing is FALSE, so `TRUE` and `FALSE` are those two and need no classes of their
own. Nodes join by `&` and `|` (which flatten, and so copy what is joined already: thousands join by one `And` or `Or`)
and turn by `~`. The truth of a tree is SQL's, in three values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, Self, TypeAlias, final

from jsonapi_sieve.operators import Arity, Operator

__all__ = ["FALSE", "MAXIMUM_DEPTH", "TRUE", "And", "Attribute", "Comparison", "Not", "Or", "Predicate", "Related"]

MAXIMUM_DEPTH: Final = 32
"""Trees deeper than this are refused when they are compiled: SQLAlchemy's compiler recurses and fails at some 200."""


class Attribute(Protocol):
    """What a node needs to know of the attribute it tests or follows: of a field or a relationship."""

    @property
    def name(self) -> str:
        """The attribute's underscored name."""


class _Node:
    """What all nodes share: joining by operators, and immutability."""

    __slots__ = ("_hash", "depth")

    depth: int
    _hash: int

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a predicate cannot be changed: {name} is fixed when it is made")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a predicate cannot be changed: {name} is fixed when it is made")

    def __bool__(self) -> NoReturn:
        raise TypeError("a predicate has no truth value: join predicates with &, | and ~, and run them with a backend")

    def __and__(self, other: Predicate) -> And:
        return And(*_members(self, And), *_members(other, And))

    def __or__(self, other: Predicate) -> Or:
        return Or(*_members(self, Or), *_members(other, Or))

    def __invert__(self) -> Predicate:
        return Not(self)  # type: ignore[arg-type]  # every node class is a member of the union

    def _parts(self) -> tuple[object, ...]:
        raise NotImplementedError  # pragma: no cover

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            value = hash((type(self), self._parts()))
            _set_hash(self, value)
            return value

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, _Node) or type(self) is not type(other):
            return NotImplemented
        return self.depth == other.depth and self._parts() == other._parts()

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), self._parts())


@final
class Comparison(_Node):
    """One test of one attribute: `operator` against `value`, a constant, a tuple of constants or a flag.

    Made by a field's methods or by parsing, which check the value's type. `default` marks a comparison that nobody
    asked for: a declared default, which `render` and `dump` leave out.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(32), nullable=True)
    >>> Filters.rows_count.gteq(10)
    rows_count >= 10
    """

    __slots__ = ("default", "field", "operator", "value")

    field: Attribute
    operator: Operator
    value: Any
    default: bool

    def __init__(self, field: Attribute, operator: Operator, value: object, default: bool = False) -> None:
        _set_field(self, field)
        _set_operator(self, operator)
        _set_value(self, value)
        _set_default(self, default)
        _set_depth(self, 1)

    def _parts(self) -> tuple[object, ...]:
        return (self.field, self.operator, self.value, self.default)

    def __repr__(self) -> str:
        if self.operator.arity is Arity.FLAG and self.value:
            shown = f"{self.field.name} {self.operator.symbol}"
        elif self.operator.arity is Arity.FLAG:
            shown = f"not ({self.field.name} {self.operator.symbol})"
        else:
            shown = f"{self.field.name} {self.operator.symbol} {self.value!r}"
        return f"default({shown})" if self.default else shown


class _Group(_Node):
    """A node with any number of members."""

    __slots__ = ("_make", "_normal", "members")

    _make: Callable[[], tuple[Predicate, ...]]

    def __init__(self, *members: Predicate) -> None:
        for member in members:
            if not isinstance(member, _Node):
                raise TypeError(f"{type(self).__name__} joins predicates, not {type(member).__name__}")
        _set_members(self, members)
        remember_normal(self, None)
        _set_depth(self, 1 + max((member.depth for member in members), default=0))

    @classmethod
    def later(cls, make: Callable[[], tuple[Predicate, ...]], depth: int) -> Self:
        """Give a group that makes its members when they are first looked at; its depth has to be known before.

        Half the time of parsing a short query would go into nodes that a repeated request may never look at.
        """
        group = _new(cls)
        _set_make(group, make)
        remember_normal(group, None)
        _set_depth(group, depth)
        return group

    if TYPE_CHECKING:
        members: tuple[Predicate, ...]
    else:  # to a type checker, it would make every name an attribute

        def __getattr__(self, name: str) -> tuple[Predicate, ...]:
            if name != "members":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            members = self._make()
            _set_members(self, members)
            return members

    def _parts(self) -> tuple[object, ...]:
        return self.members


@final
class And(_Group):
    """TRUE when all members are; of none it is TRUE."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"And({', '.join(map(repr, self.members))})" if self.members else "TRUE"


@final
class Or(_Group):
    """TRUE when one member is; of none it is FALSE."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Or({', '.join(map(repr, self.members))})" if self.members else "FALSE"


@final
class Not(_Node):
    """TRUE when its member is FALSE; unknown stays unknown. `~~p` is `p`, which three-valued logic allows."""

    __slots__ = ("member",)

    member: Predicate

    def __init__(self, member: Predicate) -> None:
        if not isinstance(member, _Node):
            raise TypeError(f"Not turns a predicate, not {type(member).__name__}")
        _set_member(self, member)
        _set_depth(self, 1 + member.depth)

    def __invert__(self) -> Predicate:
        return self.member

    def _parts(self) -> tuple[object, ...]:
        return (self.member,)

    def __repr__(self) -> str:
        return f"Not({self.member!r})"


@final
class Related(_Node):
    """TRUE when `member` is TRUE for some row that a relationship leads to, else FALSE, never unknown.

    So NOT over it means that there is no such row. Made by `any`, `none` and `all` of a relationship, and by parsing.

    >>> from jsonapi_sieve import Field, FilterSet, ToOne, types
    >>> class AccountFilters(FilterSet):
    ...     name = Field(types.Text())
    >>> class CdrFilters(FilterSet):
    ...     account = ToOne(AccountFilters)
    >>> ~CdrFilters.account.any(AccountFilters.name.cont("north"))
    Not(Related(account, And(name contains 'north')))
    """

    __slots__ = ("member", "relationship")

    relationship: Attribute
    member: Predicate

    def __init__(self, relationship: Attribute, member: Predicate) -> None:
        if not isinstance(member, _Node):
            raise TypeError(f"Related tests rows by a predicate, not by {type(member).__name__}")
        _set_relationship(self, relationship)
        _set_related(self, member)
        _set_depth(self, 1 + member.depth)

    def _parts(self) -> tuple[object, ...]:
        return (self.relationship, self.member)

    def __repr__(self) -> str:
        return f"Related({self.relationship.name}, {self.member!r})"


Predicate: TypeAlias = Comparison | And | Or | Not | Related

_new = object.__new__

# The slots' own descriptors write past __setattr__: twice as fast as object.__setattr__.
_set_hash = _Node.__dict__["_hash"].__set__
_set_depth = _Node.__dict__["depth"].__set__
_set_field = Comparison.__dict__["field"].__set__
_set_operator = Comparison.__dict__["operator"].__set__
_set_value = Comparison.__dict__["value"].__set__
_set_default = Comparison.__dict__["default"].__set__
_set_make = _Group.__dict__["_make"].__set__
_set_members = _Group.__dict__["members"].__set__
_set_member = Not.__dict__["member"].__set__
_set_relationship = Related.__dict__["relationship"].__set__
_set_related = Related.__dict__["member"].__set__

# What `normalize` made of a group, or None.
normal_of = _Group.__dict__["_normal"].__get__
remember_normal = _Group.__dict__["_normal"].__set__


def _members(node: _Node, group: type[And | Or]) -> tuple[Predicate, ...]:
    return node.members if isinstance(node, group) else (node,)  # type: ignore[return-value]


TRUE: Final = And()
FALSE: Final = Or()
