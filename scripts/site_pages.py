"""Lays out the pages that the site is built from, in build/pages, and checks what was built from them, in build/site.

The pages are those of docs/, README.md as the first one, CHANGELOG.md, and one for each module that the navigation of
mkdocs.yml names below `reference/`, which is filled from its docstrings. A link that leads out of the site, to a test
say, becomes its text.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "pages"
SITE = ROOT / "build" / "site"

REFERENCE = re.compile(r"reference/([a-z_.]+)\.md")
LINK_OUT = re.compile(r"\[([^\]\n]*)\]\(\.\./[^)\s]*\)")


def modules() -> list[str]:
    """Returns the modules that have a page in the reference."""
    return REFERENCE.findall((ROOT / "mkdocs.yml").read_text())


def lay() -> None:
    """Lays out the pages anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES, ignore=shutil.ignore_patterns("conftest.py", "__pycache__", "*.sqlite"))
    for page in PAGES.glob("*.md"):
        page.write_text(LINK_OUT.sub(r"\1", page.read_text()))
    (PAGES / "index.md").write_text((ROOT / "README.md").read_text().replace("](docs/", "]("))
    shutil.copy(ROOT / "CHANGELOG.md", PAGES / "changelog.md")
    (PAGES / "reference").mkdir()
    for module in modules():
        (PAGES / "reference" / f"{module}.md").write_text(f"# {module}\n\n::: {module}\n")


class _Links(HTMLParser):
    """Gathers the places of a page, what it leads to, what a browser loads for it, and pictures that no text tells."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.assets: list[str] = []
        self.untold: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value}
        self.places.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in {"canonical", "prev", "next"} and "href" in values:
            self.assets.append(values["href"])
        elif "src" in values:
            self.assets.append(values["src"])
            if tag == "img" and "alt" not in values:
                self.untold.append(values["src"])


def _read(path: Path) -> _Links:
    links = _Links()
    links.feed(path.read_text())
    return links


def findings() -> Iterator[str]:
    """Yields a line for people for each link that leads nowhere, asset of another host and picture without words."""
    pages = {path: _read(path) for path in SITE.rglob("*.html") if path.name != "404.html"}
    for path, page in pages.items():
        name = path.relative_to(SITE)
        yield from (f"{name} loads {asset}" for asset in page.assets if urlsplit(asset).netloc)
        yield from (f"{name} shows {picture} and does not tell it in words" for picture in page.untold)
        for link in (*page.links, *page.assets):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name} leads to {link}, which is not there"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                yield f"{name} leads to {link}, a place that is not on that page"


def check() -> int:
    """Prints what is wrong with the built site; returns the exit status."""
    found = sorted(set(findings()))
    print(*found or [f"All links of {sum(1 for _ in SITE.rglob('*.html'))} pages lead somewhere."], sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit({"lay": lay, "check": check}[sys.argv[1]]())
