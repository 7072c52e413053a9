"""What a predicate means in lines, the query that it is written back to, and the values of its generated Python."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.explaining.trees import tree_lines
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.normal import Leaf, conditions_of, normalize, width_of
from jsonapi_sieve.predicate import Predicate

__all__ = ["canonical", "constants", "meaning"]


def canonical(text: str, predicate: Predicate, filters: FilterSet) -> str | None:
    """Write a query as the library would: filters in their order, then what else was sent; None beyond a budget.

    >>> from jsonapi_sieve import Field, types
    >>> class Filters(FilterSet):
    ...     age = Field(types.Integer(16))
    >>> text = "sort=-age&filter[age_gt]=007"
    >>> canonical(text, Filters().parse(text), Filters())
    'filter%5Bage-gt%5D=7&sort=-age'
    """
    try:
        rendered = filters.render(predicate)
    except NotRenderable:
        return None
    others = sorted((decode(key), decode(value)) for key, value in split_query(text) if not key.startswith("filter"))
    written = [f"{quote(key)}={quote(value, safe=',:')}" for key, value in others]
    return "&".join([rendered, *written] if rendered else written)


def meaning(predicate: Predicate) -> Iterator[str]:
    """Write a tree in lines, but for the outermost `and`, which every query has, unless it is all.

    >>> from jsonapi_sieve import Field, types
    >>> age = Field(types.Integer(16), name="age")
    >>> list(meaning(age.gt(7) & age.lt(9)))
    ['age > 7', 'age < 9']
    """
    lines = tree_lines(predicate)
    first = next(lines)
    rest = [line.removeprefix("  ") for line in lines]
    yield from rest or [first]


def constants(predicate: Predicate) -> Iterator[str]:
    """Show what the generated Python is called with besides the row.

    >>> from jsonapi_sieve import Field, types
    >>> age = Field(types.Integer(16), nullable=True, name="age")
    >>> list(constants(age.gt(7))), list(constants(age.null()))
    (['7'], [])
    """
    normal = normalize(predicate)
    start = 0
    for test in conditions_of(normal.shape):
        width = width_of(test)
        if not isinstance(test, Leaf):
            yield f"tests of {test.relationship.name} rows"
        elif width:
            yield repr(normal.values[start])
        start += width
