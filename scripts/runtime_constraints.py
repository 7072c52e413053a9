"""Prints constraints of pip for the lowest or the newest versions that the library may run with."""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w.,-]+\])?>=(?P<lowest>[\d.]+)(?:,<[\d.]+)?", re.ASCII)


def lowest_versions(project: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields the name and the lower bound of all that the library, with the extras of its users, runs with."""
    extras = [extra for name, extra in project["optional-dependencies"].items() if not name.startswith("dev")]
    for requirement in sorted({*project["dependencies"], *(entry for extra in extras for entry in extra)}):
        if not requirement.startswith(f"{project['name']}["):
            match = REQUIREMENT.fullmatch(requirement)
            if match is None:
                sys.exit(f"pyproject.toml: {requirement!r} has no lower bound that can be read")
            yield normalized(match["name"]), match["lowest"]


def normalized(name: str) -> str:
    """Returns the one spelling of a package's name (PyPA, Names and normalization)."""
    return re.sub(r"[-_.]+", "-", name, flags=re.ASCII).lower()


def main() -> None:
    """Prints constraints.txt without what the library runs with, and with --lowest the lower bounds of that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", choices=["lowest", "newest"])
    versions = parser.parse_args().versions
    lowest = dict(lowest_versions(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]))
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if normalized(line.partition("==")[0]) not in lowest:
            print(line)
    if versions == "lowest":
        print(*(f"{name}=={version}" for name, version in lowest.items()), sep="\n")


if __name__ == "__main__":
    main()
