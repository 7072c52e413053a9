"""What was measured, as tables for people, and written into the page of the documents."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contest import Result
from benchmarks.peers.figure import Figure

ON_A_BUSY_MACHINE = (
    " The machine had other work: the time in which a thread had the processor is counted, and the time that passed"
    " only for imports, frames, lists, pages and exports."
)
IN_A_HURRY = " It was a quick run, of fewer pairs, rows and filters than one without `--quick`."
DOCS = Path(__file__).parent.parent / "docs"


def machine(*, quick: bool, cpu: bool, pairs: int | None = None) -> str:
    """Say where and how it was measured, and in how many pairs if not in as many as else."""
    today = datetime.now(UTC).date()
    busy = os.getloadavg()[0]
    return (
        f"Measured on {today.day} {today:%B %Y} with Python {platform.python_version()} on {os.cpu_count()} cores,"
        f" the load of the machine being {busy:.1f} at the end. Each ratio is the median of"
        f" {f'{pairs} ' if pairs else ''}interleaved pairs; in"
        f" brackets are the first and the last decile.{IN_A_HURRY if quick else ''}{ON_A_BUSY_MACHINE if cpu else ''}"
    )


def of_stages(results: Iterable[Result]) -> str:
    """Make the table of the library against its limits."""
    head = "| stage | work | limit | library | ratio | bar | |\n|---|---|---:|---:|---:|---:|---|"
    return "\n".join([head, *map(_stage, results)])


def _stage(result: Result) -> str:
    contest = result.contest
    if contest.absolute:
        bar = f"{duration(contest.bar)}"
    else:
        bar = f"{contest.bar:g} times faster" if contest.faster else f"{contest.bar:g}"
    cells = (
        contest.stage,
        contest.work,
        duration(result.limit),
        duration(result.ours),
        ratio(result),
        bar,
        "met" if result.is_met else "**not met**",
    )
    return f"| {' | '.join(cells)} |"


def of_peers(figures: Iterable[Figure]) -> str:
    """Make the table of the libraries, each task's quickest first."""
    head = "| task | library | cost in limits | a call | what it does less |\n|---|---|---:|---:|---|"
    return "\n".join([head, *map(_peer, ranked(figures))])


def ranked(figures: Iterable[Figure]) -> list[Figure]:
    """Sort the figures of each task, tasks in the order in which they come."""
    figures = list(figures)
    tasks = list(dict.fromkeys(figure.task for figure in figures))
    return sorted(figures, key=lambda figure: (tasks.index(figure.task), figure.median))


def _peer(figure: Figure) -> str:
    name = f"**{figure.library}**" if figure.is_ours else figure.library
    cost = _spread(figure.median, figure.low, figure.high)
    return f"| {figure.task} | {name} | {cost} | {duration(figure.seconds)} | {figure.lacks} |"


def ratio(result: Result) -> str:
    """Write the ratio of a contest, with its spread."""
    return _spread(result.median, result.low, result.high)


def _spread(median: float, low: float, high: float) -> str:
    digits = 2 if median < 10 else 1 if median < 100 else 0
    return f"{median:,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


def duration(seconds: float) -> str:
    """Write seconds in the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds * 1e6:.2f} us"


def write(tables: Mapping[str, str], pictures: Mapping[str, str]) -> None:
    """Put tables into docs/performance.md, each between its marks, and pictures beside it, by their names."""
    page = DOCS / "performance.md"
    text = page.read_text(encoding="utf-8")
    for name, content in tables.items():
        text = between(text, name, content)
    page.write_text(text, encoding="utf-8")
    for name, drawn in pictures.items():
        (DOCS / "pictures" / f"{name}.svg").write_text(drawn, encoding="utf-8")


def between(text: str, name: str, content: str) -> str:
    """Replace what stands between two marks.

    Raises:
        ValueError: where the text has no such marks.
    """
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    replaced, count = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: f"{start}\n\n{content}\n\n{end}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"the marks of {name!r} have to stand in the text once")
    return replaced
