"""jmespath: an expression over dictionaries."""

from __future__ import annotations

from typing import Any

import jmespath as library

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter


def select() -> Adapter:
    """Search rows whose prices and moments are numbers, for it orders nothing else."""
    rows = tasks.rows()
    given = [
        {
            **row,
            "customer_price": None if (price := row["customer_price"]) is None else float(price),
            "time_start": row["time_start"].timestamp(),
        }
        for row in rows
    ]
    expression = library.compile(
        f"[?account_id != `null` && account_id != `{tasks.ACCOUNT}` && customer_price >= `{tasks.LEAST}`"
        f" && (status == '{tasks.WANTED[0]}' || status == '{tasks.WANTED[1]}')"
        f" && time_start < `{tasks.BEFORE.timestamp()}`]"
    )

    def shown(found: list[dict[str, Any]]) -> object:
        return [rows[row["id"]] for row in found]

    return Adapter("jmespath", lambda: expression.search(given), shown, "decimals and moments are floats")
