"""Each example of docs/examples, served over HTTP, keeps all that JSON:API 1.1 demands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jsonapi_sieve.testing.conformance import check
from tests.integrations.serving import DESCRIPTION, EXAMPLES, asgi_served, django_served, wsgi_served

# It shows no links but those of resources and pages.
_NOT_AS_RECOMMENDED = {"REC-04"}


def assert_conforms(url: str) -> None:
    report = check(url, DESCRIPTION)
    assert report.complete, str(report)
    assert report.passes(), str(report)
    assert report.broken <= _NOT_AS_RECOMMENDED, str(report)
    assert len(report.checked) > 90, str(report)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 60


def test_flask(example: Callable[[str], Any]) -> None:
    with wsgi_served(example("flask_app").app) as url:
        assert_conforms(url)


def test_fastapi(example: Callable[[str], Any]) -> None:
    with asgi_served(example("fastapi_app").app) as url:
        assert_conforms(url)


def test_django(tmp_path: Path) -> None:
    with django_served(tmp_path) as url:
        assert_conforms(url)


def test_falcon(example: Callable[[str], Any]) -> None:
    with wsgi_served(example("falcon_app").application) as url:
        assert_conforms(url)
