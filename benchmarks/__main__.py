"""Run the benchmarks, each a ratio to a limit measured in the same run, and print their table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from time import perf_counter, thread_time

from tqdm import tqdm

from benchmarks import (
    dump,
    exports,
    frames,
    imports,
    index,
    links,
    lists,
    load,
    pages,
    parse,
    plot,
    report,
    scale,
    select,
    serialize,
    sql,
)
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
    "exports": exports.contests,
}
# Those whose work is not all done by the thread that asks for it, but by others, by servers or by processes.
SHARED = {"imports", "frames", "lists", "pages", "exports"}
# The rows and filters of --quick, where making as many as else takes more time than measuring.
QUICK = {"index": 2_000, "lists": 100_000, "pages": 100_000, "exports": 10_000}


def told_stages() -> str:
    """Tell each stage on a line, by what its module says that it is."""
    lines = [
        f"  {name:<11}{str(sys.modules[made.__module__].__doc__).splitlines()[0]}" for name, made in STAGES.items()
    ]
    return "\n".join(["stages:", *lines])


def contests(stages: list[str], *, quick: bool) -> Iterator[Contest]:
    """Give the contests of the stages, one stage after the other, for a stage may keep a server meanwhile."""
    progress = tqdm(stages, unit="stage", leave=False)
    for stage in progress:
        for contest in STAGES[stage](QUICK[stage]) if quick and stage in QUICK else STAGES[stage]():
            progress.set_postfix_str(f"{stage}: {contest.work}")
            yield contest


def main() -> None:
    """Time the stages asked for and print one row for each contest."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description=__doc__,
        epilog=told_stages(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="a stage of those below; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter pairs, under two minutes without peers")
    parser.add_argument("--peers", action="store_true", help="measure other libraries too, on tasks that they share")
    parser.add_argument("--cpu", action="store_true", help="leave out the time when other programs have the processor")
    parser.add_argument("--write", action="store_true", help="measure all, and write it into docs/performance.md")
    parser.add_argument(
        "--filters",
        nargs="+",
        type=int,
        metavar="N",
        help="measure nothing but indexes of so many filters, and --write their table; 1000000 take 6 GB and minutes",
    )
    asked = parser.parse_args()
    unknown = [stage for stage in asked.stages if stage not in STAGES]
    if unknown:
        parser.error(f"there is no stage {unknown[0]!r}; there are {', '.join(STAGES)}")
    if asked.write and asked.stages:
        parser.error("--write measures every stage, so none can be named")
    if asked.filters:
        _measure_filters(asked)
        return
    wanted = contests(asked.stages or list(STAGES), quick=asked.quick)
    clocks = dict.fromkeys(STAGES.keys() - SHARED, thread_time if asked.cpu else perf_counter)
    results = [run(contest, quick=asked.quick, clock=clocks.get(contest.stage, perf_counter)) for contest in wanted]
    tables = {"stages": report.of_stages(results)}
    figures = []
    if asked.peers or asked.write:
        measured = running.figures(quick=asked.quick, cpu=asked.cpu)
        figures = list(tqdm(measured, total=sum(map(len, running.TASKS.values())), unit="figure", leave=False))
        tables["peers"] = report.of_peers(figures)
    machine = report.machine(quick=asked.quick, cpu=asked.cpu)
    print(machine, *tables.values(), sep="\n\n")
    if asked.write:
        pictures = {"performance": plot.of_stages(results), "peers": plot.of_peers(report.ranked(figures))}
        report.write({"machine": machine, **tables}, pictures)


def _measure_filters(asked: argparse.Namespace) -> None:
    """Measure indexes of several sizes, and print or write their table."""
    clock = thread_time if asked.cpu else perf_counter
    count = len(asked.filters) * len(index.WORKLOADS)
    measured = list(tqdm(scale.scales(asked.filters, clock=clock), total=count, unit="index", leave=False))
    table = f"{report.machine(quick=False, cpu=asked.cpu)}\n\n{scale.table(measured)}"
    print(table)
    if asked.write:
        report.write({"filters": table}, {"filters": scale.picture(measured)})


if __name__ == "__main__":
    main()
