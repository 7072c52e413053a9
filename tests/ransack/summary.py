"""A table at the end of the tests: how many measured cases end how, and which."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap
from typing import TypeAlias

import pytest

__all__ = ["Note", "pytest_terminal_summary"]

Note: TypeAlias = Callable[[str, str, int], None]
"""Enters a case: the title of its table, how it ended, its number."""

PROPERTY = "ransack"
WIDTH = 120


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Enter a case into the table; a test that fails enters nothing."""
    return lambda table, end, number: record_property(PROPERTY, [table, end, number])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table. Entries come with the reports of the tests, also from other processes."""
    tables: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == PROPERTY:
                table, end, number = value
                tables[table][end].add(number)
    for table, ends in sorted(tables.items()):
        terminalreporter.write_line(f"Ransack, {table}: {sum(map(len, ends.values()))}")
        for line in _lines(ends.items()):
            terminalreporter.write_line(line)


def _lines(ends: Iterable[tuple[str, set[int]]]) -> Iterator[str]:
    """Show the most frequent end by its count alone, all others with the numbers of their cases."""
    most, *others = sorted(ends, key=lambda end: -len(end[1]))
    yield f"{len(most[1]):6}  {most[0]}"
    for end, numbers in others:
        yield f"{len(numbers):6}  {end}:"
        yield from wrap(" ".join(map(str, sorted(numbers))), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
