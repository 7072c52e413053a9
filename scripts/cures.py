"""Takes each cure of a known divergence out of the library in turn, and looks whether the tests notice.

Engines answer differently when they are asked naively; `cures.toml` lists what the library does about it, each with the
text that does it, what a naive text in its place would be, and the tests that have to fail then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
TESTS = "tests/parity/test_divergences.py"
FAILED = 1
"""The status with which pytest ends when tests ran and some failed; any other but 0 says that they did not run."""


class Cure(NamedTuple):
    """A text of a module that keeps an engine from diverging, and a naive one in its place."""

    name: str
    group: str
    engines: str
    tests: str
    file: str
    cured: str
    naive: str

    def __str__(self) -> str:
        return f"{self.engines}: {self.name}"


class Unusable(Exception):
    """A cure cannot be taken out, or its tests cannot be run."""


def main(words: list[str]) -> int:
    """Take out the cures of a group ("light", "heavy") or with a word in what is printed of them; give the exit status.

    Without words that are all cures.
    """
    listed = tomllib.loads((ROOT / "scripts" / "cures.toml").read_text(encoding="utf-8"))["cure"]
    cures = [Cure(**{"group": "light", **entry}) for entry in listed]
    chosen = [cure for cure in cures if not words or any(word == cure.group or word in str(cure) for word in words)]
    engines = ",".join(sorted({name for cure in chosen for name in cure.engines.split(",")}))
    if _status(ROOT / "src", engines) != 0:
        print(f"The tests in {TESTS} have to pass before cures are taken out; they do not, with --engines {engines}.")
        return 1
    noticed = [_told(cure) for cure in chosen]
    print(f"{sum(noticed)} of {len(chosen)} cures are noticed when they are taken out.")
    return 0 if all(noticed) else 1


def _told(cure: Cure) -> bool:
    try:
        verdict = "noticed" if _is_noticed(cure) else "NOT NOTICED"
    except Unusable as reason:
        verdict = f"UNUSABLE, for {reason}"
    print(f"{cure}: {verdict}", flush=True)
    return verdict == "noticed"


def _is_noticed(cure: Cure) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = shutil.copytree(ROOT / "src", Path(folder, "src"), ignore=shutil.ignore_patterns("__pycache__"))
        file = source / "jsonapi_sieve" / cure.file
        text = file.read_text(encoding="utf-8")
        if text.count(cure.cured) != 1:
            raise Unusable(f"{cure.file} holds its text {text.count(cure.cured)} times")
        file.write_text(text.replace(cure.cured, cure.naive), encoding="utf-8")
        status = _status(source, cure.engines, "-k", cure.tests)
    if status not in (0, FAILED):
        raise Unusable(f"pytest ends with {status}")
    return status == FAILED


def _status(source: Path, engines: str, *arguments: str) -> int:
    """Run the tests on a copy of the library, up to the first that fails; gives pytest's exit status."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--exitfirst",
            "-p",
            "no:cacheprovider",
            "--engines",
            engines,
            *arguments,
            TESTS,
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
