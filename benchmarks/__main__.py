"""Run the benchmarks and print their table: `python -m benchmarks [--quick] [STAGE ...]`."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterator

from tqdm import tqdm

from benchmarks import frames, lists, pages, parse, select, sql
from benchmarks.contest import Contest, Result, run

STAGES: dict[str, Callable[[], Iterator[Contest]]] = {
    "parse": parse.contests,
    "select": select.contests,
    "sql": sql.contests,
    "frames": frames.contests,
    "lists": lists.contests,
    "pages": pages.contests,
}


def main() -> None:
    """Time the stages asked for and print one row for each contest."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"one of {', '.join(STAGES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter pairs, under two minutes in all")
    arguments = parser.parse_args()
    unknown = [stage for stage in arguments.stages if stage not in STAGES]
    if unknown:
        parser.error(f"there is no stage {unknown[0]!r}; there are {', '.join(STAGES)}")
    # One after the other, for a stage may keep a server while its contests run.
    wanted = (contest for stage in arguments.stages or STAGES for contest in STAGES[stage]())
    results = [run(contest, quick=arguments.quick) for contest in tqdm(wanted, unit="contest", leave=False)]
    print(
        f"Python {platform.python_version()}; the median of interleaved pairs, in brackets the first and last decile.\n"
    )
    print("| stage | work | limit | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    for result in results:
        print(_row(result))


def _row(result: Result) -> str:
    contest = result.contest
    ratio = f"{result.median:.2f} ({result.low:.2f}-{result.high:.2f})"
    bar = f">= {contest.bar} times faster" if contest.faster else f"<= {contest.bar}"
    verdict = "met" if result.is_met else "not met"
    return f"| {contest.stage} | {contest.work} | {_duration(result.seconds)} | {ratio} | {bar} | {verdict} |"


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds * 1e6:.2f} us"


if __name__ == "__main__":
    main()
