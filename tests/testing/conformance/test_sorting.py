"""What the checks of orders tell of albums that are sorted by their artists, and of some that are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jsonapi_sieve.testing.conformance import Collection, Description, check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply


def albums(names: str, order: Callable[[int], Any], *, shown: bool = True) -> Respond:
    """Serve an album for each sign, which is its artist's name, in an order that every sort is answered with."""
    artists = [
        {"type": "artists", "id": name, "attributes": {"name": int(name) if name.isdecimal() else name * 2}}
        for name in sorted(set(names))
    ]

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        if "include" in target and not shown:
            return refusal(400, "include")
        numbers = sorted(range(len(names)), key=order, reverse="sort=-" in target)
        rows: list[dict[str, Any]] = [
            {
                "type": "albums",
                "id": str(at),
                "relationships": {"artist": {"data": {"type": "artists", "id": names[at]}}},
            }
            for at in numbers
        ]
        return reply({"data": rows, **({"included": artists} if "include" in target else {})})

    return respond


BY_ARTIST = Description((Collection("/albums", sort=("artist.name",)),))

UNTOLD = {
    **dict.fromkeys(("SRT-01", "SRT-04"), "No values that tell their order are shown."),
    "SRT-05": "No related values that tell their order are shown.",
}


@pytest.mark.parametrize("names", ["213", "BAB"])
def test_what_is_not_in_the_order_of_a_path_is_told(names: str) -> None:
    report = check(asgi(albums(names, lambda at: at)), BY_ARTIST, only=["SRT-01", "SRT-04", "SRT-05"])
    assert report.broken == {"SRT-01", "SRT-04", "SRT-05"}


@pytest.mark.parametrize(
    ("names", "shown", "skipped"),
    [("213", True, {}), ("BAB", True, {}), ("BAC", True, UNTOLD), ("aaa", True, UNTOLD), ("213", False, UNTOLD)],
)
def test_what_is_in_the_order_of_a_path_is_right(names: str, shown: bool, skipped: dict[str, str]) -> None:
    app = asgi(albums(names, lambda at: (names[at], at), shown=shown))
    report = check(app, BY_ARTIST, only=["SRT-01", "SRT-04", "SRT-05"])
    assert report.broken == frozenset()
    assert report.skipped == skipped


def test_words_may_be_in_any_order() -> None:
    report = check(asgi(albums("bac", lambda at: at)), BY_ARTIST, only=["SRT-01", "SRT-04", "SRT-05"])
    assert report.broken == frozenset()
    assert report.skipped == UNTOLD
