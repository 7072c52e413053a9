"""HTTP between a web framework and a resource: requests are judged, and answers made, in one way for all frameworks.

`Asked` is one request, with an answer for each kind of address. It is plain Python: it opens nothing, and knows no
framework. `asgi` and `wsgi` read requests of these interfaces and send answers; `flask`, `starlette`, `fastapi` and
`django` each stand on one of them, and `rows` finds rows by SQLAlchemy.
"""

from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.request import Request, check_headers
from jsonapi_sieve.integrations.row_source import RowSource

__all__ = ["Asked", "Request", "RowSource", "check_headers"]
