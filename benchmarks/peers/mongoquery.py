"""mongoquery: MongoDB's queries over dictionaries."""

from __future__ import annotations

from mongoquery import Query

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter


def select() -> Adapter:
    """Match each row."""
    rows = tasks.rows()
    query = Query(
        {
            "account_id": {"$ne": tasks.ACCOUNT, "$exists": True, "$nin": [None]},
            "customer_price": {"$gte": tasks.LEAST},
            "status": {"$in": list(tasks.WANTED)},
            "time_start": {"$lt": tasks.BEFORE},
        }
    )
    return Adapter("mongoquery", lambda: [row for row in rows if query.match(row)], list)
