"""The plugin of pytest, in runs of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

APP = """
import json

def app(environ, start_response):
    found = environ["PATH_INFO"] == "/books"
    start_response("200 OK" if found else "404 Not Found", [("Content-Type", "application/vnd.api+json")])
    data = {"data": [{"type": "books", "id": "1", "attributes": {"a-b": 1}}]}
    return [json.dumps(data if found else {"errors": [{"status": "404"}]}).encode()]
"""
SUITE = "from jsonapi_sieve.testing.conformance.suite import test_conformance\n"
DESCRIPTION = '[[collections]]\npath = "/books"\n'
FIXTURES = """
import pytest
from jsonapi_sieve.testing.conformance import Collection, Description
from books import app

@pytest.fixture(scope="session")
def conformance_target():
    return app

@pytest.fixture(scope="session")
def conformance_description():
    return Description((Collection("/books"),))
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with an API that keeps some rules."""
    pytester.makepyfile(books=APP, test_api=SUITE)
    (pytester.path / "api.toml").write_text(DESCRIPTION)
    monkeypatch.syspath_prepend(pytester.path)
    monkeypatch.delitem(sys.modules, "books", raising=False)
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "jsonapi_sieve_pytest", "-p", "no:cacheprovider", "-rfs", *arguments)


def test_an_application_is_tested_by_its_import_path(project: pytest.Pytester) -> None:
    options = ("--jsonapi-conformance-target=books", "--jsonapi-conformance-description=api.toml")
    result = run(project, *options, "-k", "FET or CN-05 or QRY-07 or REC-01")
    result.assert_outcomes(passed=2, failed=1, skipped=5)
    result.stdout.fnmatch_lines(["SKIPPED*: The description has no body that creates a resource."])
    result.stdout.fnmatch_lines(["SKIPPED*: No address of a single resource is known."])
    result.stdout.fnmatch_lines(["FAILED*QRY-07*"])


def test_what_is_recommended_fails_if_it_counts(project: pytest.Pytester) -> None:
    options = ("--jsonapi-conformance-target=books:app", "--jsonapi-conformance-description=api.toml")
    run(project, *options, "-k", "REC-01").assert_outcomes(skipped=1)
    result = run(project, *options, "--jsonapi-conformance-recommended", "-k", "REC-01")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*REC-01: Member names are in camel case. https://jsonapi.org/recommendations/#naming"]
    )


def test_the_configuration_says_the_same(project: pytest.Pytester) -> None:
    project.makeini(
        """
        [pytest]
        jsonapi_conformance_target = books:app
        jsonapi_conformance_description = api.toml
        jsonapi_conformance_recommended = true
        """
    )
    run(project, "-k", "FET-01 or REC-01").assert_outcomes(passed=1, failed=1)


def test_fixtures_are_overridden(project: pytest.Pytester) -> None:
    project.makeconftest(FIXTURES)
    run(project, "-k", "FET-01 or REC-01").assert_outcomes(passed=1, skipped=1)


def test_without_a_description_the_target_is_a_collection(project: pytest.Pytester) -> None:
    project.makeconftest(FIXTURES.partition('@pytest.fixture(scope="session")\ndef conformance_description')[0])
    run(project, "-k", "FET-01").assert_outcomes(failed=1)


def test_the_suite_is_run_as_it_is(project: pytest.Pytester) -> None:
    options = ("--jsonapi-conformance-target=http://127.0.0.1:1/books", "-k", "FET-01")
    result = run(project, "--pyargs", "jsonapi_sieve.testing.conformance.suite", *options)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*The answer to a plain request is no answer (ConnectError*"])


def test_what_a_report_does_not_look_at_is_skipped_and_what_was_cut_short_fails(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import pytest
        from jsonapi_sieve.testing.conformance import Report

        @pytest.fixture(scope="session")
        def conformance_report():
            skipped = {"FET-03": "Nothing is listed.", "FET-04": "The seconds are over."}
            return Report(checked=frozenset({"FET-01"}), skipped=skipped, stopped="The seconds are over.")
        """
    )
    result = run(project, "-k", "FET-01 or FET-02 or FET-03 or FET-04")
    result.assert_outcomes(passed=1, skipped=2, failed=1)
    result.stdout.fnmatch_lines(["FET-04: The seconds are over."])
    result.stdout.fnmatch_lines(["SKIPPED*: The report does not look at it."])
    result.stdout.fnmatch_lines(["SKIPPED*: Nothing is listed."])


def test_a_target_is_needed(project: pytest.Pytester) -> None:
    result = run(project, "-k", "FET-01")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*Override the fixture conformance_target, or set jsonapi_conformance_target."])


def test_the_plugin_itself_loads_nothing() -> None:
    script = "import sys, jsonapi_sieve_pytest; print({name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert "'jsonapi_sieve_pytest'" in loaded
    assert "'jsonapi_sieve'" not in loaded
    assert "httpx" not in loaded
