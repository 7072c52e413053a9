"""Articles over HTTP, with Django: `python django_app.py runserver --noreload`."""

import os
import sys

from articles import articles, fill, people
from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.urls import path
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from jsonapi_sieve.integrations.django import JsonApiView

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    MIDDLEWARE=["jsonapi_sieve.integrations.django.JsonApiMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY", "only for a try"),
)
open_session = sessionmaker(create_engine("sqlite:///articles.sqlite"))


class ArticleList(JsonApiView):
    def get(self, request):
        with open_session() as session:
            return self.asked.listing(session, articles)

    def post(self, request):
        with open_session() as session:
            return self.asked.create(session, articles, author=people)


class ArticleDetail(JsonApiView):
    def get(self, request, id):
        with open_session() as session:
            return self.asked.single(session, articles, id)


urlpatterns = [path("articles", ArticleList.as_view()), path("articles/<id>", ArticleDetail.as_view())]
application = get_wsgi_application()

with open_session() as session:
    fill(session)

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
