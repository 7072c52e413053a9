"""What is declared for one attribute, and the comparisons that can be made with it in code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

from jsonapi_sieve.declared import Declared
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.operand import operand_of
from jsonapi_sieve.operators import OPERATORS, TYPES, Operator, defaults_of, offered_by
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.predicate import Comparison
from jsonapi_sieve.types import ValueType

__all__ = ["DEFAULTS", "AllOf", "AnyOf", "Field", "Named", "Several"]

A = TypeVar("A")

Named: TypeAlias = str | Operator
"""An operator of the library by its name, or an own one."""

DEFAULTS: Final[tuple[str, ...]] = ("*",)
"""In `operators=`, the operators that a type opens when none are named: `operators=(*DEFAULTS, "null")`."""


class _Comparable(Declared):
    """What a field of one attribute and a field of several have in common: the parameters that they open."""

    kind = "field"
    type: ValueType[Any, Any]
    operators: tuple[Operator, ...]
    bare: Operator | None

    def compare(self, operator: Named, value: Any) -> Comparison:
        """Compare by an operator's name: any row of the operator table that the type can carry; or by an own operator.

        An own operator that the field opens has a name here too.

        >>> from jsonapi_sieve import types
        >>> Field(types.Text(), name="src_name_in").compare("cont_any", ["a", "b"])
        src_name_in contains any of ('a', 'b')

        Raises:
            TypeError: for an operator that the type does not have, or a value of another kind.
            InvalidValue: for a value of the right kind that is no constant of the type.
        """
        row = self._named(operator)
        if row is None or _unfit(self.type, row) is not None:
            raise TypeError(f"{self.type!r} has no operator {operator!r}")
        return Comparison(self, row, operand_of(self.type, row).accept(value))

    def _named(self, named: Named) -> Operator | None:
        if not isinstance(named, str):
            return named
        opened = self.operators if self.bare is None else (*self.operators, self.bare)
        return OPERATORS.get(named) or next((row for row in opened if row.name == named), None)

    def _declare(self, type: ValueType[Any, Any], operators: Sequence[Named] | None, bare: Named | None) -> None:
        if type.name not in TYPES:
            raise DeclarationError(
                f"{type!r} is named {type.name!r}: a type of your own has the name of what it extends"
            )
        self.type = type
        self.operators = _offered(type, DEFAULTS if operators is None else operators)
        self.bare = None if bare is None else _row(type, bare)


def _offered(type: ValueType[Any, Any], operators: Sequence[Named]) -> tuple[Operator, ...]:
    """Find operators, each once, in the order of the table; own ones stand behind, as they are given."""
    if isinstance(operators, (str, Operator)):
        raise DeclarationError(f"operators= takes a list of operators, not {operators!r} alone")
    found: dict[Operator, None] = {}
    for named in operators:
        found |= dict.fromkeys(defaults_of(type.name) if named in DEFAULTS else (_row(type, named),))
    return tuple(sorted(found, key=attrgetter("order")))


def _row(type: ValueType[Any, Any], named: Named) -> Operator:
    row = OPERATORS.get(named) if isinstance(named, str) else named
    reason = _unfit(type, row)
    if row is None or reason is not None:
        raise DeclarationError(f"{type!r} has no operator {named!r}; {reason}")
    return row


def _unfit(type: ValueType[Any, Any], row: Operator | None) -> str | None:
    """Say why an operator is none of a type; None where it is one."""
    if isinstance(row, OwnOperator):
        return row.unfit(type)
    offered = offered_by(type.name)
    return None if row in offered else f"it has {', '.join(operator.name for operator in offered)}"


class Field(_Comparable, Generic[A]):
    """One attribute that can be filtered: its type, whether it can be NULL, and the operators that clients may use.

    `operators` names what clients may use; without it, the type's default set (`operators.py`) is open, for which
    `*DEFAULTS` stands beside others. Own operators (`define_operator`) stand there as they are. `bare` names the
    operator that the parameter without one stands for: `bare="in"` opens `filter[id]=a,b`. `name` is needed only where
    the attribute's name is taken by a method of FilterSet. `nullable` says that the column may hold NULL.

    The methods make comparisons in code, with values of the type; they are not bound to `operators`.

    >>> from jsonapi_sieve import types
    >>> rows_count = Field(types.Integer(32), nullable=True, name="rows_count")
    >>> ~rows_count.gteq(10) | rows_count.null()
    Or(Not(rows_count >= 10), rows_count is null)

    Raises:
        DeclarationError: for what is no value type, an operator that the type does not have, or a name that cannot be
            one.
    """

    def __init__(
        self,
        type: ValueType[Any, A],
        *,
        name: str | None = None,
        nullable: bool = False,
        operators: Sequence[Named] | None = None,
        bare: Named | None = None,
    ) -> None:
        super().__init__(name)
        if not isinstance(type, ValueType):
            raise DeclarationError(f"a field takes a value type such as types.Integer(), not {type!r}")
        self._declare(type, operators, bare)
        self.nullable = nullable

    def eq(self, value: A) -> Comparison:
        """Equal."""
        return self.compare("eq", value)

    def not_eq(self, value: A) -> Comparison:
        """Not equal, and not NULL."""
        return self.compare("not_eq", value)

    def gt(self, value: A) -> Comparison:
        """Greater."""
        return self.compare("gt", value)

    def gteq(self, value: A) -> Comparison:
        """Greater or equal."""
        return self.compare("gteq", value)

    def lt(self, value: A) -> Comparison:
        """Less."""
        return self.compare("lt", value)

    def lteq(self, value: A) -> Comparison:
        """Less or equal."""
        return self.compare("lteq", value)

    def in_(self, values: Iterable[A]) -> Comparison:
        """One of the values; of none it is FALSE for every row."""
        return self.compare("in", values)

    def not_in(self, values: Iterable[A]) -> Comparison:
        """None of the values, and not NULL; of none it is TRUE for every row, NULL included."""
        return self.compare("not_in", values)

    def cont(self, text: str) -> Comparison:
        """Contain the text, whatever the case of ASCII letters."""
        return self.compare("cont", text)

    def not_cont(self, text: str) -> Comparison:
        """Do not contain the text."""
        return self.compare("not_cont", text)

    def start(self, text: str) -> Comparison:
        """Start with the text, whatever the case of ASCII letters."""
        return self.compare("start", text)

    def not_start(self, text: str) -> Comparison:
        """Do not start with the text."""
        return self.compare("not_start", text)

    def end(self, text: str) -> Comparison:
        """End with the text, whatever the case of ASCII letters."""
        return self.compare("end", text)

    def not_end(self, text: str) -> Comparison:
        """Do not end with the text."""
        return self.compare("not_end", text)

    def matches(self, pattern: str) -> Comparison:
        """Match a LIKE pattern (`%` any text, `_` one character), whatever the case of ASCII letters."""
        return self.compare("matches", pattern)

    def does_not_match(self, pattern: str) -> Comparison:
        """Do not match a LIKE pattern."""
        return self.compare("does_not_match", pattern)

    def true(self, flag: bool = True) -> Comparison:
        """Be true; with False: not be true, and not NULL."""
        return self.compare("true", flag)

    def false(self, flag: bool = True) -> Comparison:
        """Be false; with False: not be false, and not NULL."""
        return self.compare("false", flag)

    def null(self, flag: bool = True) -> Comparison:
        """Be NULL; with False: not be NULL."""
        return self.compare("null", flag)

    def not_null(self, flag: bool = True) -> Comparison:
        """Not be NULL; with False: be NULL."""
        return self.compare("not_null", flag)

    def present(self, flag: bool = True) -> Comparison:
        """Be neither NULL nor the empty text; with False: be one of the two."""
        return self.compare("present", flag)

    def blank(self, flag: bool = True) -> Comparison:
        """Be NULL or the empty text; with False: be neither."""
        return self.compare("blank", flag)


class Several(_Comparable):
    """A parameter over several attributes of one type; `AnyOf` or `AllOf` says how they are joined.

    `attributes` are the names of fields of the same FilterSet, `fields` those fields once the set is declared.
    """

    def __init__(
        self,
        *attributes: str,
        operators: Sequence[Named] | None = None,
        bare: Named | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name)
        if len(set(attributes)) < max(2, len(attributes)):
            raise DeclarationError(f"{type(self).__name__} joins at least two different attributes, not {attributes!r}")
        if not all(isinstance(attribute, str) for attribute in attributes):
            raise DeclarationError(f"{type(self).__name__} joins attributes by their names, not {attributes!r}")
        self.attributes = attributes
        self.fields: tuple[Field[Any], ...] = ()
        self._requested = (operators, bare)

    def resolve(self, field_of: Callable[[str], Field[Any] | None]) -> None:
        """Find the joined fields and open the operators; each FilterSet that has this field calls it when declared."""
        found = [(name, field_of(name)) for name in self.attributes]
        missing = [name for name, field in found if field is None]
        if missing:
            raise DeclarationError(f"{self.name} joins {', '.join(missing)}, which the FilterSet does not declare")
        fields = tuple(field for _, field in found if field is not None)
        if self.fields not in ((), fields):
            raise DeclarationError(f"{self.name} joins a field that was replaced later; declare {self.name} anew too")
        self.fields = fields
        first, *others = fields
        for field in others:
            if field.type != first.type:
                raise DeclarationError(
                    f"{self.name} joins attributes of different types: {first.type!r} and {field.type!r}"
                )
        self._declare(first.type, *self._requested)


class AnyOf(Several):
    """A parameter that holds when it holds for at least one of several attributes.

    >>> from jsonapi_sieve import FilterSet, types
    >>> class Filters(FilterSet):
    ...     src_prefix_in = Field(types.Text())
    ...     dst_prefix_in = Field(types.Text())
    ...     src_or_dst = AnyOf("src_prefix_in", "dst_prefix_in", operators=("cont",))
    >>> Filters().parse("filter[src-or-dst-cont]=49")
    And(src_or_dst contains '49')
    """


class AllOf(Several):
    """A parameter that holds when it holds for each of several attributes; declared as `AnyOf` is."""
