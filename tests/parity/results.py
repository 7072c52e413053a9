"""What the engines answered: compared, counted, printed at the end of a run, and kept for the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import pytest

from tests.engines.base import Opened

__all__ = ["COUNTED", "Agree", "Result", "agree", "kept", "pytest_terminal_summary", "table_of"]

T = TypeVar("T")

COUNTED: Final = ("core cases", "predicates", "orders")
"""What an engine is asked, as the table names it."""

DIRECTORY: Final = Path(__file__).parents[2] / ".cache" / "parity"

_PROPERTY: Final = "parity"
_MOST_SHOWN: Final = 2_000


@dataclass
class Result:
    """What one engine was asked in a run, the pairs of a field and an operator in that, and how often it erred."""

    version: str
    asked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    pairs: set[int] = field(default_factory=set)
    differences: int = 0


class Agree(Protocol):
    """Fails with every question that an engine answers otherwise than expected, and counts the questions."""

    def __call__(
        self,
        counted: str,
        questions: Sequence[tuple[T, list[int]]],
        ask: Callable[[T], list[int]],
        pairs: Iterable[int] = (),
    ) -> None: ...


@pytest.fixture
def agree(engine_name: str, engine: Opened, record_property: Callable[[str, object], None]) -> Agree:
    def check(
        counted: str,
        questions: Sequence[tuple[T, list[int]]],
        ask: Callable[[T], list[int]],
        pairs: Iterable[int] = (),
    ) -> None:
        found = [line for question, expected in questions for line in _difference(question, expected, ask)]
        record_property(
            _PROPERTY, [engine_name, engine.version, counted, len(questions), sorted(set(pairs)), len(found)]
        )
        assert not found, "\n".join([f"{engine_name}: {len(found)} of {len(questions)} differ", *found])

    return check


def _difference(question: T, expected: list[int], ask: Callable[[T], list[int]]) -> Iterator[str]:
    try:
        answer = ask(question)
    except Exception as error:  # noqa: BLE001  # whatever it is, the rest shall be asked too
        yield f"{_shown(question)}: {type(error).__name__}: {error}"
    else:
        if answer != expected:
            yield f"{_shown(question)}: {_told(answer, expected)}"


def _shown(question: object) -> str:
    text = repr(question)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _told(answer: list[int], expected: list[int]) -> str:
    missing, unexpected = sorted(set(expected) - set(answer)), sorted(set(answer) - set(expected))
    if missing or unexpected:
        return f"missing {missing}, unexpected {unexpected}"
    return f"in the order {answer} instead of {expected}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, and keep the results of engines that were asked everything."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    results = _gathered(value for report in reports for name, value in report.user_properties if name == _PROPERTY)
    for line in table_of(results) if results else ():
        terminalreporter.write_line(line)
    for name, result in results.items():
        if all(result.asked.values()):
            _keep(name, result)


def _gathered(entries: Iterable[list[Any]]) -> dict[str, Result]:
    results: dict[str, Result] = {}
    for name, version, counted, questions, pairs, differences in entries:
        result = results.setdefault(name, Result(version))
        result.asked[counted] += questions
        result.pairs.update(pairs)
        result.differences += differences
    return results


def _keep(name: str, result: Result) -> None:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    (DIRECTORY / f"{name}.json").write_text(json.dumps(asdict(result) | {"pairs": sorted(result.pairs)}) + "\n")


def kept() -> dict[str, Result]:
    """Give what the last run that asked an engine everything has kept, by the name of the engine."""
    read = {path.stem: json.loads(path.read_text()) for path in sorted(DIRECTORY.glob("*.json"))}
    return {name: Result(**data | {"pairs": set(data["pairs"])}) for name, data in read.items()}


def table_of(results: dict[str, Result]) -> list[str]:
    """Give the lines of a table of results, in Markdown, in the order of the catalogue of engines."""
    from tests.engines.catalogue import ENGINES  # noqa: PLC0415  (its engines need more than other tests do)

    titles = ["engine", "version", *COUNTED, "pairs of field and operator", "differences"]
    lines = [titles, ["---"] * 2 + ["---:"] * (len(titles) - 2)]
    for name, engine in ENGINES.items():
        if name in results:
            result = results[name]
            counts = [*result.asked.values(), len(result.pairs), result.differences]
            lines.append([engine.name, result.version, *(f"{count:,}" for count in counts)])
    return [f"| {' | '.join(line)} |" for line in lines]
