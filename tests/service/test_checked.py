"""The check that stands before every service under test: what it lets through, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.patience import PATIENCE
from tests.service.checked import BROKEN
from tests.service.running import MEDIA_TYPE, served


async def echo(request: Request) -> Response:
    """Answer with the document and of the type that headers of the request name."""
    await request.body()
    return Response(request.headers["x-document"], 200, {"content-type": request.headers["x-type"]})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(Starlette(routes=[Route("/cdrs", echo, methods=["GET", "POST"])])) as url:
        yield url


def answer(
    url: str, document: str, *, type_: str = MEDIA_TYPE, query: str = "", content: str = "{}", method: str = "POST"
) -> int:
    headers = {"x-document": document, "x-type": type_}
    response = httpx.request(method, f"{url}/cdrs?{query}", headers=headers, content=content, timeout=PATIENCE)
    assert (response.text == document) == (response.status_code == 200)
    return response.status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_valid_document_passes(url: str, method: str) -> None:
    assert answer(url, '{"data":[{"type":"cdrs","id":"8"}],"meta":{"total-count":1}}', method=method) == 200


@pytest.mark.parametrize(
    "document", ["", "{", "[]", "{}", '{"data":[],"errors":[]}', '{"data":{"type":"cdrs","id":8}}']
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_invalid_one_does_not(url: str, document: str, method: str) -> None:
    assert answer(url, document, method=method) == BROKEN


@pytest.mark.parametrize("type_", ["application/json", f"{MEDIA_TYPE}; charset=utf-8", ""])
def test_a_document_of_another_type_does_not(url: str, type_: str) -> None:
    assert answer(url, '{"data":[]}', type_=type_) == BROKEN


@pytest.mark.parametrize(
    ("content", "status"),
    [('{"data":{"type":1}}', 200), ('{"data":{}}', BROKEN), ("{}", BROKEN), ("{", 200), ("[" * 100_000, 200)],
)  # fmt: skip
def test_pointers_lead_into_the_request_where_that_is_a_document(url: str, content: str, status: int) -> None:
    assert answer(url, '{"errors":[{"status":"422","source":{"pointer":"/data/type"}}]}', content=content) == status


def test_what_the_query_asks_for_is_held_to(url: str) -> None:
    cdr = '{"type":"cdrs","id":"8","attributes":{"rec":true}}'
    assert answer(url, f'{{"data":[{cdr}]}}', query="fields[cdrs]=rec") == 200
    assert answer(url, f'{{"data":[{cdr}]}}', query="fields[cdrs]=duration") == BROKEN
    assert answer(url, f'{{"data":[{cdr}]}}', query="include=account") == BROKEN
