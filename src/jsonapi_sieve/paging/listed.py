"""What a document shows of a page: its rows, its links, and what it tells of the page and the whole collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.paging.counts import Counting, counted, known_total
from jsonapi_sieve.paging.cursor_pages import CursorPage, CursorPages
from jsonapi_sieve.paging.protocol import Page, Pages

__all__ = ["AnyPages", "Listed", "listed"]

AnyPages: TypeAlias = Pages | CursorPages
"""A way of paging."""


class Listed(NamedTuple):
    """The rows of a page, the `meta` of its document, and the cursors of its rows, if they are told.

    `links` gives those of the document; it takes the number of rows, which is known once they have been read.
    """

    rows: Iterable[object]
    meta: Mapping[str, object]
    links: Callable[[int], Mapping[str, str | None]]
    cursors: tuple[str, ...] = ()


def listed(
    fetched: Iterable[object],
    pages: AnyPages | None,
    page: Page | None,
    *,
    url: str,
    total: int | None,
    counting: Counting,
    total_member: str,
) -> Listed:
    """Give what is shown of the rows that the statement of a page fetched.

    Without a total, links lead only where they are known to lead: with `counting="none"`, and by cursor.
    """
    if isinstance(pages, CursorPages) and isinstance(page, CursorPage):
        return _by_cursor(fetched, pages, page, url, counted(total, counting, member=None))
    meta = counted(total, counting, member=total_member)

    def links(count: int) -> Mapping[str, str | None]:
        if pages is None or isinstance(pages, CursorPages) or page is None or (total is None and counting != "none"):
            return {}
        return pages.links(url, page, known_total(total, counting), more=count == page.limit)

    return Listed(fetched, meta, links)


def _by_cursor(
    fetched: Iterable[object], pages: CursorPages, page: CursorPage, url: str, meta: dict[str, object]
) -> Listed:
    shown = pages.show(fetched, page)
    cursors = _cursors(shown.rows, pages, page) if pages.item_cursors else ()
    if shown.truncated:
        told: object = meta.get("page")
        meta = {"page": {**(told if isinstance(told, dict) else {}), "rangeTruncated": True}}
    return Listed(shown.rows, meta, lambda _: pages.links(url, page, shown), cursors)


def _cursors(rows: Iterable[object], pages: CursorPages, page: CursorPage) -> tuple[str, ...]:
    """Give the cursors of rows, which a server need not tell; none where one cannot be written."""
    try:
        return tuple(pages.cursor(row, page) for row in rows)
    except NotRenderable:
        return ()
