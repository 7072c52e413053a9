"""What an API offers: one endpoint for each collection, from which all its addresses follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from jsonapi_sieve import Field, Predicate
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.cdr.openapi_files import VERSION_HEADER
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service.budgets import Budget
from jsonapi_sieve.service.tokens import Audience

__all__ = ["Api", "Create", "Endpoint", "File"]

Create: TypeAlias = Callable[[dict[str, Any], int, datetime], object]
"""Makes a row of a table from loaded values, for a customer, at a moment."""


class File(NamedTuple):
    """Where clients fetch the file of each row of a collection, behind its path, and what it is.

    `path` has one parameter, which `id` compares: `{id}`, or `{file}` where files have names of their own. There is a
    file while the status of a row is `completed`. Where there is no such row the answer is a document with `tells`, and
    else the empty one of a row without a file. `media_types` are those of the files that may be there, by what their
    names end with.
    """

    path: str
    id: Field[Any]
    completed: str
    media_types: Mapping[str, str]
    tells: bool = False


class Endpoint(NamedTuple):
    """One collection: its resource type, the table of its rows, and whose they are.

    `id` compares identifiers, and `customer` the column that says whose a row is; without it rows are everybody's.
    `create` makes a row of what a client sends; without it clients only read. `meta` stands in every document; of the
    `versions` that clients may ask for by `X-DIDWW-API-Version` it has the one that is asked for as `api_version`.
    Rows have files where `file` says so, and a customer orders no more of them than `budget` allows.
    """

    resource: Resource
    model: type[Any]
    id: Field[Any]
    customer: Field[int] | None
    create: Create | None = None
    meta: Mapping[str, object] = {}  # a Mapping has nothing to change it by
    versions: tuple[str, ...] = ()
    file: File | None = None
    budget: Budget | None = None

    def owned_by(self, customer: int) -> Predicate | None:
        """Give the predicate that keeps a customer to its own rows; None where there is nothing to keep it from."""
        return None if self.customer is None else self.customer.eq(customer)

    def told(self, headers: Mapping[str, str]) -> Mapping[str, object]:
        """Give the `meta` of documents that answer a request with these headers, by names in lower case."""
        version = headers.get(VERSION_HEADER.lower())
        return {**self.meta, "api_version": version} if version in self.versions else self.meta

    def varied(self, answer: Answer) -> Answer:
        """Say of an answer that it depends on the version that is asked for, where it does (RFC 9110, 12.5.5)."""
        if len(self.versions) <= 1:
            return answer
        return answer._replace(headers={**answer.headers, "Vary": f"{answer.headers['Vary']}, {VERSION_HEADER}"})


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
