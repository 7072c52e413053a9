"""Run the benchmarks and print their table: `python -m benchmarks [--quick] [--peers] [--write] [STAGE ...]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from time import perf_counter, thread_time

from tqdm import tqdm

from benchmarks import dump, frames, imports, index, links, lists, load, pages, parse, report, select, serialize, sql
from benchmarks.contest import Contest, run
from benchmarks.peers import running

STAGES: dict[str, Callable[..., Iterator[Contest]]] = {
    "parse": parse.contests,
    "select": select.contests,
    "sql": sql.contests,
    "dump": dump.contests,
    "serialize": serialize.contests,
    "load": load.contests,
    "links": links.contests,
    "index": index.contests,
    "imports": imports.contests,
    "frames": frames.contests,
    "lists": lists.contests,
    "pages": pages.contests,
}
# Those whose work is not all done by the thread that asks for it, but by others, by servers or by processes.
SHARED = {"imports", "frames", "lists", "pages"}
# The rows and filters of --quick, where making as many as else takes more time than measuring.
QUICK = {"index": 2_000, "lists": 100_000, "pages": 100_000}


def contests(stages: list[str], *, quick: bool) -> Iterator[Contest]:
    """Give the contests of the stages, one stage after the other, for a stage may keep a server meanwhile."""
    for stage in stages:
        yield from STAGES[stage](QUICK[stage]) if quick and stage in QUICK else STAGES[stage]()


def main() -> None:
    """Time the stages asked for and print one row for each contest."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"one of {', '.join(STAGES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter pairs, under two minutes without peers")
    parser.add_argument("--peers", action="store_true", help="measure other libraries too, on tasks that they share")
    parser.add_argument("--cpu", action="store_true", help="leave out the time when other programs have the processor")
    parser.add_argument("--write", action="store_true", help="measure all, and write it into docs/performance.md")
    asked = parser.parse_args()
    unknown = [stage for stage in asked.stages if stage not in STAGES]
    if unknown:
        parser.error(f"there is no stage {unknown[0]!r}; there are {', '.join(STAGES)}")
    if asked.write and asked.stages:
        parser.error("--write measures every stage, so none can be named")
    wanted = contests(asked.stages or list(STAGES), quick=asked.quick)
    clocks = dict.fromkeys(STAGES.keys() - SHARED, thread_time if asked.cpu else perf_counter)
    results = [
        run(contest, quick=asked.quick, clock=clocks.get(contest.stage, perf_counter))
        for contest in tqdm(wanted, unit="contest", leave=False)
    ]
    tables = {"stages": report.of_stages(results)}
    figures = []
    if asked.peers or asked.write:
        figures = list(tqdm(running.figures(quick=asked.quick, cpu=asked.cpu), unit="figure", leave=False))
        tables["peers"] = report.of_peers(figures)
    machine = report.machine(quick=asked.quick, cpu=asked.cpu)
    print(machine, *tables.values(), sep="\n\n")
    if asked.write:
        report.write({"machine": machine, **tables}, results, figures)


if __name__ == "__main__":
    main()
