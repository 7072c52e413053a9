"""OpenAPI 3.1 of an API: a document that is made of its resources, and tells what they take and show.

`openapi` makes the document, a plain dict for `json.dumps`; `differences` compares two of them, and `parameter_table`
shows the parameters of one to people. Nothing is read or sent.
"""

from jsonapi_sieve.openapi.differences import Difference, differences
from jsonapi_sieve.openapi.document import openapi
from jsonapi_sieve.openapi.paths import Collection
from jsonapi_sieve.openapi.stored import stored_filters
from jsonapi_sieve.openapi.tables import Table, parameter_tables

__all__ = ["Collection", "Difference", "Table", "differences", "openapi", "parameter_tables", "stored_filters"]
