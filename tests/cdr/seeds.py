"""The documents of the APIs, as they were published."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "data" / "seeds"


def text(name: str) -> str:
    """Give the whole text of a page."""
    return (_FOLDER / f"{name}.txt").read_text()


def bodies(name: str) -> list[Any]:
    """Give the JSON documents of a page, in order: of the request, if it sends one, and of the response."""
    decoder = json.JSONDecoder()
    return [decoder.raw_decode(part.lstrip())[0] for part in text(name).split("\nBody\n")[1:]]
