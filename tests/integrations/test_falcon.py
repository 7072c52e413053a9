from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.integrations.expected import assert_answers, fail
from tests.integrations.serving import imported


class Failing:
    def on_get(self, req: object, resp: object) -> None:
        fail()


def test_an_application_answers_as_all_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = imported("falcon_app", tmp_path, monkeypatch)
    example.app.add_route("/fails", Failing())
    transport = httpx.WSGITransport(example.application)
    assert_answers(httpx.Client(transport=transport, base_url="http://localhost").request)
