"""Budgets: how much of a request is looked at before it is refused.

Every budget binds what clients send, query strings and stored filters, never predicates that are built in code. Each
one is checked before the work that it bounds (a query of death is refused by its length, not by its run time).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from jsonapi_sieve.errors import ErrorObject, Source

__all__ = ["Limits"]


class Limits(NamedTuple):
    """The budgets of a declaration.

    `query_string` (414), `key` and `value` count bytes of UTF-8, the first as sent and the other two decoded; `depth`
    counts nested groups and relationships, `json_depth` nested arrays and objects, `body` bytes (413); the others count
    items. A `json_depth` above some hundred levels promises more than Python's own stack holds: bodies that overflow it
    are refused in the same way, whatever is left of the budget.

    >>> Limits(filters=20).filters
    20
    """

    query_string: int = 65_536
    key: int = 256
    value: int = 32_768
    filters: int = 100
    list_items: int = 1_000
    parameters: int = 200
    depth: int = 16
    include_depth: int = 3
    page_size: int = 1_000
    body: int = 1_048_576
    json_depth: int = 64

    def oversize(self, budget: Literal["key", "value"], text: str) -> str | None:
        """Say that a decoded key or value is over its budget; None for one that is not.

        >>> Limits(key=3).oversize("key", "sort")
        'The key is 4 bytes long; at most 3 are read.'
        """
        most = self.key if budget == "key" else self.value
        size = len(text.encode())
        return f"The {budget} is {size} bytes long; at most {most} are read." if size > most else None

    def exceeded(
        self,
        budget: str,
        detail: str,
        at: str | None = None,
        *,
        source: Source = "parameter",
        status: int = 400,
    ) -> ErrorObject:
        """Make the error object of an exceeded budget; its code is the budget's name and `-limit`.

        >>> Limits().exceeded("list_items", "1200 items were sent.", "filter[id]").code
        'list-items-limit'
        """
        limit = self._asdict()[budget]
        name = budget.replace("_", "-")
        return ErrorObject(f"{name}-limit", "Limit exceeded", detail, at, source, status, {"limit": limit})
