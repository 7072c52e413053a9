"""Stored filters as JSON Schema: what `FilterSet.load` reads, and what an attribute that holds filters shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from jsonapi_sieve.declaration import CONNECTIVES, Parameter, Visible
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.openapi.values import JsonSchema, kept, sent
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.rules import Default, Dependent, Required, RequiredAny, Rule

__all__ = ["stored_filters"]


def stored_filters(
    filters: FilterSet,
    *,
    visible: Visible | None = None,
    shown: bool = False,
    name: str = "filters",
    components: Components | None = None,
) -> JsonSchema:
    """Describe the stored form of filters: an object with underscored names and typed values.

    What the schema admits `load` reads, and the rules of the declaration hold. With `shown` it describes what rows
    hold, which may be of an older declaration. With `components`, those of an OpenAPI document, the result refers to
    them; without, it stands alone. What `visible` hides is left out.

    >>> from jsonapi_sieve import Field, FilterSet, Required, types
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32), operators=("gteq",))
    ...     success = Field(types.Boolean(), operators=("eq",))
    ...     rules = (Required("duration_gteq"),)
    >>> schema = stored_filters(CallFilters())
    >>> list(schema["properties"]), schema["required"], schema["additionalProperties"]
    (['duration_gteq', 'success_eq'], ['duration_gteq'], False)
    """
    parameters = [parameter for parameter in filters.parameters if parameter.is_visible(visible)]
    if shown:
        held = {parameter.name: _value(parameter, filters.limits, shown=True) for parameter in parameters}
        return {"type": "object", "properties": held}
    properties = {parameter.name: _value(parameter, filters.limits, shown=False) for parameter in parameters}
    rules = _rules(filters.rules, parameters)
    if not filters.takes_groups:
        return {**_object(properties, filters.limits), **rules}
    inside = f"{name}.group"
    where = "#/$defs/" if components is None else "#/components/schemas/"
    properties |= dict.fromkeys(CONNECTIVES, _branches(f"{where}{inside}", filters.limits))
    group = {**_object(properties, filters.limits), "minProperties": 1}
    if components is not None:
        components.add("schemas", inside, group)
    defined = {} if components is not None else {"$defs": {inside: group}}
    return {**_object(properties, filters.limits), **rules, **defined}


def _object(properties: JsonSchema, limits: Limits) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "maxProperties": limits.filters,
    }


def _branches(group: str, limits: Limits) -> JsonSchema:
    return {"type": "array", "items": {"$ref": group}, "minItems": 1, "maxItems": limits.filters}


def _value(parameter: Parameter, limits: Limits, *, shown: bool) -> JsonSchema:
    type_ = parameter.operand.type
    one = kept(type_) if shown else sent(type_, limits)
    if parameter.operator.arity is not Arity.LIST:
        return one
    return {"type": "array", "items": one, "minItems": 1, "maxItems": limits.list_items}


def _rules(rules: tuple[Rule, ...], parameters: list[Parameter]) -> JsonSchema:
    """Tell what has to be given; nobody is asked for what is hidden."""
    names = {name: parameter.name for parameter in parameters for name in (parameter.name, parameter.full_name)}
    required: list[str] = []
    choices: list[JsonSchema] = []
    dependent: dict[str, list[str]] = {}
    for rule in rules:
        known = [names[name] for name in rule.parameters if name in names]
        match rule:
            case Required():
                required += known
            case RequiredAny():
                choices += [{"anyOf": [{"required": [name]} for name in known]}] if known else []
            case Dependent():
                _depend(dependent, rule, names)
            case Default():
                pass
            case _:  # pragma: no cover
                assert_never(rule)
    found = {"required": required, "allOf": choices, "dependentRequired": dependent}
    return {word: told for word, told in found.items() if told}


def _depend(dependent: dict[str, list[str]], rule: Dependent, names: Mapping[str, str]) -> None:
    first, *others = rule.parameters
    known = [names[name] for name in others if name in names]
    if first in names and known:
        dependent.setdefault(names[first], []).extend(known)
