"""The engines that answer the measured cases, and the table that they are entered into."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.ransack.calls import Engines
from tests.ransack.summary import note

__all__ = ["engines", "note"]


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """Python, and an SQLite in memory."""
    engine = sa.create_engine("sqlite://")
    with Session(engine) as session:
        yield Engines(session)
    engine.dispose()
