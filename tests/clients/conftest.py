"""A service of their own for clients that others wrote."""

from tests.service.conftest import database, service

__all__ = ["database", "service"]
