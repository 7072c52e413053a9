"""Each example of docs/examples, served over HTTP, keeps all that JSON:API 1.1 demands."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsonapi_sieve.testing.conformance import check
from tests.integrations.serving import DESCRIPTION, EXAMPLES, asgi_served, django_served, imported, wsgi_served

# It shows no links but those of resources and pages.
_NOT_AS_RECOMMENDED = {"REC-04"}


def assert_conforms(url: str) -> None:
    report = check(url, DESCRIPTION)
    assert report.passes(), str(report)
    assert report.broken <= _NOT_AS_RECOMMENDED, str(report)
    assert len(report.checked) > 90, str(report)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 60


def test_flask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with wsgi_served(imported("flask_app", tmp_path, monkeypatch).app) as url:
        assert_conforms(url)


def test_fastapi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with asgi_served(imported("fastapi_app", tmp_path, monkeypatch).app) as url:
        assert_conforms(url)


def test_django(tmp_path: Path) -> None:
    with django_served(tmp_path) as url:
        assert_conforms(url)


def test_falcon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with wsgi_served(imported("falcon_app", tmp_path, monkeypatch).application) as url:
        assert_conforms(url)
