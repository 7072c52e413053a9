"""The operator table: every operator's name, what it takes, its complement, and which types offer it.

The names are Ransack's, which the APIs of this domain speak. All answer in SQL's three values; NULL makes every one of
them unknown but `null`, `not_null`, `present` and `blank`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

__all__ = ["OPERATORS", "TYPES", "Arity", "Operator", "Quantifier", "defaults_of", "offered_by"]


class Arity(Enum):
    """What stands on the right of an operator."""

    SCALAR = "one value"
    LIST = "a list of values"
    FLAG = "true or false"


class Quantifier(Enum):
    """How a list form of a scalar operator joins its values."""

    ANY = "any"
    ALL = "all"


class Operator:
    """One row of the table; compared by identity, listed in the order in which results show their nodes.

    `symbol` is how a predicate shows itself, `complement` the operator that is TRUE exactly where this one is FALSE,
    `base` and `quantifier` take a form such as `cont_any` apart.

    >>> OPERATORS["gt"].complement, OPERATORS["cont_any"].base, OPERATORS["not_in"].arity.value
    (Operator('lteq'), Operator('cont'), 'a list of values')
    """

    __slots__ = ("arity", "base", "complement", "name", "order", "quantifier", "symbol")

    name: str
    symbol: str
    arity: Arity
    order: int
    base: Operator
    quantifier: Quantifier | None
    complement: Operator

    def __init__(
        self, name: str, symbol: str, arity: Arity, order: int, base: Operator | None, quantifier: Quantifier | None
    ) -> None:
        self.name = name
        self.symbol = symbol
        self.arity = arity
        self.order = order
        self.base = base or self
        self.quantifier = quantifier

    def __repr__(self) -> str:
        return f"Operator({self.name!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return (_named, (self.name,))


_ROWS = (
    # name, symbol, arity, complement, has _any and _all forms
    ("eq", "=", Arity.SCALAR, "not_eq", True),
    ("not_eq", "!=", Arity.SCALAR, "eq", True),
    ("gt", ">", Arity.SCALAR, "lteq", True),
    ("gteq", ">=", Arity.SCALAR, "lt", True),
    ("lt", "<", Arity.SCALAR, "gteq", True),
    ("lteq", "<=", Arity.SCALAR, "gt", True),
    ("in", "in", Arity.LIST, "not_in", False),
    ("not_in", "not in", Arity.LIST, "in", False),
    ("cont", "contains", Arity.SCALAR, "not_cont", True),
    ("not_cont", "does not contain", Arity.SCALAR, "cont", True),
    ("start", "starts with", Arity.SCALAR, "not_start", True),
    ("not_start", "does not start with", Arity.SCALAR, "start", True),
    ("end", "ends with", Arity.SCALAR, "not_end", True),
    ("not_end", "does not end with", Arity.SCALAR, "end", True),
    ("matches", "matches", Arity.SCALAR, "does_not_match", True),
    ("does_not_match", "does not match", Arity.SCALAR, "matches", True),
    ("true", "is true", Arity.FLAG, "false", False),
    ("false", "is false", Arity.FLAG, "true", False),
    ("null", "is null", Arity.FLAG, "not_null", False),
    ("not_null", "is not null", Arity.FLAG, "null", False),
    ("present", "is present", Arity.FLAG, "blank", False),
    ("blank", "is blank", Arity.FLAG, "present", False),
)


def _build() -> dict[str, Operator]:
    table: dict[str, Operator] = {}
    complements: dict[str, str] = {}
    for name, symbol, arity, complement, quantified in _ROWS:
        plain = table[name] = Operator(name, symbol, arity, len(table), None, None)
        complements[name] = complement
        if quantified:
            for quantifier, inverse in ((Quantifier.ANY, Quantifier.ALL), (Quantifier.ALL, Quantifier.ANY)):
                form = f"{name}_{quantifier.value}"
                shown = f"{symbol} {quantifier.value} of"
                table[form] = Operator(form, shown, Arity.LIST, len(table), plain, quantifier)
                complements[form] = f"{complement}_{inverse.value}"
    for name, operator in table.items():
        operator.complement = table[complements[name]]
    return table


OPERATORS: Final = MappingProxyType(_build())
"""All operators by name, in table order."""


def _named(name: str) -> Operator:
    return OPERATORS[name]


_EQUALITY = ("eq", "not_eq")
_LISTS = ("in", "not_in")
_ORDER = ("gt", "gteq", "lt", "lteq")
_NULL = ("null", "not_null")
_TEXT = ("cont", "not_cont", "start", "not_start", "end", "not_end", "matches", "does_not_match")


def _quantified(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{suffix}" for name in names for suffix in ("any", "all"))


_ORDERED = (_EQUALITY + _ORDER + _LISTS, _NULL + _quantified(*_EQUALITY, *_ORDER))
_DISCRETE = (_EQUALITY + _LISTS, _NULL)
_FLOAT = (_EQUALITY + _ORDER + _LISTS, _NULL)
_STRINGS = (
    (*_EQUALITY, "cont", "start", "end", *_LISTS, "cont_any"),
    (*_TEXT, *_ORDER, *_NULL, "present", "blank", *_quantified(*_EQUALITY, *_ORDER, *_TEXT)),
)

# Which operators a type has by default, and which a declaration may ask for.
_TYPES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        "boolean": (_EQUALITY, (*_LISTS, "true", "false", *_NULL, *_quantified(*_EQUALITY))),
        "integer": _ORDERED,
        "decimal": _ORDERED,
        "timestamp": _ORDERED,
        "date": _ORDERED,
        "float": _FLOAT,
        "text": _STRINGS,
        "uuid": _DISCRETE,
        "enum": _DISCRETE,
        "address": _DISCRETE,
    }
)

TYPES: Final = frozenset(_TYPES)
"""The names of value types that have operators."""


def _in_table_order(names: tuple[str, ...]) -> tuple[Operator, ...]:
    return tuple(operator for name, operator in OPERATORS.items() if name in names)


_DEFAULT: Final = MappingProxyType({name: _in_table_order(default) for name, (default, _) in _TYPES.items()})
_OFFERED: Final = MappingProxyType(
    {name: _in_table_order(default + optional) for name, (default, optional) in _TYPES.items()}
)


def defaults_of(type_name: str) -> tuple[Operator, ...]:
    """Give the operators that a type offers when a declaration names none.

    >>> [operator.name for operator in defaults_of("boolean")]
    ['eq', 'not_eq']
    """
    return _DEFAULT[type_name]


def offered_by(type_name: str) -> tuple[Operator, ...]:
    """Give all operators that a declaration may name for a type.

    >>> "gt" in [operator.name for operator in offered_by("uuid")]
    False
    """
    return _OFFERED[type_name]
