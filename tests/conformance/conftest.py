"""Reports of the kit, each made once for all tests."""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing.conformance import Report, check
from tests.conformance.app import create_app
from tests.conformance.description import FULL

# Django's modules have to be set up before somebody looks for examples in them.
collect_ignore = ["second"]


@pytest.fixture(scope="session")
def healthy() -> Report:
    return check(create_app(), FULL)
