"""A page of rows, as the API gives it, and how long each part of it took."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from jsonapi_sieve.explorer.declared import Source
from jsonapi_sieve.explorer.times import Times

__all__ = ["page"]


def page(session: Session, source: Source, text: str, url: str) -> bytes:
    """Give the document of a page, whose address is `url` and this query string, beside the times of its parts.

    Raises:
        QueryErrors: with all faults of the query.
    """
    times, starts = Times(), list[float]()

    def note(_: Any) -> None:
        starts.append(perf_counter())

    with times.of("parse"):
        query = source.resource.parse(text, visible=source.visible)
    event.listen(session, "do_orm_execute", note)
    with times.of("rows"):
        found, total = source.page(session, query)
        rows = list(found)
    if total is not None and len(starts) > 1:  # what counts is executed first
        times["count"] = round((starts[1] - starts[0]) * 1000, 3)
        times["rows"] = round(times["rows"] - times["count"], 3)
    with times.of("document"):
        document = source.resource.render(rows, query, url=f"{url}?{text}" if text else url, total=total)
    return b'{"document":%s,"times":%s}' % (document, json.dumps(times).encode())
