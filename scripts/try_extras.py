"""Installs the wheel with each extra into an empty environment, checks what pip put there, and runs an example."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".cache" / "extras"

# What runs the examples of a module, or of a page: it fails where one fails, or where there is none.
DOCTEST = """
import doctest, importlib, sys
flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
name = sys.argv[1]
if name.endswith(".md"):
    result = doctest.testfile(name, module_relative=False, optionflags=flags)
else:
    result = doctest.testmod(importlib.import_module(name), optionflags=flags)
sys.exit(bool(result.failed or not result.attempted))
"""

# What holds an application to the rules of JSON:API.
KIT = """
import sys
from importlib import import_module
from pathlib import Path
from jsonapi_sieve.testing.conformance import Collection, Description, check
sys.path.insert(0, str(Path(sys.argv[1]).parent))
module = import_module(Path(sys.argv[1]).stem)
app = vars(module).get("application") or module.app
articles = Collection("/articles", type="articles", filters=("filter[words-gteq]=700",), pages="numbered")
report = check(app, Description((articles,)))
print(report)
sys.exit(not report.passes())
"""

# The example of each extra: a page, a module with examples, an application, or what the command is asked; and what else
# it needs.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "": ("docs/semantics.md",),
    "sqlalchemy": ("docs/big-lists.md",),
    "schemas": ("docs/schemas.md",),
    "narwhals": ("jsonapi_sieve.backends.narwhals.predicate", "polars"),
    "cursors": ("jsonapi_sieve.paging.cursor_pages",),
    "service": ("$ openapi --format table",),
    "conformance": ("jsonapi_sieve.testing.conformance.description",),
    "testing": ("jsonapi_sieve.testing.strategies.predicates", "sqlalchemy"),
    "files": ("$ filter calls.csv filter[duration-gteq]=60 --field duration:integer",),
    "django": ("docs/examples/django_app.py", "httpx"),
    "flask": ("docs/examples/flask_app.py", "httpx"),
    "starlette": ("docs/examples/fastapi_app.py", "aiosqlite", "fastapi", "greenlet", "httpx"),
    "all": ("docs/testing-queries.md", "duckdb", "duckdb-sqlalchemy", "polars"),
}
CALLS = "duration\n59\n60\n"

# Those that have none: what they bring is used from a later version on.
WITHOUT = {"fast"}


def main(chosen: Sequence[str]) -> int:
    """Try extras, all of them if none is chosen, and tell of each whether it works."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    offered = {extra for extra in project["optional-dependencies"] if not extra.startswith("dev")}
    if offered - WITHOUT != set(EXAMPLES) - {""}:
        raise SystemExit(f"Extras and examples differ: {sorted(offered ^ set(EXAMPLES))}")
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    (PLACE / "calls.csv").write_text(CALLS)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", PLACE, ROOT)
    (wheel,) = PLACE.glob("*.whl")
    print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB")
    failed = [extra for extra in chosen or EXAMPLES if not works(extra, wheel)]
    return len(failed) > 0


def works(extra: str, wheel: Path) -> bool:
    """Install the wheel with an extra, and run its example."""
    example, *needed = EXAMPLES[extra]
    home = PLACE / (extra or "none")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    faults = (
        run(python, "-m", "pip", "install", "--quiet", f"{wheel}[{extra}]" if extra else wheel, *needed)
        or run(python, "-m", "pip", "check")
        or run(*asked(example, python))
    )
    print(f"{extra or '(none)':12} {'FAILED' if faults else 'works'}\n{faults}".strip())
    return not faults


def asked(example: str, python: Path) -> tuple[str | Path, ...]:
    """Give the command that runs an example."""
    match Path(example).suffix:
        case ".py":
            return python, "-c", KIT, ROOT / example
        case ".md":
            return python, "-c", DOCTEST, ROOT / example
        case _ if example.startswith("$"):
            return python.with_name("jsonapi-sieve"), *example.split()[1:]
        case _:
            return python, "-c", DOCTEST, example


def run(*command: str | Path) -> str:
    """Run a command, and give what it said if it failed."""
    done = subprocess.run(command, cwd=PLACE, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" or "failed" if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
