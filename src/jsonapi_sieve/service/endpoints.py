"""What an API offers: one endpoint for each collection, from which all its addresses follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from jsonapi_sieve import Field, Predicate
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service.tokens import Audience

__all__ = ["Api", "Create", "Endpoint"]

Create: TypeAlias = Callable[[dict[str, Any], int, datetime], object]
"""Makes a row of a table from loaded values, for a customer, at a moment."""


class Endpoint(NamedTuple):
    """One collection: its resource type, the table of its rows, and whose they are.

    `id` compares identifiers, and `customer` the column that says whose a row is; without it rows are everybody's.
    `create` makes a row of what a client sends; without it clients only read. `meta` stands in every document.
    """

    resource: Resource
    model: type[Any]
    id: Field[Any]
    customer: Field[int] | None
    create: Create | None = None
    meta: Mapping[str, object] = {}  # a Mapping has nothing to change it by

    def owned_by(self, customer: int) -> Predicate | None:
        """Give the predicate that keeps a customer to its own rows; None where there is nothing to keep it from."""
        return None if self.customer is None else self.customer.eq(customer)


class Api(NamedTuple):
    """Collections under one path, and how clients of theirs say who they are.

    `header` holds their token, whose audience is `audience`. Collections have the names of their types.
    """

    path: str
    header: str
    audience: Audience
    endpoints: tuple[Endpoint, ...]

    def endpoint_of(self, type_: str) -> Endpoint:
        """Give the endpoint of a type of resources.

        Raises:
            KeyError: when the API has none.
        """
        return {endpoint.resource.type: endpoint for endpoint in self.endpoints}[type_]
