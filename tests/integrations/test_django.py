from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django import conf, db
from django.core.handlers.wsgi import WSGIHandler

from tests.integrations.expected import assert_answers

Serve = Callable[..., httpx.Client]


@pytest.fixture
def serve(declared: Any) -> Iterator[Serve]:
    """Give what makes a client of a middleware's application, under settings of its own.

    What Django keeps of settings is as it was afterwards, for other tests set them up for good.
    """

    def of(middleware: str = "jsonapi_sieve.integrations.django.JsonApiMiddleware") -> httpx.Client:
        own = conf.UserSettingsHolder(conf.global_settings)
        own.ALLOWED_HOSTS = ["localhost"]
        own.EXAMPLE = declared
        own.MIDDLEWARE = [middleware]
        own.ROOT_URLCONF = "tests.integrations.django_urls"
        conf.settings._wrapped = own
        return httpx.Client(transport=httpx.WSGITransport(WSGIHandler()), base_url="http://localhost")

    keeping = [vars(conf.settings), vars(db.connections)]
    kept = [dict(each) for each in keeping]
    yield of
    for each, before in zip(keeping, kept, strict=True):
        each.clear()
        each.update(before)


def test_an_application_answers_as_all_do(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    assert_answers(serve().request, host_code="bad-request")  # Django checks hosts
    assert [record.message for record in caplog.records].count("Internal Server Error: /fails") == 1


def test_pages_elsewhere_stay_as_they_are(serve: Serve) -> None:
    client = serve("tests.integrations.django_urls.PrefixedMiddleware")
    assert client.get("/nothing").headers["content-type"].startswith("text/html")
    assert client.get("/articles/x/y").headers["content-type"] == "application/vnd.api+json"
