"""Articles over HTTP, with Flask: `flask --app flask_app run`."""

from articles import Article, Base, Person, articles, people
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from jsonapi_sieve.integrations.flask import JsonApi

engine = create_engine("sqlite:///articles.sqlite")
open_session = sessionmaker(engine)

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


Base.metadata.create_all(engine)
with open_session() as session:
    if session.get(Person, 1) is None:
        ann, bob = Person(name="Ann"), Person(name="Bob")
        session.add_all(Article(title=f"No. {n}", words=n * 100, author=bob if n % 3 else ann) for n in range(1, 13))
        session.commit()
