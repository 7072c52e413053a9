"""Checks that no file names a package registry's address or an absolute path of somebody's machine."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN = re.compile(
    r"""
    \b(?:pypi|pythonhosted|npmjs|yarnpkg|crates|rubygems)\.(?:org|com|io)\b    # a registry's host
    | --(?:extra-)?index-url | --find-?links | \bregistry\s*=                  # an option that would name one
    | (?<![\w.>)\]}-]) / (?:root|home|Users|work|mnt|opt|srv) /                # a Unix path that begins here
    | \b[A-Za-z]:\\Users\b
    """,
    re.VERBOSE | re.ASCII,
)


def files() -> list[Path]:
    """Returns the files that are, or may be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [path for name in names if name and (path := Path(name)).is_file()]


def findings(path: Path) -> Iterator[str]:
    """Yields a line for people for each forbidden text in a file; bytes that are no text are passed over."""
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        for match in FORBIDDEN.finditer(line):
            yield f"{path}:{number}: {match.group().strip()!r} names a registry or a machine"


def main() -> int:
    """Prints what was found; returns the exit status."""
    paths = files()
    found = [finding for path in paths for finding in findings(path)]
    print(*found or [f"{len(paths)} files name no registry and no machine"], sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
