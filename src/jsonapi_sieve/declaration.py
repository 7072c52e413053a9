"""From declared fields to the table of parameters: every spelling of every parameter, each found by one look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from jsonapi_sieve.declared import Declared
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.names import spell
from jsonapi_sieve.operand import Operand, operand_of
from jsonapi_sieve.operators import Operator
from jsonapi_sieve.predicate import MAXIMUM_DEPTH
from jsonapi_sieve.relationship import Hop, Relationship
from jsonapi_sieve.rules import Default, Requirement, Rule
from jsonapi_sieve.types.quick import Reader

__all__ = [
    "CONNECTIVES",
    "AnyField",
    "Connective",
    "Declaration",
    "Entry",
    "Parameter",
    "Path",
    "Visible",
    "raw_spellings",
]

AnyField: TypeAlias = Field[Any] | Several
Path: TypeAlias = tuple[Hop, ...]
"""The relationships that a parameter goes through, from the outside in."""

Connective: TypeAlias = Literal["and", "or", "not"]

CONNECTIVES: Final[tuple[Connective, ...]] = ("and", "or", "not")
"""How a group joins its branches, in canonical order."""

Visible: TypeAlias = Callable[[str], bool]
"""Says of a declared name whether this client may see it, and so filter and sort by it."""


_READERS: Final = frozenset(("quick", "quick_raw", "find", "find_raw"))


class Parameter:
    """One parameter that clients may send: a field and an operator, and how the two are spelled together.

    `name` is the stored spelling (`rows_count_gteq`, or `id` for a bare one, whose `full_name` is `id_in`), `key` the
    canonical query parameter (`filter[rows-count-gteq]`), `position` its place in canonical order: by field, then by
    the operator table. `path` has the relationships that lead to the field (`account.name_cont`).
    """

    __slots__ = ("field", "full_name", "key", "name", "operand", "operator", "path", "position")

    def __init__(self, field: AnyField, operator: Operator, position: int, path: Path = ()) -> None:
        prefix = "".join(f"{hop.name}." for hop in path)
        self.path: Path = path
        self.field: AnyField = field
        self.operator: Operator = operator
        self.operand: Operand = operand_of(field.type, operator)
        self.full_name: str = f"{prefix}{field.name}_{operator.name}"
        self.name: str = f"{prefix}{field.name}" if operator is field.bare else self.full_name
        self.key: str = f"filter[{spell(self.name, 'dash')}]"
        self.position: int = position

    def __repr__(self) -> str:
        return f"<Parameter {self.key}>"

    @property
    def depth(self) -> int:
        """How many levels a predicate of this parameter alone has."""
        return 2 + sum(hop.depth for hop in self.path)

    @property
    def meaning(self) -> str:
        """What the parameter tests, for people: `name eq`, and behind it what it goes through, from the inside out."""
        through = "".join(f" of {hop.quantifier} {hop.relationship.name}" for hop in reversed(self.path))
        return f"{self.field.name} {self.operator.name}{through}"

    def is_visible(self, visible: Visible | None) -> bool:
        """Whether a client may use this parameter: all that it follows and tests has to be visible."""
        if visible is None:
            return True
        field = self.field
        attributes = () if isinstance(field, Field) else field.attributes
        return all(map(visible, (*(hop.relationship.name for hop in self.path), field.name, *attributes)))


Entry: TypeAlias = tuple[Parameter, Reader]
"""A parameter, and the straight way to read its text in a good request."""


class Declaration:
    """Everything that is computed once from the fields and rules of a FilterSet.

    `by_key` finds a parameter by a decoded query parameter, `by_name` by its stored name, `by_test` by path, field and
    operator. `quick` has what a good request needs of each, a parameter and what reads its text, by decoded query
    parameter; `quick_raw` also by the percent-encoded spellings; `find` and `find_raw` look there. `through` has the
    parameters that go through a relationship; `is_flat` says that there are none, and no defaults. `groups` says
    whether clients may join parameters by `or` and `not`. `budgets` are the parameters,
    filters and characters of a value that a good request has at most.

    Raises:
        DeclarationError: for two parameters of one spelling, a path deeper than the budget or than a predicate may
            be, a rule that names an unknown parameter, two defaults of one parameter, or a default that is no constant
            of its type.
    """

    def __init__(
        self, declared: Iterable[Declared], rules: Iterable[Rule], *, camel: bool, groups: bool, limits: Limits
    ) -> None:
        declared = tuple(declared)
        self.fields: tuple[AnyField, ...] = tuple(each for each in declared if isinstance(each, (Field, Several)))
        self.relationships: tuple[Relationship, ...] = tuple(
            each for each in declared if isinstance(each, Relationship)
        )
        self.groups: bool = groups
        self.limits: Limits = _checked(limits)
        # A character takes up to four bytes; a text that may be over its budget is measured on the gathering path.
        self.budgets: tuple[int, int, int] = (limits.parameters, limits.filters, limits.value // 4)
        self.by_name: dict[str, Parameter] = {}
        self.by_key: dict[str, Parameter] = {}
        self.by_test: dict[tuple[Path, AnyField, Operator], Parameter] = {}
        self.requirements: list[Requirement] = []
        self.defaults: list[tuple[Default, Parameter]] = []
        self._open(declared, (), camel)
        self.parameters: tuple[Parameter, ...] = tuple(self.by_test.values())
        self.through: frozenset[Parameter] = frozenset(parameter for parameter in self.parameters if parameter.path)
        self._make_readers()
        for rule in rules:
            self._add_rule(rule)
        self.is_flat: bool = not (self.through or self.defaults)

    def _make_readers(self) -> None:
        """Make the tables of good requests."""
        readers = {parameter: parameter.operand.quick(self.limits.list_items) for parameter in self.parameters}
        self.quick: dict[str, Entry] = {key: (found, readers[found]) for key, found in self.by_key.items()}
        self.quick_raw: dict[str, Entry] = {
            raw: entry for key, entry in self.quick.items() for raw in raw_spellings(key)
        }
        self.find: Callable[[str], Entry | None] = self.quick.get
        self.find_raw: Callable[[str], Entry | None] = self.quick_raw.get

    def __getstate__(self) -> dict[str, object]:
        """Leave the readers out, which are functions without a name: a process that gets this makes its own."""
        return {name: value for name, value in vars(self).items() if name not in _READERS}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._make_readers()

    def _open(self, declared: Iterable[Declared], path: Path, camel: bool) -> None:
        for each in declared:
            if isinstance(each, Relationship):
                self._open_relationship(each, path, camel)
            else:
                self._open_field(cast("AnyField", each), path, camel)

    def _open_relationship(self, relationship: Relationship, path: Path, camel: bool) -> None:
        if len(path) == self.limits.depth:
            raise DeclarationError(f"{relationship!r} is more than {len(path)} relationships deep")
        for quantifier in relationship.quantifiers:
            self._open(relationship.filters.declarations(), (*path, Hop(relationship, quantifier)), camel)

    def _open_field(self, field: AnyField, path: Path, camel: bool) -> None:
        # Own operators may share an order; they stand as they are given.
        operators = dict.fromkeys((*field.operators, field.bare) if field.bare else field.operators)
        for operator in sorted(operators, key=lambda operator: operator.order):
            parameter = Parameter(field, operator, len(self.by_test), path)
            if parameter.depth > MAXIMUM_DEPTH:
                made = f"{parameter.name} makes predicates of {parameter.depth} levels"
                raise DeclarationError(f"{made}; at most {MAXIMUM_DEPTH} are compiled")
            self.by_test[path, field, operator] = parameter
            self._spell(parameter, parameter.name, camel)
            if operator in field.operators:
                self._spell(parameter, parameter.full_name, camel)

    def _spell(self, parameter: Parameter, name: str, camel: bool) -> None:
        spellings = {spell(name, "dash"), spell(name, "underscore")} | ({spell(name, "camel")} if camel else set())
        tables = [(self.by_name, name), *((self.by_key, f"filter[{spelling}]") for spelling in sorted(spellings))]
        for table, key in tables:
            if len(key) > self.limits.key:
                raise DeclarationError(f"{key} is longer than the {self.limits.key} bytes that are read of a key")
            other = table.setdefault(key, parameter)
            if other is not parameter:
                meanings = f"{other.meaning} and {parameter.meaning}"
                raise DeclarationError(f"{key} would mean both {meanings}; rename one of the two")

    def _add_rule(self, rule: Rule) -> None:
        if not isinstance(rule, get_args(Rule)):
            raise DeclarationError(f"rules holds rules such as Required(...), not {rule!r}")
        unknown = [name for name in rule.parameters if name not in self.by_name]
        if unknown:
            raise DeclarationError(f"a rule names {', '.join(unknown)}, which no field opens")
        if isinstance(rule, Default):
            self._add_default(rule, self.by_name[rule.parameter])
        else:
            self.requirements.append(rule)

    def _add_default(self, default: Default, parameter: Parameter) -> None:
        if any(parameter is other for _, other in self.defaults):
            raise DeclarationError(f"{default.parameter} has two defaults")
        if not callable(default.value):
            try:
                parameter.operand.accept(default.value)
            except (TypeError, ValueError) as error:
                raise DeclarationError(f"{default.value!r} is no default of {default.parameter}: {error}") from None
        self.defaults.append((default, parameter))

    def _names(self, given: Iterable[Parameter]) -> frozenset[str]:
        """Name what was given; a rule may name a bare parameter by its full name too, where that is open."""
        return frozenset(
            name
            for parameter in given
            for name in (parameter.name, parameter.full_name)
            if self.by_name.get(name) is parameter
        )

    def missing(self, given: Iterable[Parameter], visible: Visible | None) -> list[tuple[Parameter, ...]]:
        """Give what the rules miss, each entry a choice of which one is needed; what is hidden is asked of nobody."""
        if not self.requirements:
            return []
        names = self._names(given)
        choices = [
            tuple(parameter for name in choice if (parameter := self.by_name[name]).is_visible(visible))
            for rule in self.requirements
            for choice in rule.missing(names)
        ]
        return [choice for choice in dict.fromkeys(choices) if choice]

    def assumed(self, given: Iterable[Parameter], now: datetime | None) -> dict[Parameter, object]:
        """Give the values of the defaults that the given parameters do not lift.

        Raises:
            TypeError: for a naive `now`, which names no moment.
        """
        if now is not None and now.utcoffset() is None:
            raise TypeError("now= takes an aware datetime: a naive one names no moment")
        if not self.defaults:
            return {}
        names, moment = self._names(given), now or datetime.now(UTC)
        return {
            parameter: _default_value(default, parameter, moment)
            for default, parameter in self.defaults
            if default.applies(names)
        }


def _checked(limits: Limits) -> Limits:
    for budget, size in limits._asdict().items():
        if size < 1:
            raise DeclarationError(f"the budget {budget!r} must be at least 1, not {size}")
    return limits


def _default_value(default: Default, parameter: Parameter, moment: datetime) -> object:
    try:
        return parameter.operand.accept(default.value_at(moment))
    except Exception as error:
        error.add_note(f"in the default of {default.parameter}")
        raise


def raw_spellings(key: str) -> tuple[str, str, str]:
    """Spell a key as it stands in a query string: plain, or with its brackets percent-encoded in either case.

    >>> raw_spellings("page[size]")
    ('page[size]', 'page%5Bsize%5D', 'page%5bsize%5d')
    """
    return key, key.replace("[", "%5B").replace("]", "%5D"), key.replace("[", "%5b").replace("]", "%5d")
