"""Every test that asks for `make` runs on every light kind of frame."""

from __future__ import annotations

import pytest

from tests.backends.narwhals.frames import KINDS, Make


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Make:
    return KINDS[request.param]
