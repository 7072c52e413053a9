"""A plugin of pytest: it tests an API against JSON:API 1.1, one test for each rule, and helps to test its queries.

pytest loads it with every run of everybody who has the library installed, so it imports the library only where a test
asks for it. The tests of rules themselves are `jsonapi_sieve.testing.conformance.suite`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from jsonapi_sieve.testing.conformance import Description, Report
    from jsonapi_sieve.testing.same_rows import Engine

_TARGET = "jsonapi_conformance_target"
_DESCRIPTION = "jsonapi_conformance_description"
_RECOMMENDED = "jsonapi_conformance_recommended"
_ENGINES = "same_rows_engines"


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
    parser.addini(_ENGINES, "the engines that same_rows asks", type="args", default=["python", "sqlite"])


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


@pytest.fixture(scope="session")
def same_rows_engines(pytestconfig: pytest.Config) -> Sequence[Engine]:
    """The engines that `same_rows` asks; override it to give a database."""
    return tuple(pytestconfig.getini(_ENGINES))


@pytest.fixture(scope="session")
def same_rows(same_rows_engines: Sequence[Engine]) -> Callable[..., None]:
    """`assert_same_rows` on the engines that were chosen."""
    from jsonapi_sieve.testing import assert_same_rows  # noqa: PLC0415  (only where it is asked for)

    return partial(assert_same_rows, engines=same_rows_engines)


@pytest.fixture(scope="session")
def filled_session() -> Callable[..., AbstractContextManager[Session]]:
    """Opens sessions on databases in memory, each with the instances that it is given."""
    from jsonapi_sieve.testing.sessions import filled_session  # noqa: PLC0415  (only where it is asked for)

    return filled_session


@pytest.fixture(scope="session")
def jsonapi_query() -> Callable[..., str]:
    """Query strings of requests: `jsonapi_query(filter={"status-in": ["Pending"]}, page={"size": 5})`."""
    from jsonapi_sieve.testing.query_string import query_string  # noqa: PLC0415  (only where it is asked for)

    return query_string
