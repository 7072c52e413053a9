"""The site has every page, and its reference every module that pages import from; an index gets no dead links."""

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAVIGATION = (ROOT / "mkdocs.yml").read_text()
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "examples").glob("*.py")]
IMPORT = re.compile(r"^(?:>>> |\.\.\. )? *(?:from|import) (jsonapi_sieve[a-z_.]*)", re.MULTILINE)


def test_each_page_has_its_place_and_no_other() -> None:
    named = re.findall(r"[:-] ([a-z_./-]+\.md)$", NAVIGATION, re.MULTILINE)
    assert len(named) == len(set(named))
    pages = {name for name in named if "/" not in name}
    assert pages - {"index.md", "changelog.md"} == {path.name for path in (ROOT / "docs").glob("*.md")}


def test_what_pages_import_from_is_in_the_reference() -> None:
    public = set(re.findall(r"reference/([a-z_.]+)\.md", NAVIGATION))
    assert {module for page in PAGES for module in IMPORT.findall(page.read_text())} <= public


def test_a_package_index_shows_no_link_to_a_file() -> None:
    description = metadata("jsonapi-sieve")["Description"]
    assert "# jsonapi-sieve" in description
    assert re.findall(r"\]\((?!https://)[^)]*\)", description) == []
