"""Settings for every test."""

import pytest
from hypothesis import settings

from tests.engines import plugin
from tests.engines.plugin import engine
from tests.ransack.summary import pytest_terminal_summary

__all__ = ["engine", "pytest_addoption", "pytest_generate_tests", "pytest_terminal_summary"]

# How long an example takes says more about the load of the machine than about the code.
settings.register_profile("unhurried", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    plugin.add_options(parser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plugin.parametrize(metafunc)
