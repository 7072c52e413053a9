"""What keeps the command from the user's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsonapi_sieve.cli.secret import VARIABLE


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the state directory of the command, which is made by the first that writes to it."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "jsonapi-sieve"
