"""What a query uses of each budget that binds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, assert_never

from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.predicate import MAXIMUM_DEPTH, And, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.query import Query

__all__ = ["Cost", "costs_of"]

_LEVELS: Final = "][", "."  # filter[or][1][account.name-cont]: a group and its branch, a relationship


class Cost(NamedTuple):
    """A budget, how much of it a query uses, and all of it."""

    budget: str
    used: int
    limit: int
    counted: str


def costs_of(text: str, query: Query, limits: Limits) -> list[Cost]:
    """Give what a query, whose text was read without a fault, uses of its budgets; those of bodies are not among them.

    >>> from jsonapi_sieve import TRUE
    >>> costs_of("sort=-id", Query(TRUE, (), None, None, {}), Limits())[0]
    Cost(budget='query_string', used=8, limit=65536, counted='bytes')
    """
    pairs = [(decode(key), decode(value)) for key, value in split_query(text)]
    filters = [key for key, _ in pairs if key.startswith("filter")]
    included = [path for key, value in pairs if key == "include" for path in value.split(",") if path]
    used = {
        "query_string": (len(text.encode()), "bytes"),
        "parameters": (len(pairs), "parameters"),
        "key": (max((len(key.encode()) for key, _ in pairs), default=0), "bytes of the longest key"),
        "value": (max((len(value.encode()) for _, value in pairs), default=0), "bytes of the longest value"),
        "filters": (len(filters), "filters"),
        "list_items": (max(_items(query.predicate), default=0), "values of the longest list"),
        "depth": (max(map(_nested, filters), default=0), "groups and relationships around a filter"),
        "include_depth": (max((path.count(".") + 1 for path in included), default=0), "relationships included"),
        "page_size": (0 if query.page is None else query.page.limit, "resources on the page"),
    }
    sizes = limits._asdict()
    costs = [Cost(budget, count, sizes[budget], counted) for budget, (count, counted) in used.items()]
    return [*costs, Cost("tree", query.predicate.depth, MAXIMUM_DEPTH, "levels of the predicate")]


def _nested(key: str) -> int:
    brackets, dot = _LEVELS
    return key.count(brackets) // 2 + key.count(dot)


def _items(node: Predicate) -> Iterator[int]:
    """Give the length of each list in a tree; values that were sent twice count once."""
    match node:
        case Comparison():
            if node.operator.arity is Arity.LIST:
                yield len(node.value)
        case And(members=members) | Or(members=members):
            for member in members:
                yield from _items(member)
        case Not(member=member) | Related(member=member):
            yield from _items(member)
        case _:  # pragma: no cover
            assert_never(node)
