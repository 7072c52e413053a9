"""Runs each library on each task that it shares with this one, in the environment that scripts/bench makes for them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers.figure import Figure

# The adapters that take part in each task, by the names of their modules.
TASKS = {
    "parse": ("sieve", "fastapi_filter", "safrs", "flask_jsonapi", "drf"),
    "sql": ("sieve", "fastapi_filter", "sqlalchemy_filterset", "advanced_alchemy", "pyrsql"),
    "select": ("sieve", "closures", "jmespath", "japyd", "mongoquery"),
    "serialize": ("sieve", "jsonapi_pydantic", "marshmallow_jsonapi"),
    "load": ("sieve", "jsonapi_pydantic", "fastapi_jsonapi", "marshmallow_jsonapi"),
    "lists": ("sieve", "fastapi_filter", "sqlalchemy_filterset"),
}
ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv-peers" / "bin" / "python"


def figures(*, quick: bool, cpu: bool) -> Iterator[Figure]:
    """Give one figure after the other.

    Raises:
        CalledProcessError: where an adapter fails, or its result is not that of the task; it has told why on stderr.
    """
    for task, adapters in TASKS.items():
        for adapter in adapters:
            command = [str(PYTHON), "-m", "benchmarks.peers", task, adapter, *["--quick"] * quick, *["--cpu"] * cpu]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout
            yield Figure(**json.loads(output.splitlines()[-1]))
