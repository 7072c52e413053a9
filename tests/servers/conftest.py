"""Leaves tests of servers out that are only there for the heavy engines, unless those are to be tested."""

import pytest

GROUPS = frozenset({"heavy", "all"})


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "heavy: needs what the heavy engines need (--engines heavy)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if GROUPS.isdisjoint(config.getoption("--engines", "").split(",")):
        heavy = [item for item in items if item.get_closest_marker("heavy")]
        config.hook.pytest_deselected(items=heavy)
        items[:] = [item for item in items if item not in heavy]
