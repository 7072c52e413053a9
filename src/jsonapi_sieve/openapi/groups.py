"""Filters that stand in groups: `filter[or][1][status-eq]=Failed&filter[or][2][rows-count-eq]=0`.

Their keys are without number, so they are told by expressions: the properties of one object, each of which is sent as a
parameter of its own (OpenAPI 3.1, "Style Values": `form` with `explode`).
"""

from __future__ import annotations

from typing import Any, Final

from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.values import name_of, spelled
from jsonapi_sieve.predicate import MAXIMUM_DEPTH
from jsonapi_sieve.types import Enum

__all__ = ["groups_parameter", "item_of"]

_LONGEST: Final = len("[not][999]")

_DESCRIPTION: Final = """filters joined by groups

Each filter may stand in groups, as in filter[or][1][...]=...&filter[or][2][...]=...: of the branches of `or` one has \
to hold, each branch of `not` has to fail, and `and` holds together what shall not share a level. In groups a list is \
written as without, with commas between its values."""


def item_of(parameter: Parameter, limits: Limits, components: Components) -> Reference:
    """Describe one of the values that a parameter takes."""
    type_ = parameter.operand.type
    name = parameter.field.name if isinstance(type_, Enum) else name_of(type_)
    return components.add("schemas", f"filter.{name}", spelled(type_, limits))


def spelled_name(parameter: Parameter, underscored: bool) -> str:
    """Spell the name of a parameter as clients send it between brackets."""
    return parameter.name if underscored else parameter.key[len("filter[") : -1]


def groups_parameter(
    parameters: list[Parameter], limits: Limits, components: Components, underscored: bool
) -> dict[str, Any]:
    """Describe parameters that stand in groups; a list in a group is described by one of its values."""
    by_schema: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        by_schema.setdefault(item_of(parameter, limits, components)["$ref"], []).append(parameter)
    keys = {_keys(alike, limits, underscored): {"$ref": schema} for schema, alike in by_schema.items()}
    return {
        "name": "filter",
        "in": "query",
        "description": _DESCRIPTION,
        "style": "form",
        "explode": True,
        "schema": {"type": "object", "patternProperties": keys, "additionalProperties": False},
    }


def _keys(parameters: list[Parameter], limits: Limits, underscored: bool) -> str:
    """Write the expression of the keys of parameters in groups, as deep as each of them may stand."""
    most = min(_deepest(parameter, limits) for parameter in parameters)
    names = "|".join(spelled_name(parameter, underscored).replace(".", r"\.") for parameter in parameters)
    return rf"^filter(?:\[(?:and|or|not)\]\[[1-9][0-9]{{0,2}}\]){{1,{most}}}\[(?:{names})\]$"


def _deepest(parameter: Parameter, limits: Limits) -> int:
    """Count the groups that a parameter may stand in, whichever they are."""
    levels = (MAXIMUM_DEPTH - parameter.depth) // 2
    return max(1, min(limits.depth - len(parameter.path), levels, (limits.key - len(parameter.key)) // _LONGEST))
