"""Prints the table of results for the documents, writes it there, or checks that it stands there.

Run it as `python -m tests.parity.report`. The results are those that the last runs of the tests have kept, so that
engines may be tested in several runs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from tests.engines.catalogue import ENGINES
from tests.parity.results import kept, table_of

__all__ = ["main"]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "engines.md"
START, END = "<!-- parity -->\n", "<!-- end of parity -->"
_VERSION: Final = 1


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity.report", description=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help=f"put the table into {DOCUMENT.name}")
    action.add_argument("--check", action="store_true", help="fail if another one stands there, but for versions")
    chosen = parser.parse_args(arguments)
    results = kept()
    missing = [engine.name for name, engine in ENGINES.items() if name not in results]
    if missing:
        return _fail(f"no results of {', '.join(missing)}: run scripts/test --all")
    lines = table_of(results)
    if not chosen.write and not chosen.check:
        sys.stdout.write("\n".join([*lines, ""]))
        return 0
    before, start, rest = DOCUMENT.read_text().partition(START)
    written, end, after = rest.partition(END)
    if not start or not end:
        return _fail(f"{DOCUMENT.name} has no place for the table: {START.strip()} and {END}")
    if chosen.write:
        DOCUMENT.write_text(before + start + "\n".join([*lines, ""]) + end + after)
    elif _without_versions(written.splitlines()) != _without_versions(lines):
        return _fail(f"{DOCUMENT.name} shows other results: run python -m tests.parity.report --write")
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


def _without_versions(lines: list[str]) -> list[list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row[:_VERSION] + row[_VERSION + 1 :] for row in cells]


if __name__ == "__main__":
    sys.exit(main())
