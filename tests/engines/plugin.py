"""The options by which engines are chosen, and the fixture that gives each of them."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pytest

from tests.engines.base import Opened

__all__ = ["add_marker", "add_options", "engine", "leave_heavy_out", "parametrize", "predicates"]

PREDICATES = 1_000
FEWEST_PARTS = 8
"""Of fewer, some pair of an attribute and an operator is in none."""
HEAVY_GROUPS = frozenset({"heavy", "all"})


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("engines")
    group.addoption(
        "--engines",
        default="light",
        metavar="NAMES",
        help="the engines to test with: names, or the groups light, heavy and all, parted by commas (default: light)",
    )
    group.addoption(
        "--predicates",
        type=int,
        default=PREDICATES,
        metavar="N",
        help=f"how many predicates are generated for each engine (default: {PREDICATES}); a slow engine may take fewer",
    )


def add_marker(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "heavy: needs what the heavy engines need (--engines heavy)")
    config.addinivalue_line("markers", "only_on(*names): of the chosen engines, run on these only")


def leave_heavy_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests out that need what the heavy engines need, unless those are to be tested."""
    if HEAVY_GROUPS.isdisjoint(config.getoption("--engines").split(",")):
        heavy = [item for item in items if item.get_closest_marker("heavy")]
        config.hook.pytest_deselected(items=heavy)
        items[:] = [item for item in items if item not in heavy]


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a test on each chosen engine, and with each part of the predicates.

    On several processes, the tests of one engine belong on the same (`--dist loadgroup`), so that it is opened once.
    """
    if "part_number" in metafunc.fixturenames:
        from tests.parity.generated import PART  # noqa: PLC0415  (it makes the hostile rows)

        parts = max(ceil(metafunc.config.getoption("--predicates") / PART), FEWEST_PARTS)
        metafunc.parametrize("part_number", range(parts))
    if "engine_name" in metafunc.fixturenames:
        _parametrize_by_engine(metafunc)


def _parametrize_by_engine(metafunc: pytest.Metafunc) -> None:
    from tests.engines.catalogue import chosen  # noqa: PLC0415  (its engines need more than other tests do)

    try:
        names = chosen(metafunc.config.getoption("--engines"))
    except ValueError as error:
        raise pytest.UsageError(f"--engines: {error}") from None
    only = metafunc.definition.get_closest_marker("only_on")
    if only is not None:
        names = tuple(name for name in names if name in only.args)
    engines = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]
    metafunc.parametrize("engine_name", engines, scope="session")


@pytest.fixture(scope="session")
def engine(engine_name: str) -> Iterator[Opened]:
    """Give each of the chosen engines, opened; one that cannot be opened fails the tests."""
    from tests.engines.catalogue import ENGINES  # noqa: PLC0415

    with ENGINES[engine_name].open() as opened:
        yield opened


@pytest.fixture(scope="session")
def predicates(pytestconfig: pytest.Config) -> int:
    """Give the number of predicates that are to be generated."""
    number: int = pytestconfig.getoption("--predicates")
    return number
