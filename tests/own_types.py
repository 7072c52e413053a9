"""The types and operators that docs/own-types.md defines."""

from __future__ import annotations

import doctest
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["defined"]

_PAGE = Path(__file__).parent.parent / "docs" / "own-types.md"


@lru_cache(maxsize=1)
def defined() -> dict[str, Any]:
    """Give what the examples of the page define; those that show an error define nothing."""
    namespace: dict[str, Any] = {"__name__": __name__}
    for example in doctest.DocTestParser().get_examples(_PAGE.read_text()):
        if example.exc_msg is None:
            exec(example.source, namespace)  # noqa: S102  (it stands in our own page)
    return namespace
