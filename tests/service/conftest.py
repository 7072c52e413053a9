"""A service with a small generated database, for all tests of a session; tests must not mind what others add."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.service.running import Service, new_database, service_of
from tests.service.worlds import Worlds, both


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = new_database(tmp_path_factory.mktemp("service"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def service(database: Engine) -> Iterator[Service]:
    with service_of(database, hosts={"127.0.0.1", "localhost", "[::1]", "example.org"}) as running:
        yield running


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with both(tmp_path_factory.mktemp("worlds")) as worlds:
        yield worlds
