"""safrs: filters as JSON in one parameter."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, quote

from safrs.filtering import parse_filter_json

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

TEXTS = {"rows_count": "10", "created_at": "2024-07-17T17:02:04.519Z"}
CLAUSES = [
    {"name": name, "op": {"in": "in_", "gteq": "ge"}.get(operator, operator), "val": TEXTS.get(name, value)}
    for name, operator, value in tasks.PARSED
]
SPELLED = f"filter={quote(json.dumps({'and': CLAUSES}))}&page%5Bnumber%5D=2&page%5Bsize%5D=50&sort=-created-at"


def parse() -> Adapter:
    """Read a query string, after the framework's splitting of it."""

    def run() -> object:
        (text,) = parse_qs(SPELLED)["filter"]
        return parse_filter_json(text)

    def shown(parsed: Any) -> object:
        found = [(node.name, node.op, node.val) for node in parsed.items]
        same = [clause["val"] for clause in json.loads(json.dumps(CLAUSES))] == [value for _, _, value in found]
        return tasks.PARSED if same else found

    return Adapter("safrs", run, shown, "no name, operator or value is checked or typed")
