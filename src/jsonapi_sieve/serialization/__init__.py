"""marshmallow-jsonapi schemas: resource objects from rows, and values from what clients send.

Works with marshmallow 3 and marshmallow-jsonapi, and with marshmallow 4 and marshmallow-jsonapi-minfork.
"""

from jsonapi_sieve.serialization.distributions import check_distributions

check_distributions()

from jsonapi_sieve.serialization.compiled import CompiledSchema  # noqa: E402
from jsonapi_sieve.serialization.fields import StoredFilters, Typed  # noqa: E402
from jsonapi_sieve.serialization.filters import filters_from_schema  # noqa: E402
from jsonapi_sieve.serialization.loading import load  # noqa: E402
from jsonapi_sieve.serialization.relations import Relation  # noqa: E402
from jsonapi_sieve.serialization.schemas import ResourceSchema  # noqa: E402
from jsonapi_sieve.serialization.typed import Relationship, Schema  # noqa: E402

__all__ = [
    "CompiledSchema",
    "Relation",
    "Relationship",
    "ResourceSchema",
    "Schema",
    "StoredFilters",
    "Typed",
    "filters_from_schema",
    "load",
]
