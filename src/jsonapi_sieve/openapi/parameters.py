"""Query parameters as OpenAPI describes them: filters, sort, pages, includes and fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from jsonapi_sieve.declaration import Parameter, Visible
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.groups import groups_parameter, item_of, spelled_name
from jsonapi_sieve.openapi.values import JsonSchema, example_of, shortest
from jsonapi_sieve.openapi.words import description_of, is_needed
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.paging import AnyPages, CursorPages, NumberedPages, OffsetPages
from jsonapi_sieve.paging.cursors import LONGEST
from jsonapi_sieve.paging.members import GREATEST
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization.includable import Includable
from jsonapi_sieve.sorting import Sort, is_visible_key

__all__ = ["ParameterObject", "listing_parameters", "single_parameters"]

ParameterObject: TypeAlias = dict[str, Any]
"""A parameter object (OpenAPI 3.1, "Parameter Object")."""


def listing_parameters(resource: Resource, components: Components, visible: Visible | None) -> list[ParameterObject]:
    """Describe what the listing of a resource takes: filters in canonical order, sort, page, include and fields.

    Names of filters have dashes, or underscores where the members of the documents do; that the others are read too is
    left out. What `visible` hides is left out too.
    """
    filters = resource.filters
    underscored = resource.sort is not None and resource.sort.style == "underscore"
    shown = [parameter for parameter in filters.parameters if parameter.is_visible(visible)]
    known = {name for parameter in shown for name in (parameter.name, parameter.full_name)}
    made = [_filter(filters, parameter, known, components, underscored) for parameter in shown]
    if filters.takes_groups and shown:
        made.append(groups_parameter(shown, filters.limits, components, underscored))
    if resource.sort is not None and (sort := _sort(resource.sort, resource.pages, visible)) is not None:
        made.append(sort)
    return [*made, *_pages(resource.pages), *single_parameters(resource, visible)]


def single_parameters(resource: Resource, visible: Visible | None) -> list[ParameterObject]:
    """Describe what a single resource takes: include and fields."""
    included = Includable(resource.schema, resource.include)
    paths = [spelled_ for spelled_, path in included.paths.items() if is_visible_path(path, visible)]
    made = [_names("include", "related resources to include", paths)] if paths else []
    for type_, members in included.types.items():
        leading = included.leading.get(type_)
        if leading is None or any(is_visible_path(path, visible) for path in leading):
            known = [member for member, name in members.items() if is_visible_path(name, visible)]
            made.append(_names(f"fields[{type_}]", f"fields of {type_} to show", known, uniqueItems=True))
    return made


def _list(name: str, description: str, schema: JsonSchema, **members: Any) -> ParameterObject:
    """Describe a parameter whose value is a list with commas."""
    head = {"name": name, "in": "query", "description": description}
    return {**head, **members, "style": "form", "explode": False, "schema": schema}


def _names(name: str, description: str, known: list[str], **members: Any) -> ParameterObject:
    # Nothing but the empty list can be asked for where there is nothing.
    items: JsonSchema = {"items": {"type": "string", "enum": known}} if known else {"maxItems": 0}
    return _list(name, description, {"type": "array", **items, **members})


def _filter(
    filters: FilterSet, parameter: Parameter, known: Collection[str], components: Components, underscored: bool
) -> ParameterObject:
    example = _example(parameter)
    return {
        "name": f"filter[{spelled_name(parameter, underscored)}]",
        "in": "query",
        "description": description_of(parameter, filters.rules, known),
        **({"required": True} if is_needed(parameter, filters.rules, known) else {}),
        "style": "form",
        "explode": False,
        "schema": _value(filters, parameter, components),
        **({} if example is None else {"example": example}),
        "x-attribute": _attribute(parameter),
        "x-operator": parameter.operator.name,
    }


def _value(filters: FilterSet, parameter: Parameter, components: Components) -> Reference:
    """Describe what a parameter takes: one value, or a list with commas."""
    one = item_of(parameter, filters.limits, components)
    if parameter.operator.arity is not Arity.LIST:
        return one
    limits = filters.limits
    # Of values as long as these, no more fit the budget of a whole value.
    most = min(limits.list_items, (limits.value + 1) // (shortest(parameter.operand.type) + 1))
    schema = {"type": "array", "items": one, "minItems": 1, "maxItems": most}
    return components.add("schemas", f"{one['$ref'].rpartition('/')[2]}.list", schema)


def _attribute(parameter: Parameter) -> str:
    return ".".join([*(hop.name for hop in parameter.path), parameter.field.name])


def _example(parameter: Parameter) -> Any:
    example = example_of(parameter.operand.type)
    if example is None or parameter.operator.arity is not Arity.LIST:
        return example
    return [example]


def _sort(sort: Sort, pages: AnyPages | None, visible: Visible | None) -> ParameterObject | None:
    keys = [[sort.spelled(name), f"-{sort.spelled(name)}"] for name in sort.names if is_visible_key(name, visible)]
    served = pages.served if isinstance(pages, CursorPages) else None
    orders = None if served is None else [order.split(",") for order in sorted(served)]
    if orders is not None:
        known = {key for pair in keys for key in pair}
        orders = [order for order in orders if known.issuperset(order)]
        keys = [pair for pair in keys if any(key in order for order in orders for key in pair)]
    if not keys:
        return None
    described = "attributes to sort by, with - before one that descends"
    text = sort.render(sort.parse(None, visible=visible))
    default = text.split(",") if text else None
    if default and orders is not None and default not in orders:
        # What nobody can ask for is no value of the parameter.
        described, default = f"{described}; without it by {text}", None
    schema = {
        "type": "array",
        "items": {"type": "string", "enum": [key for pair in keys for key in pair]},
        "minItems": 1,
        # An attribute is named once, whichever way it is sorted.
        "allOf": [{"contains": {"enum": pair}, "minContains": 0, "maxContains": 1} for pair in keys],
        **({} if orders is None else {"enum": orders}),
        **({"default": default} if default else {}),
    }
    return _list("sort", described, schema)


def _pages(pages: AnyPages | None) -> Iterator[ParameterObject]:
    match pages:
        case None:
            pass
        case NumberedPages():
            yield _page("number", "the number of the page", minimum=1, maximum=GREATEST, default=1)
            yield _page("size", "resources on a page", minimum=1, maximum=pages.maximum, default=pages.default)
        case OffsetPages():
            yield _page("offset", "resources before the page", minimum=0, maximum=GREATEST, default=0)
            yield _page("limit", "resources on a page", minimum=1, maximum=pages.maximum, default=pages.default)
        case CursorPages():
            yield _page("size", "resources on a page", minimum=1, maximum=pages.maximum, default=pages.default)
            yield _cursor("after", "the cursor that the page begins behind")
            yield _cursor("before", "the cursor that the page ends in front of")
        case _:
            # Of pages of an application's own nothing is known but the family.
            members = {"type": "object", "additionalProperties": {"type": "string"}}
            described = "which part of the collection"
            yield {"name": "page", "in": "query", "description": described, "style": "deepObject", "schema": members}


def _page(member: str, description: str, **bounds: int) -> ParameterObject:
    schema = {"type": "integer", **bounds}
    return {"name": f"page[{member}]", "in": "query", "description": description, "schema": schema}


def _cursor(member: str, description: str) -> ParameterObject:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return {"name": f"page[{member}]", "in": "query", "description": description, "schema": schema}
