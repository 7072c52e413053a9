from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, Header, HTTPException
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from jsonapi_sieve.integrations import fastapi
from jsonapi_sieve.integrations.starlette import JsonApi
from tests.integrations.expected import OWN, RAISED, assert_answers, assert_own_terms, assert_refused, fail
from tests.integrations.serving import asgi_served
from tests.patience import PATIENCE


@contextmanager
def client_of(app: Any) -> Iterator[httpx.Client]:
    with asgi_served(app) as url, httpx.Client(base_url=url, timeout=PATIENCE) as client:
        yield client


async def leave(_: Request) -> Response:
    raise ClientDisconnect


def test_an_application_of_fastapi_answers_as_all_do(example: Callable[[str], Any]) -> None:
    app: FastAPI = example("fastapi_app").app
    app.add_api_route("/fails", fail_without_arguments)
    with client_of(app) as client:
        assert_answers(client.request)


def test_a_refusal_names_the_methods_of_all_routes_at_an_address(example: Callable[[str], Any]) -> None:
    async def answer(_request: Request) -> Response:
        return Response()

    plain = Starlette(routes=[Route("/articles", answer), Route("/articles", answer, methods=["POST"])])
    JsonApi(plain)
    for app in (example("fastapi_app").app, plain):
        with client_of(app) as client:
            answer_to_put = client.put("/articles")
        assert answer_to_put.status_code == 405
        assert answer_to_put.headers["Allow"] == "GET, HEAD, POST"


def fail_without_arguments() -> None:
    fail()


def fail_at_once(request: Request) -> Response:
    return fail()


def test_an_application_of_starlette_answers_as_all_do(declared: Any) -> None:
    async def answer(request: Request, kind: str, *arguments: object, **related: object) -> Response:
        asked = await jsonapi(request)
        with declared.open_session() as session:
            answering = partial(getattr(asked, kind), session, declared.articles, *arguments, **related)
            return await run_in_threadpool(answering)

    async def listing(request: Request) -> Response:
        return await answer(request, "listing")

    async def create(request: Request) -> Response:
        return await answer(request, "create", author=declared.people)

    async def single(request: Request) -> Response:
        return await answer(request, "single", request.path_params["id"])

    routes = [
        Route("/articles", listing),
        Route("/articles", create, methods=["POST"]),
        Route("/articles/{id}", single),
        Route("/fails", fail_at_once),
        Route("/left", leave),
    ]
    app = Starlette(routes=routes)
    jsonapi = JsonApi(app)
    with client_of(app) as client:
        assert_refused(client.get("/left"), 400, "bad-request")
        assert_answers(client.request)


def test_an_application_has_parameters_and_profiles_of_its_own(declared: Any) -> None:
    for make, extension in ((Starlette, JsonApi), (FastAPI, fastapi.JsonApi)):
        app: Any = make()
        jsonapi = extension(app, ignore=OWN["ignore"], profiles=OWN["profiles"])

        async def listing(request: Request, jsonapi: Any = jsonapi) -> Response:
            asked = await jsonapi(request)
            with declared.open_session() as session:
                response: Response = await run_in_threadpool(asked.listing, session, declared.articles)
                return response

        app.router.routes.append(Route("/articles", listing))
        with client_of(app) as client:
            assert_own_terms(client.request, "/articles")


def test_a_redirection_that_is_raised_is_no_fault() -> None:
    async def move(_: Request) -> Response:
        raise HTTPException(303, headers={"Location": "/elsewhere"})

    app = Starlette(routes=[Route("/moved", move)])
    JsonApi(app)
    with client_of(app) as client:
        response = client.get("/moved")
    assert (response.status_code, response.headers["location"], response.content) == (303, "/elsewhere", b"")


def test_head_is_answered_where_get_is_and_by_routes_of_its_own() -> None:
    app, router = FastAPI(), APIRouter(prefix="/included")
    fastapi.JsonApi(app)

    def answer(request: Request) -> Response:
        return Response(b"12345", headers={"X-Method": request.method})

    for routed in (app, router):
        routed.add_api_route("/own", answer, methods=["HEAD"])
        routed.add_api_route("/both", answer, methods=["GET", "HEAD"])
        routed.add_api_route("/got", answer)
    app.include_router(router)
    with client_of(app) as client:
        for prefix in ("", "/included"):
            for path, method in (("/own", "HEAD"), ("/both", "HEAD"), ("/got", "GET")):
                response = client.head(prefix + path)
                assert (response.status_code, response.headers["x-method"], response.content) == (200, method, b"")
                assert response.headers["content-length"] == "5"
        assert client.head("/nothing").status_code == 404


def test_what_fastapi_finds_itself_is_told_in_documents() -> None:
    app = FastAPI()
    fastapi.JsonApi(app)

    @app.get("/typed/{number}")
    def typed(number: int, words: int, x_token: Annotated[int, Header()]) -> int:
        raise HTTPException(409, RAISED, {"Retry-After": "7", "Content-Type": "text/plain"})

    with client_of(app) as client:
        response = client.get("/typed/x?words=y")
        refused = client.get("/typed/1?words=2", headers={"X-Token": "3"})
    assert [error.get("source") for error in response.json()["errors"]] == [
        None,
        {"parameter": "words"},
        {"header": "x-token"},
    ]
    assert_refused(refused, 409, "http-409")
    assert refused.headers["retry-after"] == "7"
