"""The documents of the APIs, as they were published."""

import json
import re
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "data" / "seeds"


def text(name: str) -> str:
    """Give the whole text of a page."""
    return (_FOLDER / f"{name}.txt").read_text()


def bodies(name: str) -> list[Any]:
    """Give the JSON documents of a page, in order: of the request, if it sends one, and of the response."""
    page, decoder = text(name), json.JSONDecoder()
    return [decoder.raw_decode(page, start.start())[0] for start in re.finditer(r"^\{", page, re.MULTILINE)]
