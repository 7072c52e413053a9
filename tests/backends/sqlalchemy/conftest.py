from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.backends.sqlalchemy.models import Base, constants_of_rows, stored


@pytest.fixture(scope="session")
def engine() -> Iterator[sa.Engine]:
    """An engine with all rows; tests leave them as they are."""
    made = sa.create_engine("sqlite://")
    Base.metadata.create_all(made)
    with Session(made) as session:
        session.add_all(map(stored, constants_of_rows()))
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as opened:
        yield opened


@pytest.fixture
def session(connection: sa.Connection) -> Iterator[Session]:
    with Session(connection) as opened:
        yield opened
