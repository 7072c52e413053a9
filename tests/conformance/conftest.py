"""Reports of the kit, each made once for all tests."""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing.conformance import Report, check
from tests.conformance.app import create_app
from tests.conformance.description import FULL


@pytest.fixture(scope="session")
def healthy() -> Report:
    return check(create_app(), FULL)
