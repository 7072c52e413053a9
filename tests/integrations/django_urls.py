"""The example's API once more, for Django's settings are set once in a process, and here only for a moment."""

from __future__ import annotations

from typing import Any

from django import conf
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path

from jsonapi_sieve.integrations.django import JsonApiMiddleware, JsonApiView
from tests.integrations.expected import OWN, fail


class PrefixedMiddleware(JsonApiMiddleware):
    prefix = "/articles"


class ArticleList(JsonApiView):
    def get(self, request: HttpRequest) -> HttpResponse:
        with conf.settings.EXAMPLE.open_session() as session:
            return self.asked.listing(session, conf.settings.EXAMPLE.articles)

    def post(self, request: HttpRequest) -> HttpResponse:
        with conf.settings.EXAMPLE.open_session() as session:
            return self.asked.create(session, conf.settings.EXAMPLE.articles, author=conf.settings.EXAMPLE.people)


class ArticleDetail(JsonApiView):
    def get(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002  (what JSON:API calls it)
        with conf.settings.EXAMPLE.open_session() as session:
            return self.asked.single(session, conf.settings.EXAMPLE.articles, id)


def failing(request: HttpRequest, **_: Any) -> HttpResponseBase:
    fail()
    raise AssertionError


def signed_out(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("signed out", status=401, headers={"WWW-Authenticate": "Basic"})
    response.set_cookie("session", "none")
    return response


def by_hand(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"by": "hand"}, status=409)


urlpatterns = [
    path("signed-out", signed_out),
    path("by-hand", by_hand),
    path("own-terms", ArticleList.as_view(**OWN)),
    path("articles", ArticleList.as_view()),
    path("articles/<id>", ArticleDetail.as_view()),
    path("fails", failing),
]
