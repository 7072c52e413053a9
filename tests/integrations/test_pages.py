"""The pages of the frameworks, followed to the letter: their files are the examples, and their requests are sent."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.integrations.serving import EXAMPLES, asgi_served
from tests.patience import PATIENCE

DOCS = EXAMPLES.parent
PAGES = {name: (DOCS / f"{name}.md").read_text() for name in ("flask", "fastapi", "django", "frameworks")}


def requests_of(page: str) -> list[tuple[str, str]]:
    """Give the requests on a page with the answers that it shows."""
    return re.findall(r"```sh\n(curl [^\n]*) \| python -m json.tool\n```\n\n```json\n(.*?)```", PAGES[page], re.DOTALL)


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("flask", ["articles.py", "flask_app.py"]),
        ("fastapi", ["articles.py", "fastapi_app.py"]),
        ("django", ["articles.py", "django_app.py"]),
        ("frameworks", ["falcon_app.py"]),
    ],
)
def test_the_files_of_a_page_are_the_example(page: str, files: list[str]) -> None:
    told = re.findall(r'```python title="([a-z_]+\.py)"\n(.*?)```', PAGES[page], re.DOTALL)
    assert told == [(name, (EXAMPLES / name).read_text()) for name in files]


def test_each_request_is_answered_as_it_is_told(example: Callable[[str], Any]) -> None:
    app = example("flask_app").app
    with httpx.Client(transport=httpx.WSGITransport(app)) as client:
        for command, shown in requests_of("flask"):
            program, options, url, *rest = shlex.split(command)
            assert (program, options) == ("curl", "-sg")
            if rest:
                _, header, _, body = rest
                name, _, value = header.partition(": ")
                answer = client.post(url, content=body, headers={name: value})
            else:
                answer = client.get(url)
            assert json.dumps(answer.json(), indent=4) + "\n" == shown


@pytest.mark.parametrize("page", ["fastapi", "django"])
def test_all_pages_show_the_same_answers(page: str) -> None:
    told = [tuple(text.replace(":8000", ":5000") for text in shown) for shown in requests_of(page)]
    assert told == requests_of("flask")
    assert len(told) == 3


def test_what_is_told_of_starlette_alone_works(declared: Any) -> None:
    (told,) = re.findall(r"```python\n(.*?)```", PAGES["fastapi"], re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(told, namespace)  # noqa: S102  (it stands in our own page)
    with asgi_served(namespace["app"]) as url:
        assert httpx.get(f"{url}/articles?page[size]=1", timeout=PATIENCE).json()["meta"] == {"total-count": 12}
        assert httpx.get(f"{url}/article", timeout=PATIENCE).status_code == 404
