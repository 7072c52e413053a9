"""The console blocks in the documents are run, in process and in their order, and print what stands there.

A page has a directory of its own. `cat FILE` makes a file of what stands below it, unless there is one; `echo $?`
prints the exit code of the command before.
"""

import doctest
import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from jsonapi_sieve.cli import main

ROOT = Path(__file__).parent.parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
blocks_of = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL).findall
PAGES = [path for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))) if blocks_of(path.read_text())]


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Give each command with what stands below it."""
    for block in blocks_of(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.replace("\\\n", "").partition("\n")
            yield command, printed


def run(words: list[str]) -> tuple[int, str]:
    with io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) as output:
        with redirect_stdout(output), redirect_stderr(output):
            try:
                code = main(words)
            except SystemExit as ended:
                code = int(ended.code or 0)
        output.seek(0)
        return code, output.read()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the working directory of a page, whose modules are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    yield tmp_path
    for name in [path.stem for path in tmp_path.glob("*.py")]:
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_commands_print_what_is_told(page: Path) -> None:
    code = 0
    for command, expected in commands(page.read_text()):
        words = shlex.split(command)
        match words:
            case ["cat", name] if not Path(name).exists():
                Path(name).write_text(expected)
                continue
            case ["cat", name]:
                printed = Path(name).read_text()
            case ["echo", "$?"]:
                printed = f"{code}\n"
            case ["jsonapi-sieve", *arguments]:
                code, printed = run(arguments)
            case _:
                pytest.fail(f"{page.name}: no test runs {command!r}")
        assert doctest.OutputChecker().check_output(expected, printed, FLAGS), f"$ {command}\n{printed}"
