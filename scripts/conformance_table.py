"""Makes docs/conformance.md: each rule of JSON:API 1.1, where it is implemented and what proves it.

--write renews the page, --check fails where it is not what would be written.
"""

import argparse
import io
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "conformance.md"


class Marked:
    """A plugin of pytest that gathers which tests prove which rules, by the marker `rule`."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes the names of functions by rule and by file."""
        for item in session.items:
            path = item.path.relative_to(ROOT).as_posix()
            for mark in item.iter_markers("rule"):
                for rule in mark.args:
                    self.tests[rule][path].add(getattr(item, "originalname", item.name))


def marked() -> dict[str, dict[str, set[str]]]:
    """Gives the marked tests by rule, and by file."""
    files = [str(path) for path in sorted(ROOT.glob("tests/**/test_*.py")) if "mark.rule(" in path.read_text()]
    plugin = Marked()
    told = io.StringIO()
    options = ["--collect-only", "-qq", "--assert=plain", "-o", "addopts=", "-p", "no:cacheprovider"]
    with redirect_stdout(told):
        status = pytest.main([*options, *files], plugins=[plugin])
    if status != pytest.ExitCode.OK:
        sys.exit(told.getvalue())
    return plugin.tests


def main() -> int:
    """Renews the page or compares it; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--write", action="store_true", help="renew the page")
    wanted.add_argument("--check", action="store_true", help="fail where the page is not up to date")
    writes = parser.parse_args().write
    tests = marked()

    # What pytest is to rewrite cannot be imported before.
    from tests.conformance.page import page_of  # noqa: PLC0415

    text = page_of(tests)
    if writes:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        print(f"{PAGE.relative_to(ROOT)} is out of date; run python scripts/conformance_table.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
