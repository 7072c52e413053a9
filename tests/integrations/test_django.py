from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from secrets import token_hex
from typing import Any

import httpx
import pytest
from django import conf, db
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler

from tests.integrations.expected import MEDIA_TYPE, RAISED, assert_answers, assert_own_terms, assert_refused

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
        own.SECRET_KEY = token_hex()
        own.USE_I18N = False
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


def test_a_view_has_parameters_and_profiles_of_its_own(serve: Serve) -> None:
    assert_own_terms(serve().request, "/own-terms")


def test_what_belongs_to_a_refusal_goes_along(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    response = serve().get("/signed-out")
    assert_refused(response, 401, "unauthorized")
    assert (response.headers["www-authenticate"], response.cookies["session"]) == ("Basic", "none")
    assert [record.message for record in caplog.records] == ["Unauthorized: /signed-out"]


def test_what_a_view_makes_by_hand_stays_as_it_is(serve: Serve) -> None:
    response = serve().get("/by-hand")
    assert (response.status_code, response.json()) == (409, {"by": "hand"})


def test_in_debug_mode_a_developer_sees_the_traceback(serve: Serve) -> None:
    client = serve()
    conf.settings.DEBUG = True
    assert RAISED in client.get("/fails").text
    assert_refused(client.get("/nothing"), 404, "not-found")


def test_a_method_of_the_view_that_is_none_of_http_is_refused(serve: Serve) -> None:
    response = serve().request("DISPATCH", "/articles", headers={"Accept": "text/html"})
    assert_refused(response, 405, "method-not-allowed")


def test_a_body_has_a_length_or_comes_by_asgi(serve: Serve) -> None:
    content_type = {"Content-Type": MEDIA_TYPE}
    client = serve()
    assert_refused(client.post("/articles", content=iter([b"{", b"}"]), headers=content_type), 411, "length-required")

    async def send() -> httpx.Response:
        app: Any = ASGIHandler()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/articles", content=chunks(), headers=content_type)

    assert_refused(asyncio.run(send()), 400, "invalid-json")


async def chunks() -> AsyncIterator[bytes]:
    yield b"{"


def test_pages_elsewhere_stay_as_they_are(serve: Serve) -> None:
    client = serve("tests.integrations.django_urls.PrefixedMiddleware")
    assert client.get("/nothing").headers["content-type"].startswith("text/html")
    assert client.get("/articles/x/y").headers["content-type"] == "application/vnd.api+json"
