"""Articles over HTTP, with Falcon: serve `falcon_app:application` by any WSGI server."""

import falcon
from articles import articles, fill, people
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.integrations import Asked
from jsonapi_sieve.integrations.refusals import Refusals, errors_of
from jsonapi_sieve.integrations.wsgi import OriginMiddleware, read_request

open_session = sessionmaker(create_engine("sqlite:///articles.sqlite"))


def asked_by(req, resp):
    return Asked(read_request(req.env), lambda answer: send(resp, answer))


def send(resp, answer):
    resp.status, resp.data = answer.status, answer.body
    resp.set_headers(answer.headers)


def refuse(req, resp, errors, _):
    send(resp, Refusals().answer(errors, req.method))


def translate(req, resp, fault):
    errors = errors_of(fault.status_code, method=req.method, path=req.path, headers=dict(fault.headers or {}))
    send(resp, Refusals().answer(errors, req.method))


class Articles:
    def on_get(self, req, resp):
        with open_session() as session:
            asked_by(req, resp).listing(session, articles)

    def on_post(self, req, resp):
        with open_session() as session:
            asked_by(req, resp).create(session, articles, author=people)

    def on_get_one(self, req, resp, id):
        with open_session() as session:
            asked_by(req, resp).single(session, articles, id)

    on_head, on_head_one = on_get, on_get_one


with open_session() as session:
    fill(session)
app = falcon.App()
app.add_route("/articles", Articles())
app.add_route("/articles/{id}", Articles(), suffix="one")
app.add_error_handler(QueryErrors, refuse)
app.set_error_serializer(translate)
application = OriginMiddleware(app)
