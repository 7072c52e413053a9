"""An explorer of articles, beside their API with Flask: `flask --app explorer_app run`."""

from articles import articles, people
from flask_app import app, open_session

from jsonapi_sieve.explorer import Categories, Explored, Explorer, Links, Numbers, Plots
from jsonapi_sieve.explorer.wsgi import beside, wsgi_app

plots = Plots(numbers=(Numbers("words", edges=(300, 600, 900)),), categories=(Categories("title", {"No. 1": "first"}),))
links = Links[str]()
explorer = Explorer(
    [Explored(lambda _: articles, url="/articles", plots=plots), Explored(lambda _: people)],
    session=lambda _: open_session(),
    links=links,
)
app.wsgi_app = beside(app.wsgi_app, "/explore", wsgi_app(explorer))  # type: ignore[assignment, method-assign]

print(f"http://127.0.0.1:5000/explore/explorer/open?token={links.new('anybody')}")  # noqa: T201
