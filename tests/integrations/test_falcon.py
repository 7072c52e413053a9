from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from tests.integrations.expected import assert_answers, fail


class Failing:
    def on_get(self, req: object, resp: object) -> None:
        fail()


def test_an_application_answers_as_all_do(example: Callable[[str], Any]) -> None:
    falcon = example("falcon_app")
    falcon.app.add_route("/fails", Failing())
    transport = httpx.WSGITransport(falcon.application)
    assert_answers(httpx.Client(transport=transport, base_url="http://localhost").request)
