"""A predicate as an indented tree for people, and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.operand import operand_of
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.predicate import And, Comparison, Not, Or, Predicate, Related

__all__ = ["tree_json", "tree_lines"]


def tree_lines(node: Predicate, indent: str = "") -> Iterator[str]:
    r"""Write a tree, a line for each node, its members below it.

    >>> from jsonapi_sieve import FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(32), nullable=True)
    >>> print(*tree_lines(Filters.rows_count.gteq(10) | ~Filters.rows_count.in_([1, 2])), sep="\n")
    or
      rows_count >= 10
      not
        rows_count in [1, 2]
    """
    below = indent + "  "
    match node:
        case Comparison():
            yield indent + _comparison(node)
        case And(members=()):
            yield f"{indent}every row"
        case Or(members=()):
            yield f"{indent}no row"
        case And(members=members) | Or(members=members):
            yield indent + ("and" if isinstance(node, And) else "or")
            for member in members:
                yield from tree_lines(member, below)
        case Not(member=member):
            yield f"{indent}not"
            yield from tree_lines(member, below)
        case Related(relationship=relationship, member=member):
            yield f"{indent}some {relationship.name} with"
            yield from tree_lines(member, below)
        case _:  # pragma: no cover
            assert_never(node)


def tree_json(node: Predicate) -> dict[str, object]:
    """Write a tree as JSON: its nodes are objects with `and`, `or`, `not`, `some` or `attribute`.

    >>> from jsonapi_sieve import FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(32), nullable=True)
    >>> tree_json(~Filters.rows_count.gteq(10))
    {'not': {'attribute': 'rows_count', 'operator': 'gteq', 'value': 10}}
    """
    match node:
        case Comparison():
            default = {"default": True} if node.default else {}
            return {
                "attribute": node.field.name,
                "operator": node.operator.name,
                "value": _value(node),
                **default,
            }
        case And(members=members) | Or(members=members):
            return {"and" if isinstance(node, And) else "or": list(map(tree_json, members))}
        case Not(member=member):
            return {"not": tree_json(member)}
        case Related(relationship=relationship, member=member):
            return {"some": relationship.name, "with": tree_json(member)}
        case _:  # pragma: no cover
            assert_never(node)


def _comparison(node: Comparison) -> str:
    shown = f"{node.field.name} {node.operator.symbol}"
    if node.operator.arity is not Arity.FLAG:
        shown = f"{shown} {json.dumps(_value(node), ensure_ascii=False)}"
    elif not node.value:
        shown = f"not ({shown})"
    return f"{shown}  (by default)" if node.default else shown


def _value(node: Comparison) -> object:
    """Give the constant of a comparison as the stored form of filters has it."""
    field = node.field
    if not isinstance(field, (Field, Several)):  # pragma: no cover  (a parsed tree has no others)
        raise TypeError(f"{field!r} is no declared field")
    return operand_of(field.type, node.operator).dump(node.value)
