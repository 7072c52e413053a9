"""A plugin of pytest that tests an API against JSON:API 1.1, one test for each rule.

pytest loads it with every run of everybody who has the library installed, so it imports the library only where a test
asks for a report. The tests themselves are `jsonapi_sieve.testing.conformance.suite`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jsonapi_sieve.testing.conformance import Description, Report

_TARGET = "jsonapi_conformance_target"
_DESCRIPTION = "jsonapi_conformance_description"
_RECOMMENDED = "jsonapi_conformance_recommended"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each of which can stand in the configuration too."""
    group = parser.getgroup("jsonapi-sieve", "conformance to JSON:API")
    target = "what to check: a base URL, or the import path of an ASGI or WSGI application, such as shop.api:app"
    described = "a TOML file that tells of the collections and what they offer"
    recommended = "fail also for what is only recommended"
    group.addoption(_option(_TARGET), dest=_TARGET, help=target)
    group.addoption(_option(_DESCRIPTION), dest=_DESCRIPTION, help=described)
    group.addoption(_option(_RECOMMENDED), dest=_RECOMMENDED, action="store_true", help=recommended)
    parser.addini(_TARGET, target)
    parser.addini(_DESCRIPTION, f"{described}, relative to the root directory")
    parser.addini(_RECOMMENDED, recommended, type="bool", default=False)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _value(config: pytest.Config, name: str) -> Any:
    return config.getoption(name) or config.getini(name)


@pytest.fixture(scope="session")
def conformance_target(pytestconfig: pytest.Config) -> Any:
    """What is checked; override it to give an application."""
    target = _value(pytestconfig, _TARGET)
    if not target:
        raise pytest.UsageError(f"Override the fixture conformance_target, or set {_TARGET}.")
    if "://" in target:
        return target
    module, _, name = target.partition(":")
    return getattr(import_module(module), name or "app")


@pytest.fixture(scope="session")
def conformance_description(pytestconfig: pytest.Config) -> Description:
    """What the kit is told of the API; override it to give a `Description`."""
    from jsonapi_sieve.testing.conformance import Description  # noqa: PLC0415  (only where a report is asked for)

    path = _value(pytestconfig, _DESCRIPTION)
    return Description.load(pytestconfig.rootpath / path) if path else Description()


@pytest.fixture(scope="session")
def conformance_recommended(pytestconfig: pytest.Config) -> bool:
    """Whether what is only recommended counts; override it to say so."""
    return bool(_value(pytestconfig, _RECOMMENDED))


@pytest.fixture(scope="session")
def conformance_report(conformance_target: Any, conformance_description: Description) -> Report:
    """What the kit has found, once for all tests."""
    from jsonapi_sieve.testing.conformance import check  # noqa: PLC0415  (only where a report is asked for)

    return check(conformance_target, conformance_description)
