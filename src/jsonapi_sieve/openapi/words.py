"""Filters in words: the name of each, what it tests, and what the rules of its declaration say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import assert_never

from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.field import AnyOf, Field
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.rules import Default, Dependent, Required, RequiredAny, Rule

__all__ = ["description_of", "is_needed"]


def description_of(parameter: Parameter, rules: Collection[Rule], known: Collection[str]) -> str:
    """Describe a parameter: a line with its name, as the pages of an API have it, and below it what it means.

    `known` are the names of parameters that may be told.

    >>> from jsonapi_sieve import FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(32), operators=("gteq",))
    >>> print(description_of(Filters().parameters[0], (), ()))
    rows count gteq filter
    <BLANKLINE>
    rows_count >= an integer such as 10 or -3.
    """
    name = parameter.name.replace(".", " ").replace("_", " ")
    means = f"{_subject(parameter)} {_takes(parameter)}."
    return f"{name} filter\n\n{' '.join([means, *_notes(parameter, rules, known)])}"


def is_needed(parameter: Parameter, rules: Collection[Rule], known: Collection[str]) -> bool:
    """Tell whether rules ask for a parameter, by itself or as the only one of several that may be told."""
    return any(
        isinstance(rule, Required) or (isinstance(rule, RequiredAny) and len(_known(rule, known)) == 1)
        for rule in rules
        if _names(rule, parameter)
    )


def _known(rule: Rule, known: Collection[str]) -> list[str]:
    return [name for name in rule.parameters if name in known]


def _names(rule: Rule, parameter: Parameter) -> bool:
    """Tell whether a rule speaks of a parameter; it may name a bare one by its full name."""
    return not {parameter.name, parameter.full_name}.isdisjoint(rule.parameters)


def _subject(parameter: Parameter) -> str:
    """Name what a parameter tests, from the inside out."""
    field = parameter.field
    joined = "any of" if isinstance(field, AnyOf) else "each of"
    name = field.name if isinstance(field, Field) else f"{joined} {', '.join(field.attributes)}"
    return name + "".join(f" of {hop.quantifier} {hop.relationship.name}" for hop in reversed(parameter.path))


def _takes(parameter: Parameter) -> str:
    symbol, expected = parameter.operator.symbol, parameter.operand.type.expected
    match parameter.operator.arity:
        case Arity.SCALAR:
            return f"{symbol} {expected}"
        case Arity.LIST:
            return f"{symbol} the values of a list, each {expected}"
        case Arity.FLAG:
            return f"{symbol}, or with false the opposite"
        case _:  # pragma: no cover
            assert_never(parameter.operator.arity)


def _notes(parameter: Parameter, rules: Collection[Rule], known: Collection[str]) -> Iterator[str]:
    for rule in rules:
        if _names(rule, parameter):
            first, *_ = rule.parameters
            yield from _told(rule, _known(rule, known), first in known, first in (parameter.name, parameter.full_name))


def _told(rule: Rule, names: list[str], first_is_known: bool, is_first: bool) -> Iterator[str]:
    """Tell what a rule says of one of its parameters; `names` are those that may be told."""
    listed = ", ".join(names)
    match rule:
        case Default():
            if is_first:
                yield f"A default holds unless one of {listed} is given."
            elif first_is_known:
                yield f"It lifts the default of {names[0]}."
        case RequiredAny():
            if names[1:]:
                yield f"One of {listed} is needed."
        case Dependent():
            if is_first and names[1:]:
                yield f"It goes only together with {', '.join(names[1:])}."
        case Required():
            pass
        case _:  # pragma: no cover
            assert_never(rule)
