from __future__ import annotations

import re
from importlib.resources import files

import pytest

FILES = {path.name: path.read_text() for path in (files("jsonapi_sieve") / "explorer" / "static").iterdir()}


def test_the_page_is_small() -> None:
    assert sum(len(text.encode()) for text in FILES.values()) < 60_000


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_the_server_says_is_never_taken_as_markup(name: str) -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function"

    assert not re.search(markup, FILES[name])


@pytest.mark.parametrize("name", ["index.html", "open.html"])
def test_a_page_has_neither_code_nor_style_of_its_own(name: str) -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", FILES[name]) == []


def test_the_page_of_a_link_sends_nothing_but_its_own_address() -> None:
    assert re.findall(r"<script|<input|\saction=|\sname=(?!\"(?:viewport|robots)\")", FILES["open.html"]) == []


def test_each_module_imports_what_is_there() -> None:
    for name, text in FILES.items():
        for imported, module in re.findall(r'^import \{([^}]*)\} from "\./([^"]+)";$', text, re.MULTILINE):
            for word in imported.split(","):
                assert re.search(rf"^export .*\b{word.strip()}\b", FILES[module], re.MULTILINE), (name, module, word)
