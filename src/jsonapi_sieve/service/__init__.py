"""The first domain's APIs over HTTP; it only adapts: all that is reusable stands on the floors below."""

from jsonapi_sieve.integrations.origin import LOOPBACK, host_of
from jsonapi_sieve.service.apis import customer_api, did_api
from jsonapi_sieve.service.app import create_app
from jsonapi_sieve.service.database import open_engine
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.service.server import make_server
from jsonapi_sieve.service.tokens import Audience, Tokens

__all__ = [
    "LOOPBACK",
    "Api",
    "Audience",
    "Endpoint",
    "Tokens",
    "create_app",
    "customer_api",
    "did_api",
    "host_of",
    "make_server",
    "open_engine",
]
