from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.explorer import Explored, Explorer, Links
from jsonapi_sieve.explorer.files import Files
from tests.explorer.conftest import ORIGIN, Looking

EVER = "filter[time-start-gteq]=2020-01-01"
DATA = ("declaration", "resources/cdrs/look", "resources/cdrs/rows", "resources/cdrs/counts", "exports/1", "nosuch")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(links: Links[int], token: str, *, is_secure: bool = False) -> dict[str, str] | None:
    cookie = links.swap(token, is_secure=is_secure)
    return None if cookie is None else {"cookie": cookie.partition(";")[0]}


@pytest.mark.parametrize("path", DATA)
def test_a_stranger_is_shown_nothing(looking: Looking, path: str) -> None:
    answer = looking.ask(f"/explorer/{path}", customer=None)

    assert answer.status == 401
    assert json.loads(answer.body)["errors"][0]["detail"].startswith("Open the explorer by the link")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_is_for_everybody_and_has_no_data(looking: Looking) -> None:
    answer = looking.ask("/", customer=None)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    tag = {"if-none-match": answer.headers["ETag"]}
    assert looking.ask("/", customer=None, headers=tag).status == 304
    assert looking.ask("/", customer=None, method="HEAD").headers["Content-Length"] == str(len(answer.body))


def test_files_are_kept_for_as_long_as_they_are_the_same(looking: Looking) -> None:
    page = looking.ask("/").body.decode()
    addresses = re.findall(r'"(explorer/[0-9a-f]{16}/[a-z.]+)"', page)

    assert len(addresses) > 1
    assert "static/" not in page
    for address in addresses:
        answer = looking.ask(f"/{address}", customer=None)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
    digest = Files().digest
    for path in (
        f"/explorer/{digest}/nosuch.js",
        f"/explorer/{digest}/index.html",
        f"/explorer/{digest}/..",
        "/nosuch",
    ):
        assert looking.ask(path).status == 404
    assert looking.ask("/explorer/0000000000000000/app.js").status == 404


def test_every_answer_keeps_the_page_to_itself(looking: Looking) -> None:
    files = f"/explorer/{Files().digest}/app.js"
    for path in ("/", files, "/explorer/declaration", "/explorer/open", "/nosuch", "/explorer/resources/cdrs/rows"):
        headers = looking.ask(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["form-action"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_link_opens_the_explorer_once(looking: Looking) -> None:
    query = f"token={looking.links.new(2)}"
    first = looking.ask("/explorer/open", query, customer=None, method="POST")
    cookie = SimpleCookie(first.headers["Set-Cookie"])
    [sent] = cookie.values()

    assert (first.status, first.headers["Location"]) == (303, "../")
    assert (sent["httponly"], sent["samesite"], sent["path"], sent["secure"]) == (True, "Strict", "", "")
    browser = {"cookie": f"other=1; {sent.key}={sent.value}, last=2"}
    assert looking.ask("/explorer/declaration", customer=None, headers=browser).status == 200
    for method in ("GET", "HEAD", "POST"):
        again = looking.ask("/explorer/open", query, customer=None, method=method)
        assert (again.status, "Set-Cookie" in again.headers) == (410, False)
        same_browser = looking.ask("/explorer/open", query, customer=None, method=method, headers=browser)
        assert (same_browser.status, same_browser.headers["Location"]) == (303, "../")


@pytest.mark.parametrize("query", ["", "token=", "token=x", f"token={'x' * 60_000}", "token=%00%FF", "x=1"])
def test_what_is_no_link_opens_nothing(looking: Looking, query: str) -> None:
    for method in ("GET", "POST"):
        assert looking.ask("/explorer/open", query, customer=None, method=method).status == 410


def test_to_look_at_a_link_does_not_use_it_up(looking: Looking) -> None:
    token, page = looking.links.new(1), ""

    for method in ("GET", "HEAD", "GET"):
        answer = looking.ask("/explorer/open", f"token={token}&x=<b>", method=method, customer=None)
        assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        page = answer.body.decode()
    assert '<form class="card" method="post">' in page
    assert token not in page
    assert "<b>" not in page
    for address in re.findall(r'"([0-9a-f]{16}/[a-z.]+)"', page):
        assert looking.ask(f"/explorer/{address}", customer=None).status == 200
    assert looking.ask("/explorer/open", f"token={token}", method="POST", customer=None).status == 303


OWN: tuple[dict[str, str], ...] = (
    {"origin": ORIGIN},
    {"sec-fetch-site": "same-origin", "origin": "https://before.the.proxy"},
    {},
)
FOREIGN = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:8001"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": ORIGIN},
    {"sec-fetch-site": "none"},
)


@pytest.mark.parametrize(("headers", "status"), [*((own, 303) for own in OWN), *((other, 403) for other in FOREIGN)])
def test_no_other_site_signs_anybody_in(looking: Looking, headers: dict[str, str], status: int) -> None:
    query = f"token={looking.links.new(1)}"

    answer = looking.ask("/explorer/open", query, customer=None, method="POST", headers=headers)

    assert (answer.status, "Set-Cookie" in answer.headers) == (status, status == 303)
    if status == 403:  # it is not used up
        assert looking.ask("/explorer/open", query, customer=None, method="POST").status == 303


@pytest.mark.parametrize("path", ["/explorer/open/", "//explorer/open", "/explorer/declaration/", "/explorer/"])
def test_an_address_has_one_spelling(looking: Looking, path: str) -> None:
    assert looking.ask(path, f"token={looking.links.new(1)}").status == 404


def test_links_and_browsers_are_forgotten() -> None:
    clock = Clock()
    links = Links[int](clock=clock)
    old, token = links.new(1), links.new(1)
    browser = opened(links, token)

    assert browser is not None
    assert links.whose(browser) == 1
    clock.now = 12 * 3_600 + 1
    assert links.whose(browser) is None
    clock.now = 24 * 3_600 + 1
    assert opened(links, old) is None


def test_nobody_drives_out_the_links_and_browsers_of_others() -> None:
    links = Links[int]()
    browser, waiting = opened(links, links.new(1)), links.new(1)
    first, *_, last = [links.new(2) for _ in range(5_001)]
    assert browser is not None

    for token in [links.new(2) for _ in range(100)]:
        links.swap(token, is_secure=False)

    assert links.whose(browser) == 1
    assert links.is_new(waiting)
    assert not links.is_new(first)
    assert not links.is_new(last)


def test_each_has_fifty_links_of_five_thousand() -> None:
    links = Links[int]()
    first, *own = [links.new(0) for _ in range(51)]
    oldest, *others = [links.new(number) for number in range(1, 4_952)]

    assert not links.is_new(first)
    assert all(map(links.is_new, others))
    assert [links.is_new(token) for token in (own[0], own[1], oldest)] == [False, True, True]


def test_a_cookie_goes_over_tls_only_where_there_is_any() -> None:
    links = Links[int]()

    assert "; Secure" in str(links.swap(links.new(1), is_secure=True))
    assert "Secure" not in str(links.swap(links.new(1), is_secure=False))


@pytest.mark.parametrize("cookie", ["", "=", "explorer", "a=b=c;;;", "explorer-0=" + "x" * 100_000])
def test_a_strange_cookie_is_nobodys(cookie: str) -> None:
    assert Links[int]().whose({"cookie": cookie}) is None


def test_whoever_is_in_makes_links_for_other_browsers(looking: Looking) -> None:
    refused = looking.ask("/explorer/links", method="POST")
    answer = looking.ask("/explorer/links", method="POST", headers={"x-explorer": "1"}, customer=2)
    link = json.loads(answer.body)["link"]

    assert refused.status == 403
    assert link.startswith(f"{ORIGIN}/explorer/open?token=")
    browser = opened(looking.links, link.partition("=")[2])
    assert browser is not None
    assert looking.links.whose(browser) == 2


CHANGES = (
    ("/", "POST"),
    ("/explorer/declaration", "POST"),
    ("/explorer/exports", "GET"),
    ("/explorer/resources/cdrs/rows", "DELETE"),
    ("/explorer/exports/1", "PATCH"),
)


@pytest.mark.parametrize(("path", "method"), CHANGES)
def test_other_methods_are_refused(looking: Looking, path: str, method: str) -> None:
    answer = looking.ask(path, method=method)

    assert answer.status == 405
    assert answer.headers["Allow"]


def test_each_customer_sees_its_own_rows(looking: Looking) -> None:
    ids = []
    for customer in (1, 2):
        document = looking.get("resources/cdrs/rows", f"{EVER}&page[size]=1000", customer=customer)["document"]
        total = looking.get("resources/cdrs/counts", EVER, customer=customer)["total"]
        assert document["meta"]["total-count"] == total
        ids.append({row["id"] for row in document["data"]})

    assert ids[0].isdisjoint(ids[1])
    exports = [
        {row["id"] for row in looking.get("resources/cdr-exports/rows", customer=customer)["document"]["data"]}
        for customer in (1, 2)
    ]
    assert exports[0]
    assert exports[0].isdisjoint(exports[1])
    for identifier in sorted(exports[0])[:3]:
        assert looking.ask(f"/explorer/exports/{identifier}", customer=1).status == 200
        assert looking.ask(f"/explorer/exports/{identifier}", customer=2).status == 404


@pytest.fixture
def hostile(looking: Looking) -> Iterator[str]:
    text = "</script><script>alert(1)</script>\"'&\u2028"
    with Session(looking.engine) as session:
        session.execute(update(Cdr).where(Cdr.id == 8).values(src_name_in=text))
        session.commit()
    yield text
    with Session(looking.engine) as session:
        session.execute(update(Cdr).where(Cdr.id == 8).values(src_name_in=None))
        session.commit()


def test_hostile_text_is_data(looking: Looking, hostile: str) -> None:
    answer = looking.ask("/explorer/resources/cdrs/rows", "filter[id]=8")

    assert answer.headers["Content-Type"] == "application/json"
    [row] = json.loads(answer.body)["document"]["data"]
    assert row["attributes"]["src-name-in"] == hostile
    told = looking.get("resources/cdrs/look", "filter[src-name-in-eq]=%3Cscript%3E'%3B+DROP+TABLE+cdrs--")
    assert all("DROP" not in (sql["statement"] or "") for sql in told["sql"])
    assert "DROP" not in told["python"]["source"]


def test_an_order_takes_the_pages_own_header(looking: Looking) -> None:
    document = looking.get("resources/cdrs/look", EVER)["export"]["document"]
    [account, *_] = looking.get("resources/accounts/rows")["document"]["data"]
    account = {"type": "accounts", "id": account["id"]}
    document["data"]["relationships"] = {"account": {"data": account}}
    body, own = json.dumps(document).encode(), {"x-explorer": "1", "content-type": "application/vnd.api+json"}

    def order(headers: dict[str, str], customer: int = 1) -> tuple[int, object]:
        answer = looking.ask("/explorer/exports", method="POST", body=body, headers=headers, customer=customer)
        return answer.status, json.loads(answer.body)

    assert order({})[0] == 403
    assert order(own | {"sec-fetch-site": "same-site"})[0] == 403
    assert order(own, customer=2)[0] == 404  # somebody else's account
    status, created = order(own | {"sec-fetch-site": "same-origin"})
    assert status == 201
    assert isinstance(created, dict)
    shown = looking.get(f"exports/{created['data']['id']}")
    assert shown["data"]["attributes"]["status"] == "Pending"
    assert shown["data"]["attributes"]["filters"] == document["data"]["attributes"]["filters"]


def test_without_links_and_users_nobody_is_let_in(looking: Looking) -> None:
    explorer = Explorer[int](list[Explored[int]](), session=lambda _: Session(looking.engine))

    assert explorer.whose({"cookie": "explorer=1"}) is None
