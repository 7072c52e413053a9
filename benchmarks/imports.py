"""Importing the library in a fresh interpreter, beside modules of the standard library that most programs load."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.contest import Contest

STANDARD = "json, re, dataclasses, typing, decimal, datetime"

# Timed inside the interpreter, for its start varies more than an import takes. An installed package has its bytecode,
# so this one may write its own.
PROBE = """
import sys, time
start = time.perf_counter()
import {}
print(time.perf_counter() - start)
"""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Import:
    """An interpreter that imports some modules."""

    modules: str

    def __call__(self) -> bool:
        """Return whether they can be imported."""
        return self.seconds(1) > 0

    def seconds(self, _repeats: int) -> float:
        """Return how long the import takes."""
        command = [sys.executable, "-c", PROBE.format(self.modules)]
        return float(subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT).stdout)


def contests() -> Iterator[Contest]:
    """Give the contest of this stage, whose bar is a time and not a ratio."""
    yield Contest(
        "imports",
        f"`import jsonapi_sieve`, beside `import {STANDARD}`",
        Import(STANDARD),
        Import("jsonapi_sieve"),
        0.030,
        absolute=True,
        timed=Import.seconds,
    )
