"""Links: those from a page to four others, against f-strings by hand from a URL that needs no encoding."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contest import Contest
from jsonapi_sieve.links import own_link
from jsonapi_sieve.paging import NumberedPage, NumberedPages

SENT = (
    "/api/cdr-exports?filter[status-in]=Pending,Completed&filter[rows-count-gteq]=10"
    "&filter[created-at-gteq]=2024-07-17T17:02:04.519Z&page[number]=3&page[size]=50&sort=-created-at&include=account"
)
WRITTEN = own_link(SENT)
PAGE = NumberedPage(number=3, size=50)
TOTAL = 1000


def limit_links(url: str, page: NumberedPage, total: int) -> dict[str, str]:
    """Leave the page out of the URL and write four others behind it."""
    base, _, query = url.partition("?")
    kept = "&".join([part for part in query.split("&") if not part.startswith("page%5B")])
    start, end = f"{base}?{kept}&page%5Bnumber%5D=", f"&page%5Bsize%5D={page.size}"
    return {
        "first": f"{start}1{end}",
        "prev": f"{start}{page.number - 1}{end}",
        "next": f"{start}{page.number + 1}{end}",
        "last": f"{start}{-(-total // page.size)}{end}",
    }


def contests() -> Iterator[Contest]:
    """Give the contests of this stage; the second URL is written as most clients write theirs."""
    pages = NumberedPages()
    yield Contest(
        "links",
        "4 links from a URL that is written already",
        lambda: limit_links(WRITTEN, PAGE, TOTAL),
        lambda: pages.links(WRITTEN, PAGE, TOTAL),
        3.5,
    )
    yield Contest(
        "links",
        "the same from one with brackets, commas and colons",
        lambda: limit_links(WRITTEN, PAGE, TOTAL),
        lambda: pages.links(SENT, PAGE, TOTAL),
        3.5,
    )
