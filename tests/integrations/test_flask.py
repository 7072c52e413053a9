from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import httpx
from flask import Flask, Response, abort, redirect
from werkzeug.exceptions import Unauthorized

from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.integrations import Asked
from jsonapi_sieve.integrations.flask import JsonApi
from tests.integrations.expected import OWN, assert_answers, assert_own_terms, assert_refused, fail


def client_of(app: Flask) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app), base_url="http://localhost")


def test_an_application_answers_as_all_do(example: Callable[[str], Any]) -> None:
    app = example("flask_app").app
    app.add_url_rule("/fails", view_func=fail)
    assert_answers(client_of(app).request)


def test_pages_elsewhere_stay_as_they_are() -> None:
    app = Flask(__name__)
    JsonApi(prefix="/api", top_level=TopLevel(version="1.1")).init_app(app)
    client = client_of(app)
    assert client.get("/nothing").headers["content-type"].startswith("text/html")
    response = client.get("/api/nothing")
    assert_refused(response, 404, "not-found")
    assert response.json()["jsonapi"] == {"version": "1.1"}


def test_what_is_no_refusal_and_what_is_made_by_hand_stays_as_it_is() -> None:
    app = Flask(__name__)
    JsonApi(app)
    app.add_url_rule("/moved", "moved", lambda: redirect("/elsewhere"))
    app.add_url_rule("/stopped", "stopped", lambda: abort(Response("stopped", 503)))
    by_hand = Response("by hand", 401, {"WWW-Authenticate": "Basic"})
    app.add_url_rule("/refused", "refused", lambda: fail_with(Unauthorized(response=by_hand)))
    app.add_url_rule("/teapot", "teapot", lambda: abort(418, "what nobody is to know"))
    client = client_of(app)
    assert client.get("/moved").headers["location"] == "/elsewhere"
    assert (client.get("/stopped").status_code, client.get("/stopped").text) == (503, "stopped")
    refused = client.get("/refused")
    assert (refused.status_code, refused.text, refused.headers["www-authenticate"]) == (401, "by hand", "Basic")
    assert_refused(client.get("/teapot"), 418, "http-418")


def test_a_view_may_wait(declared: Any) -> None:
    app = Flask(__name__)
    jsonapi = JsonApi(app)

    @app.get("/articles")
    @jsonapi.view
    async def list_articles(asked: Asked[Response]) -> Response:
        with declared.open_session() as session:
            return asked.listing(session, declared.articles)

    assert client_of(app).get("/articles").json()["meta"] == {"total-count": 12}


def test_an_application_has_parameters_and_profiles_of_its_own(declared: Any) -> None:
    app = Flask(__name__)
    jsonapi = JsonApi(app, ignore=OWN["ignore"], profiles=OWN["profiles"])

    @app.get("/articles")
    @jsonapi.view
    def list_articles(asked: Asked[Response]) -> Response:
        with declared.open_session() as session:
            return asked.listing(session, declared.articles)

    assert_own_terms(client_of(app).request, "/articles")


def fail_with(fault: Exception) -> NoReturn:
    raise fault
