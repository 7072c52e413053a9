"""Explorers over HTTP: that of the service, and those that other applications mount."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from jsonapi_sieve.explorer import Explored, Explorer, Links
from jsonapi_sieve.explorer.asgi import asgi_app
from jsonapi_sieve.service import create_app, customer_api, explorer_routes, make_server
from tests.explorer.conftest import Looking
from tests.integrations.conftest import example
from tests.integrations.serving import articles_in, asgi_served, wsgi_served
from tests.patience import PATIENCE
from tests.service.running import TOKENS
from tests.serving import running

__all__ = ["example"]

DATA = ("explorer/declaration", "explorer/resources/articles/rows?page[size]=1", "explorer/resources/articles/look")


@contextmanager
def browsing(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        yield client


def assert_opens(client: httpx.Client, link: str, page: str) -> None:
    """Open an explorer by its link, and follow what the page refers to."""
    assert client.get(f"{page}/explorer/declaration").status_code == 401
    shown = client.get(link)
    assert shown.status_code == 200
    own = {"Accept": "text/html,*/*;q=0.8", "Content-Type": "application/x-www-form-urlencoded"}
    own["Origin"] = str(client.base_url).rstrip("/")
    for address in re.findall(r'href="(.*?)"', shown.text):
        assert client.get(shown.url.join(address)).status_code == 200
    opened = client.post(link, headers=own, follow_redirects=True)
    assert (opened.status_code, opened.url.path) == (200, f"{page}/")
    assert client.get(link).status_code == 303
    client.cookies.clear()
    assert client.get(link).status_code == 410


def assert_kept_to_itself(answer: httpx.Response) -> None:
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture(scope="module")
def served(looking: Looking) -> Iterator[str]:
    routes = explorer_routes(customer_api(), looking.engine, TOKENS, looking.links)
    app = create_app(looking.engine, TOKENS, [customer_api()], routes=routes)
    server = make_server(app, log_level="critical")
    with socket.create_server(("127.0.0.1", 0)) as listener, running(server, listener) as url:
        yield url


def test_the_service_has_its_explorer_at_the_root(served: str, looking: Looking) -> None:
    with browsing(served) as client:
        assert_opens(client, f"/explorer/open?token={looking.links.new(1)}", "")
        client.post(f"/explorer/open?token={looking.links.new(2)}")
        told = client.get("/explorer/declaration").json()
        assert told["resources"][0]["url"] == f"{served}/api/rest/customer/v1/cdrs"
        rows = client.get("/explorer/resources/cdrs/rows?filter[time-start-gteq]=2020-01-01").json()
        api = client.get(
            "/api/rest/customer/v1/cdrs?filter[time-start-gteq]=2020-01-01",
            headers={"Authorization": TOKENS.issue("customer-v1", 2)},
        )
        assert rows["document"] == api.json()
        assert client.get("/api/rest/customer/v1/cdrs").status_code == 401  # a cookie opens nothing but the explorer


def test_the_service_checks_the_host(served: str, looking: Looking) -> None:
    with browsing(served) as client:
        for path in ("/", "/explorer/declaration", f"/explorer/open?token={looking.links.new(1)}"):
            refused = client.get(path, headers={"Host": "rebound.example"})
            assert refused.status_code == 400
            assert_kept_to_itself(refused)


def test_the_service_refuses_in_documents(served: str) -> None:
    with browsing(served) as client:
        own = {"Authorization": TOKENS.issue("customer-v1", 1)}
        long = client.get(f"/explorer/resources/cdrs/rows?filter[id]={'9,' * 17_000}", headers=own)
        assert (long.status_code, long.json()["errors"][0]["code"]) == (400, "value-limit")
        assert client.get("/explorer/nosuch", headers=own).json()["errors"][0]["code"] == "not-found"
        assert client.post("/explorer/exports", headers=own, content=b"{}").status_code == 415
        stranger = client.get("/explorer/exports/1/download")
        assert stranger.status_code == 401
        assert_kept_to_itself(stranger)
        assert client.get("/explorer/declaration", headers=own | {"Accept": "image/png"}).status_code == 406


def test_a_file_that_is_not_written_is_not_there(served: str, looking: Looking) -> None:
    [first, *_] = looking.get("resources/cdr-exports/rows", "filter[status-eq]=Pending")["document"]["data"]
    with browsing(served) as client:
        own = {"Authorization": TOKENS.issue("customer-v1", 1)}
        answer = client.get(f"/explorer/exports/{first['id']}/download", headers=own)
        assert (answer.status_code, answer.content) == (404, b"")
        assert_kept_to_itself(answer)


def test_flask_mounts_an_explorer(example: Callable[[str], Any], capsys: pytest.CaptureFixture[str]) -> None:
    mounted = example("explorer_app")
    path = capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:5000")
    with wsgi_served(mounted.app) as url, browsing(url) as client:
        assert client.get("/explore").headers["Location"] == "explore/"
        assert_kept_to_itself(client.get("/explore"))
        assert client.get("/explore", follow_redirects=True).status_code == 200
        assert_opens(client, path, "/explore")
        client.post(f"/explore/explorer/open?token={mounted.links.new(0)}")
        assert [client.get(f"/explore/{address}").status_code for address in DATA] == [200] * 3
        counts = client.get("/explore/explorer/resources/articles/counts?filter[words-gt]=100").json()
        assert (counts["total"], counts["time"], counts["numbers"][0]["counts"]) == (11, None, [1, 3, 3, 4])
        assert counts["categories"][0]["values"] == [
            {"value": "No. 1", "label": "first", "count": 0},
            {"value": None, "label": "other", "count": 11},
        ]
        look = client.get("/explore/explorer/resources/articles/look?filter[words-gt]=100").json()
        assert look["url"] == f"{url}/articles?filter%5Bwords-gt%5D=100"
        posted = client.post("/explore/explorer/exports", headers={"X-Explorer": "1"})
        assert posted.status_code == 404  # nothing is exported
        assert client.get("/articles").status_code == 200
        refused = client.get("/explore/", headers={"Host": "rebound.example"})
        assert refused.status_code == 400
        assert_kept_to_itself(refused)


def test_fastapi_mounts_an_explorer(tmp_path: Path) -> None:
    with articles_in(tmp_path) as declared:
        links = Links[str]()
        explorer = Explorer(
            [Explored(lambda _: declared.articles)], session=lambda _: declared.open_session(), links=links
        )
        app = FastAPI()
        app.mount("/tools/explore", asgi_app(explorer))
        with asgi_served(app) as url, browsing(url) as client:
            assert client.get("/tools/explore", follow_redirects=True).status_code == 200
            assert_opens(client, f"/tools/explore/explorer/open?token={links.new('Ann')}", "/tools/explore")
            client.post(f"/tools/explore/explorer/open?token={links.new('Ann')}")
            assert [client.get(f"/tools/explore/{address}").status_code for address in DATA] == [200] * 3
            rows = client.get("/tools/explore/explorer/resources/articles/rows").json()["document"]
            assert rows["links"]["next"].startswith(f"{url}/tools/explore/explorer/resources/articles/rows?")
            for headers, status in (({"Host": "rebound.example"}, 400), ({"Accept": "image/png"}, 406)):
                refused = client.get("/tools/explore/", headers=headers)
                assert refused.status_code == status
                assert_kept_to_itself(refused)
