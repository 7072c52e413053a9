"""Measure one library on one task, in the environment of the libraries: `python -m benchmarks.peers TASK ADAPTER`."""

from __future__ import annotations

import argparse
import json
import math
import warnings
from dataclasses import asdict
from importlib import import_module, metadata
from time import perf_counter, thread_time

from benchmarks.contest import Clock, Contest, run
from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter
from benchmarks.peers.figure import Figure
from benchmarks.peers.running import TASKS


def measure(name: str, adapter_name: str, *, quick: bool, clock: Clock) -> Figure:
    """Time an adapter against the limit of a task, once their results agree."""
    task: tasks.Task = getattr(tasks, name)()
    adapter: Adapter = getattr(import_module(f"benchmarks.peers.{adapter_name}"), name)()
    if adapter.shown(adapter.run()) != task.expected:
        raise ValueError(f"{adapter.distribution} gives another result for {name!r}: {adapter.shown(adapter.run())!r}")
    # Compared above, so it is enough that both sides run.
    contest = Contest(name, adapter_name, task.limit, adapter.run, math.inf, shown=lambda _: task.limit())
    result = run(contest, quick=quick, clock=clock)
    return Figure(
        task.title, _titled(adapter.distribution), result.median, result.low, result.high, result.ours, adapter.lacks
    )


def _titled(distribution: str) -> str:
    try:
        return f"{distribution} {metadata.version(distribution)}"
    except metadata.PackageNotFoundError:
        return distribution


def main() -> None:
    """Print the figure as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("adapter")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    asked = parser.parse_args()
    if asked.adapter not in TASKS[asked.task]:
        parser.error(f"{asked.adapter!r} has no part in {asked.task!r}")
    warnings.simplefilter("ignore")  # what other libraries deprecate costs them no output
    clock = thread_time if asked.cpu else perf_counter
    print(json.dumps(asdict(measure(asked.task, asked.adapter, quick=asked.quick, clock=clock))))


if __name__ == "__main__":
    main()
