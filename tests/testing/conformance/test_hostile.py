"""What holds for every server: a report comes out, whatever its answers are."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jsonapi_sieve.testing import RULES
from jsonapi_sieve.testing.conformance import Limits, check
from tests.testing.conformance.apps import Reply, Respond, asgi, reply
from tests.testing.conformance.shelf import CURSORS, NUMBERED, Shelf

JUNK: list[Any] = [
    *(None, True, 1, 1.5, -1, "", "x", "//[", "http://[", "\ud800", "a b[]", "/books\x00"),
    *([], {}, [[]], [None], [{}], {"a": {}}, {"href": 1}, {"href": "x"}, {"type": "x", "id": "\ud800"}),
]
NAMES = ["", "type", "id", "data", "links", "next", "meta", "x", ":", "\ud800"]
HEADERS = ["location", "etag", "content-type", "vary", "allow", "link"]
VALUES = ["", "x", "http://[", '"', 'application/vnd.api+json; ext="a b"; x=1;;', "a" * 10_000]
STATUSES = [200, 201, 204, 304, 400, 403, 404, 409, 500, 503]


def mangled(value: Any, random: Random, share: float) -> Any:
    """Put junk into the places of some parts of a value, and names into those of others, and leave some out."""
    if random.random() < share:
        return random.choice(JUNK)
    if isinstance(value, dict):
        kept = [(name, inner) for name, inner in value.items() if random.random() > share / 2]
        renamed = [(random.choice(NAMES) if random.random() < share / 2 else name, inner) for name, inner in kept]
        return {name: mangled(inner, random, share) for name, inner in renamed}
    return [mangled(item, random, share) for item in value] if isinstance(value, list) else value


def mangling(shelf: Shelf, random: Random, share: float) -> Respond:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = shelf(method, target, headers, document)
        if random.random() < share:
            status = random.choice(STATUSES)
        if random.random() < share:
            fields = {**fields, random.choice(HEADERS): random.choice(VALUES)}
        return status, fields, reply(mangled(json.loads(body), random, share))[2]

    return respond


@settings(max_examples=20)
@given(st.integers(0, 1 << 32), st.sampled_from([0.01, 0.03, 0.1]), st.booleans())
def test_any_server_gets_a_report(seed: int, share: float, cursors: bool) -> None:
    app = asgi(mangling(Shelf(cursors=cursors), Random(seed), share))  # noqa: S311  (a seed that Hypothesis can shrink)
    report = check(app, CURSORS if cursors else NUMBERED, limits=Limits(requests=150))
    assert report.checked | report.skipped.keys() == RULES.keys()
    assert str(report).encode()
    assert report.to_json().encode()
