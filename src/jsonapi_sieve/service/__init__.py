"""The first domain's APIs over HTTP; it only adapts: all that is reusable stands on the floors below."""

from jsonapi_sieve.integrations.origin import LOOPBACK, host_of
from jsonapi_sieve.service.apis import customer_api, did_api
from jsonapi_sieve.service.app import create_app
from jsonapi_sieve.service.budgets import WAITING
from jsonapi_sieve.service.database import open_engine
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.service.explorer import explorer_of, explorer_routes
from jsonapi_sieve.service.exports import Exports
from jsonapi_sieve.service.server import make_server
from jsonapi_sieve.service.tokens import Audience, Tokens

__all__ = [
    "LOOPBACK",
    "WAITING",
    "Api",
    "Audience",
    "Endpoint",
    "Exports",
    "Tokens",
    "create_app",
    "customer_api",
    "did_api",
    "explorer_of",
    "explorer_routes",
    "host_of",
    "make_server",
    "open_engine",
]
