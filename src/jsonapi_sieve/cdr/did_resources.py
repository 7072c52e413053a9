"""The resource types of version 3: orders for exports of calls, by the month and in the newer form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from jsonapi_sieve import Sort, types
from jsonapi_sieve.cdr.did_filters import DidExportFilters
from jsonapi_sieve.cdr.did_schemas import DidCdrExportSchema, DidExportSchema
from jsonapi_sieve.cdr.models import DidCdrExport, DidExport
from jsonapi_sieve.cdr.statuses import CAPITALIZED, LOWER_CASE
from jsonapi_sieve.links import resolve
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource

__all__ = ["DID_CDR_EXPORTS", "DID_EXPORTS", "INTERVAL_VERSIONS", "MONTH_VERSIONS"]

MONTH_VERSIONS: Final = ("2017-09-18", "2021-04-19")
"""The versions of the API in which exports are of a month; without a word of the client's it is the first."""

INTERVAL_VERSIONS: Final = ("2026-04-16",)
"""The versions of the API in which exports are of the time between two moments."""

_PAGES: Final = NumberedPages(default=50, maximum=1000)
_MOMENT: Final = types.Timestamp(digits=3)


class _Exports(Resource):
    """Exports whose files have addresses on the host that the client used; `show` gives what is shown of a row."""

    def __init__(self, schema: Any, show: Callable[[Any, str], dict[str, object]], **options: Any) -> None:
        super().__init__(schema, pages=_PAGES, total_member="total_records", **options)
        self._show = show

    def render(self, rows: Iterable[object], query: Query, *, url: str, **options: Any) -> bytes:
        return super().render([self._show(row, url) for row in rows], query, url=url, **options)

    def render_one(self, row: object | None, query: Query | None = None, *, url: str, **options: Any) -> bytes:
        return super().render_one(None if row is None else self._show(row, url), query, url=url, **options)

    def self_link(self, row: Any, *, url: str) -> str:
        """Give the address of an export, which its documents do not show."""
        return resolve(url, f"/v3/{self.type}/{row.id}")


def _show_month(row: DidCdrExport, url: str) -> dict[str, object]:
    asked = {"year": row.year, "month": row.month, "did_number": row.did_number}
    return {
        "id": row.id,
        "filters": {name: value for name, value in asked.items() if value is not None},
        "status": row.status,
        "created_at": row.created_at,
        "url": _url(row, url, f"/v3/cdr_exports/{row.file_id}.csv", CAPITALIZED.completed),
    }


def _show_interval(row: DidExport, url: str) -> dict[str, object]:
    times = {name: _MOMENT.load(row.filters[name]) for name in ("from", "to")}
    return {
        "id": row.id,
        "filters": row.filters | times,
        "status": row.status,
        "created_at": row.created_at,
        "url": _url(row, url, f"/v3/exports/{row.file_id}.csv.gz", LOWER_CASE.completed),
        "callback_url": row.callback_url,
        "callback_method": row.callback_method,
        "export_type": row.export_type,
        "external_reference_id": row.external_reference_id,
    }


def _url(row: DidCdrExport | DidExport, url: str, path: str, completed: str) -> str | None:
    return resolve(url, path) if row.status == completed and row.file_id is not None else None


DID_CDR_EXPORTS: Final = _Exports(
    DidCdrExportSchema,
    _show_month,
    sort=Sort("status", "created_at", default="created_at", style="underscore"),
    page_links=False,
)
"""Exports of a month's calls, oldest first."""

DID_EXPORTS: Final = _Exports(
    DidExportSchema,
    _show_interval,
    filters=DidExportFilters(),
    sort=Sort("status", "created_at", "external_reference_id", default="created_at", style="underscore"),
)
"""Exports in the newer form, oldest first."""
