"""Operators of an application's own: each is a value, with a form for every backend or the reason why it has none.

A form tests a value that is not NULL against one constant. What is the same for all operators is done here and in the
backends: NULL, the complement, lists, and the guard that no constant gets into code or SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, final

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.names import check_name
from jsonapi_sieve.operators import OPERATORS, Arity, Operator, Quantifier
from jsonapi_sieve.types import ValueType
from jsonapi_sieve.types.base import Textual

__all__ = ["ENGINES", "Backends", "Form", "OwnOperator", "Refused", "define_operator"]

AnyType: TypeAlias = ValueType[Any, Any]

ENGINES: Final = ("sqlite", "postgresql", "cockroachdb", "mariadb", "duckdb", "clickhouse")
"""The engines of which SQLAlchemy's dialects have rules."""

Form: TypeAlias = Callable[[Any, Any], Any]
"""Makes a condition of a column and a constant, in the expressions of SQLAlchemy or of Narwhals."""


@final
class Refused:
    """Stands for a form that an operator does not have on an engine; the reason is told to whoever asks for it."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason: str = reason

    def __repr__(self) -> str:
        return f"Refused({self.reason!r})"


class Backends(NamedTuple):
    """The forms of an operator on all backends.

    `python` makes of a constant the test of a value; the value is of the form that constants have.

    `sqlalchemy` makes a condition of a column and a constant, each an expression of SQLAlchemy: one function for all
    engines, or for each of `ENGINES` a function or `Refused`. It is called when a statement is compiled, which then
    serves all constants.

    `narwhals` makes a condition of an expression of Narwhals and a constant, the value itself; or it is `Refused`.

    A condition that is unknown of a value counts as false.
    """

    python: Callable[[Any], Callable[[Any], object]]
    sqlalchemy: Form | Mapping[str, Form | Refused]
    narwhals: Form | Refused


class _Definition:
    """What all operators of one definition share."""

    __slots__ = ("backends", "null", "on", "operand")

    def __init__(
        self, backends: Backends, on: tuple[type[AnyType], ...], operand: AnyType | None, null: bool | None
    ) -> None:
        self.backends: Backends = backends
        self.on: tuple[type[AnyType], ...] = on
        self.operand: AnyType | None = operand
        self.null: bool | None = null


@final
class OwnOperator(Operator):
    """An operator that `define_operator` made, or one that belongs to it: its complement, `.any` or `.all`.

    `holds` is false of complements: they hold where the forms are false. `null` is what it answers of NULL.
    """

    __slots__ = ("_definition", "_lists", "holds", "null")

    base: OwnOperator
    complement: OwnOperator
    holds: bool
    null: bool | None

    def __init__(
        self,
        definition: _Definition,
        name: str,
        place: int,
        *,
        holds: bool,
        base: OwnOperator | None = None,
        quantifier: Quantifier | None = None,
    ) -> None:
        arity = Arity.SCALAR if quantifier is None else Arity.LIST
        super().__init__(name, name.replace("_", " "), arity, len(OPERATORS) + place, base, quantifier)
        self._definition = definition
        self._lists: dict[Quantifier, OwnOperator] = {}
        self.holds = holds
        self.null = definition.null if definition.null is None else definition.null is holds

    @property
    def any(self) -> OwnOperator:
        """The form that takes a list and holds where the operator holds for one of its values.

        Raises:
            DeclarationError: for an operator that takes a list itself.
        """
        return self._list(Quantifier.ANY)

    @property
    def all(self) -> OwnOperator:
        """The form that takes a list and holds where the operator holds for each of its values; raises as `any`."""
        return self._list(Quantifier.ALL)

    @property
    def backends(self) -> Backends:
        """The forms; those of a complement are those of what it turns."""
        return self._definition.backends

    @property
    def positive(self) -> OwnOperator:
        """The operator for one constant that the forms are of."""
        return self.base if self.base.holds else self.base.complement

    def operand_for(self, type: AnyType) -> AnyType:
        """Give the type of the constants, on an attribute of a type."""
        return self._definition.operand or type

    def unfit(self, type: AnyType) -> str | None:
        """Say why the operator is none of a value type; None where it is one."""
        if not isinstance(type, self._definition.on):
            return f"it is an operator of {', '.join(cls.__name__ for cls in self._definition.on)}"
        if self.quantifier is not None and not isinstance(self.operand_for(type), Textual):
            return f"its list would hold {self.operand_for(type)!r}, and lists of own operators hold text"
        return None

    def sql_form(self, engine: str) -> Form | Refused:
        """Give the form for an engine."""
        forms = self.backends.sqlalchemy
        return forms[engine] if isinstance(forms, Mapping) else forms

    def listed(self, quantifier: Quantifier, takes: Arity) -> OwnOperator:
        """Make the form for lists; an operator that takes a list itself gives it its name."""
        place = 2 + 2 * (quantifier is Quantifier.ALL) + (not self.holds)
        name = self.name if takes is Arity.LIST else f"{self.name}_{quantifier.value}"
        made = OwnOperator(self._definition, name, place, holds=self.holds, base=self, quantifier=quantifier)
        self._lists[quantifier] = made
        return made

    def _list(self, quantifier: Quantifier) -> OwnOperator:
        if quantifier not in self._lists:
            raise DeclarationError(f"the operator {self.name} takes a list itself; it has no form {quantifier.value!r}")
        return self._lists[quantifier]

    def __copy__(self) -> OwnOperator:
        return self

    def __deepcopy__(self, memo: object) -> OwnOperator:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(f"the operator {self.name} cannot be pickled: it is known by its identity")


def define_operator(
    name: str,
    backends: Backends,
    *,
    on: type[AnyType] | tuple[type[AnyType], ...],
    takes: Arity = Arity.SCALAR,
    operand: AnyType | None = None,
    null: bool | None = None,
) -> OwnOperator:
    """Define an operator, once for a module; a declaration takes it: `Field(..., operators=(*DEFAULTS, within))`.

    `on` are the classes of value types that it tests, `operand` the type of its constants where that is another one.
    It `takes` one value, and then has `.any` and `.all` for lists; or `Arity.LIST`, and then holds where it holds for
    one of the values. Its `.complement` has the name with `not_` before it. Of NULL both answer NULL, which passes
    neither; `null=True` lets NULL pass the operator, `null=False` its complement.

    >>> from jsonapi_sieve import DEFAULTS, Field, FilterSet, types
    >>> from jsonapi_sieve.backends.python import compile_python
    >>> shorter = define_operator(
    ...     "shorter",
    ...     Backends(
    ...         python=lambda most: lambda text: len(text) < most,
    ...         sqlalchemy=dict.fromkeys(ENGINES, Refused("lengths of text are counted in many ways")),
    ...         narwhals=lambda column, most: column.str.len_chars() < most,
    ...     ),
    ...     on=types.Text,
    ...     operand=types.Integer(16),
    ... )
    >>> class Filters(FilterSet):
    ...     name = Field(types.Text(), operators=(*DEFAULTS, shorter))
    >>> short = Filters().parse("filter[name-shorter]=3")
    >>> short, compile_python(short).select([{"name": "ab"}, {"name": "abc"}, {"name": None}])
    (And(name shorter 3), [{'name': 'ab'}])

    Raises:
        DeclarationError: for a backend that is missing, which it names; for a name that cannot be one or is taken.
    """
    classes: tuple[object, ...] = on if isinstance(on, tuple) else (on,)
    if missing := [*_missing(*backends)]:
        told = f"the operator {name} has no form for {', '.join(missing)}"
        raise DeclarationError(f"{told}: give a function for each, or Refused with the reason")
    if not classes or not all(isinstance(cls, type) and issubclass(cls, ValueType) for cls in classes):
        raise DeclarationError(f"on= of the operator {name} takes classes of value types, not {on!r}")
    given: object = operand
    if given is not None and not isinstance(given, ValueType):
        raise DeclarationError(f"the operand of {name} is a value type such as types.Integer(), not {operand!r}")
    if takes not in (Arity.SCALAR, Arity.LIST):
        raise DeclarationError(f"the operator {name} takes Arity.SCALAR or Arity.LIST, not {takes!r}")
    definition = _Definition(_frozen(backends), on if isinstance(on, tuple) else (on,), operand, null)
    defined, *others = _family(definition, check_name(name), takes)
    if taken := [operator.name for operator in (defined, *others) if operator.name in OPERATORS]:
        raise DeclarationError(f"{', '.join(taken)}: the library has an operator of this name")
    return defined


def _missing(python: object, sqlalchemy: object, narwhals: object) -> Iterator[str]:
    """Name the backends of which an operator says nothing."""
    if not callable(python):
        yield "Python"
    if isinstance(sqlalchemy, Mapping):
        if unknown := [engine for engine in sqlalchemy if engine not in ENGINES]:
            raise DeclarationError(f"{', '.join(map(repr, unknown))}: engines are {', '.join(ENGINES)}")
        yield from (f"SQLAlchemy on {engine}" for engine in ENGINES if not _is_told(sqlalchemy.get(engine)))
    elif not callable(sqlalchemy):
        yield "SQLAlchemy"
    if not _is_told(narwhals):
        yield "Narwhals"


def _is_told(form: object) -> bool:
    if isinstance(form, Refused):
        return bool(form.reason.strip())
    return callable(form) and form is not Refused


def _frozen(backends: Backends) -> Backends:
    forms = backends.sqlalchemy
    return backends._replace(sqlalchemy=MappingProxyType(dict(forms))) if isinstance(forms, Mapping) else backends


def _family(definition: _Definition, name: str, takes: Arity) -> list[OwnOperator]:
    """Make an operator and all that belong to it; the first is that which is defined."""
    plain = OwnOperator(definition, name, 0, holds=True)
    turned = OwnOperator(definition, f"not_{name}", 1, holds=False)
    pairs = [(plain, turned)]
    quantifiers = (Quantifier.ANY,) if takes is Arity.LIST else tuple(Quantifier)
    for quantifier in quantifiers:
        inverse = Quantifier.ALL if quantifier is Quantifier.ANY else Quantifier.ANY
        pairs.append((plain.listed(quantifier, takes), turned.listed(inverse, takes)))
    for one, other in pairs:
        one.complement, other.complement = other, one
    first = pairs.pop() if takes is Arity.LIST else pairs.pop(0)
    return [*first, *(operator for pair in pairs for operator in pair)]
