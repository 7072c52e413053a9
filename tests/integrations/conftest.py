from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.serving import articles_in, examples


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    with examples(tmp_path) as imported:
        yield imported


@pytest.fixture
def declared(tmp_path: Path) -> Iterator[Any]:
    with articles_in(tmp_path) as articles:
        yield articles
