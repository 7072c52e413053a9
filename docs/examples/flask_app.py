"""Articles over HTTP, with Flask: `flask --app flask_app run`."""

from articles import articles, fill, people
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from jsonapi_sieve.integrations.flask import JsonApi

open_session = sessionmaker(create_engine("sqlite:///articles.sqlite"))

app = Flask(__name__)
jsonapi = JsonApi(app)


@app.get("/articles")
@jsonapi.view
def list_articles(asked):
    with open_session() as session:
        return asked.listing(session, articles)


@app.post("/articles")
@jsonapi.view
def create_article(asked):
    with open_session() as session:
        return asked.create(session, articles, author=people)


@app.get("/articles/<id>")
@jsonapi.view
def get_article(asked, id):
    with open_session() as session:
        return asked.single(session, articles, id)


with open_session() as session:
    fill(session)
