"""The declaration of a resource as JSON: what the page offers to filter, sort, page and plot by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from jsonapi_sieve import types
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.explorer.declared import Categories, Numbers, Plots, Source
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.paging import AnyPages, CursorPages, NumberedPages, OffsetPages
from jsonapi_sieve.rules import Default
from jsonapi_sieve.sorting import Sort, is_visible_key

__all__ = ["described"]

_TAKES = {Arity.SCALAR: "one", Arity.LIST: "list", Arity.FLAG: "flag"}
_NUMBERS = frozenset(("integer", "decimal", "float"))


def described(source: Source, plots: Plots | None, url: str, *, by_cursor: AnyPages | None) -> dict[str, Any]:
    """Describe what a client may ask of some rows; what is hidden from it is left out."""
    resource, filters = source.resource, source.resource.filters
    limits = filters.limits._asdict()
    parameters = [parameter for parameter in filters.parameters if parameter.is_visible(source.visible)]
    return {
        "name": resource.type,
        "url": url or None,
        "limits": {name: limits[name] for name in ("query_string", "filters", "list_items", "page_size")},
        "fields": list(_fields(parameters)),
        "groups": filters.takes_groups,
        "defaults": [rule.parameter for rule in filters.rules if isinstance(rule, Default)],
        "columns": list(_columns(source)),
        "sort": _sort(resource.sort, source),
        "include": [path for path in resource.include if is_visible_path(path, source.visible)],
        "pages": [page for pages in (resource.pages, by_cursor) for page in _pages(pages)],
        "plots": None if plots is None else _plots(plots, parameters),
    }


def _fields(parameters: list[Parameter]) -> Iterator[dict[str, Any]]:
    """Give each attribute once with all its operators, as they stand side by side in the canonical order."""
    for (path, field), members in groupby(parameters, key=lambda parameter: (parameter.path, parameter.field)):
        through = ".".join(hop.name for hop in path)
        yield {
            "name": f"{through}.{field.name}" if through else field.name,
            "label": field.name.replace("_", " "),
            "type": field.type.name,
            "expected": field.type.expected,
            "nullable": getattr(field, "nullable", True),
            "through": through.replace("_", " ").replace(".", ", ") or None,
            "choices": _choices(field.type),
            "operators": [_operator(parameter) for parameter in members],
        }


def _operator(parameter: Parameter) -> dict[str, str]:
    operator = parameter.operator
    return {
        "name": operator.name,
        "symbol": operator.symbol,
        "takes": _TAKES[operator.arity],
        "parameter": parameter.key,
        "expected": parameter.operand.type.expected,
    }


def _choices(type_: types.ValueType[Any, Any]) -> list[str] | None:
    match type_:
        case types.Enum():
            return list(type_.members)
        case types.Boolean():
            return ["true", "false"]
        case _:
            return None


def _columns(source: Source) -> Iterator[dict[str, Any]]:
    """Give the members of a resource that tables show, each with the parameter that sorts by it."""
    resource, visible = source.resource, source.visible
    kinds = {field.name: field.type.name for field in resource.filters.fields}
    members = {"id": "id", **resource.schema.attributes}
    for member, name in members.items():
        if member == "id" or is_visible_path(name, visible):
            kind = kinds.get(name)
            yield {
                "name": member,
                "label": member.replace("-", " ").replace("_", " "),
                "type": kind,
                "sort": _sort_key(resource.sort, name, source),
                "numeric": kind in _NUMBERS,
            }


def _sort_key(sort: Sort | None, name: str, source: Source) -> str | None:
    if sort is None or name not in sort.names or not is_visible_key(name, source.visible):
        return None
    return sort.spelled(name)


def _sort(sort: Sort | None, source: Source) -> dict[str, Any] | None:
    if sort is None:
        return None
    keys = [sort.spelled(name) for name in sort.names if is_visible_key(name, source.visible)]
    return {"keys": keys, "default": sort.render(sort.parse(None, visible=source.visible))}


def _pages(pages: AnyPages | None) -> Iterator[dict[str, Any]]:
    match pages:
        case NumberedPages():
            yield {"kind": "number", "default": pages.default, "maximum": pages.maximum}
        case OffsetPages():
            yield {"kind": "offset", "default": pages.default, "maximum": pages.maximum}
        case CursorPages():
            yield {"kind": "cursor", "default": pages.default, "maximum": pages.maximum}
        case _:
            return


def _plots(plots: Plots, parameters: list[Parameter]) -> dict[str, Any]:
    """Describe the plots of what this client may filter by: what it may not, it does not see counted either."""
    shown = {parameter.field.name for parameter in parameters if not parameter.path}
    return {
        "time": None if plots.time not in shown else _time(plots.time, parameters),
        "numbers": [
            {"field": each.field, "label": _label(each), "unit": each.unit}
            for each in plots.numbers
            if each.field in shown
        ],
        "categories": [
            {"field": each.field, "label": _label(each)} for each in plots.categories if each.field in shown
        ],
    }


def _time(name: str, parameters: list[Parameter]) -> dict[str, Any]:
    keys = {parameter.full_name: parameter.key for parameter in parameters}
    ends = {"from": keys.get(f"{name}_gteq"), "to": keys.get(f"{name}_lt")}
    return {"field": name, "label": f"by {name.replace('_', ' ')}", **ends}


def _label(plot: Numbers | Categories) -> str:
    return plot.label or plot.field.replace("_", " ")
