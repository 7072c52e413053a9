"""The code that is generated for a query and for its resource, beside that which tests rows."""

from __future__ import annotations

from typing import Final, NamedTuple

from jsonapi_sieve.cli.declared import Listing
from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.query import QueryParser

__all__ = ["Generated", "Stored", "generated_for"]

_NO_READER: Final = "# Each body is read with care: the schema loads in a way of its own, or a budget is small."


class Stored(NamedTuple):
    """Filters in their stored form, and the code that spells it, if they have them."""

    form: dict[str, object] | None
    python: str | None


class Generated(NamedTuple):
    """The stored form; and the code that makes documents of rows and reads bodies, where there are documents."""

    stored: Stored
    documents: str | None
    bodies: str | None


def generated_for(predicate: Predicate, listing: Listing) -> Generated:
    """Give what is generated for a predicate of a listing, and for the listing's resource."""
    stored = _stored(predicate, listing.filters)
    if isinstance(listing, QueryParser):
        return Generated(stored, None, None)
    from jsonapi_sieve.serialization import CompiledSchema  # noqa: PLC0415  (a Resource has what schemas need)
    from jsonapi_sieve.serialization.posted import posted_source  # noqa: PLC0415

    bodies = posted_source(listing.schema, listing.limits) or _NO_READER
    return Generated(stored, CompiledSchema(listing.schema.schema).source, bodies)


def _stored(predicate: Predicate, filters: FilterSet) -> Stored:
    try:
        form = filters.dump(predicate)
    except NotRenderable:
        return Stored(None, None)
    return Stored(form, filters.normalizing_source(form))
