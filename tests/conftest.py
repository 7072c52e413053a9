"""Settings for every test."""

import signal

import pytest
from hypothesis import HealthCheck, settings

from tests.engines import plugin
from tests.engines.plugin import engine, predicates
from tests.parity import results
from tests.parity.results import agree
from tests.ransack import summary

__all__ = [
    "agree",
    "engine",
    "predicates",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_terminal_summary",
]

pytest_plugins = ["pytester"]

# How long an example takes says more about the load of the machine than about the code. Every change is tested with the
# same examples; who wants to find more has others drawn.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unhurried", UNHURRIED, max_examples=50, derandomize=True)
settings.register_profile("thorough", UNHURRIED, max_examples=10_000, derandomize=False)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    plugin.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    # Jobs in the background of a shell ignore Ctrl-C, and so would the commands that tests end by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    plugin.add_marker(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    plugin.leave_heavy_out(config, items)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plugin.parametrize(metafunc)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    summary.pytest_terminal_summary(terminalreporter)
    results.pytest_terminal_summary(terminalreporter)
