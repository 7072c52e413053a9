from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, QueryErrors
from jsonapi_sieve.paging import NumberedPage, NumberedPages, OffsetPage, OffsetPages

PAGES = OffsetPages(default=50, maximum=1000)
GREATEST = 2**31 - 1


def faults(members: dict[str, str]) -> list[dict[str, Any]]:
    with pytest.raises(QueryErrors) as raised:
        PAGES.parse(members)
    return [error.to_dict() for error in raised.value.errors]


def offsets(page: OffsetPage, total: int | None, *, more: bool = False) -> dict[str, int]:
    links = PAGES.links("/cdrs", page, total, more=more)
    read = {name: parse_qs(urlsplit(link).query) for name, link in links.items()}
    assert all(query["page[limit]"] == [str(page.limit)] for query in read.values())
    return {name: int(query["page[offset]"][0]) for name, query in read.items()}


@pytest.mark.rule("PAG-05")
@pytest.mark.parametrize(
    ("members", "page"),
    [
        ({}, OffsetPage(0, 50)),
        ({"offset": "100"}, OffsetPage(100, 50)),
        ({"offset": "0", "limit": "1"}, OffsetPage(0, 1)),
        ({"limit": "1000", "offset": "007"}, OffsetPage(7, 1000)),
        ({"offset": str(GREATEST)}, OffsetPage(GREATEST, 50)),
    ],
)
def test_pages_are_read(members: dict[str, str], page: OffsetPage) -> None:
    assert PAGES.parse(members) == page


@pytest.mark.rule("PAG-07")
@pytest.mark.parametrize("text", ["", "-1", "+1", "1e3", "1.0", " 1", "\uff11", "٣", "one", "0x1"])
@pytest.mark.parametrize(("member", "kind"), [("offset", "whole"), ("limit", "positive whole")])
def test_what_is_no_number_is_an_error(member: str, kind: str, text: str) -> None:
    (fault,) = faults({member: text})
    assert (fault["code"], fault["status"]) == ("invalid-page-value", "400")
    assert fault["source"] == {"parameter": f"page[{member}]"}
    assert fault["detail"].endswith(f"is no {kind} number.")


@pytest.mark.rule("PAG-07")
def test_numbers_have_bounds() -> None:
    least, beyond, size = faults({"limit": "0", "offset": str(GREATEST + 1), "x": "1"})[:3]
    assert least["meta"] == {"allowed": "a number from 1 to 1000, in digits"}
    assert beyond["meta"] == {"allowed": f"a number from 0 to {GREATEST}, in digits"}
    assert beyond["detail"].startswith("No collection has as many resources as")
    assert size["meta"] == {"allowed": ["page[offset]", "page[limit]"]}
    (fault,) = faults({"limit": "1001"})
    assert (fault["code"], fault["meta"]) == ("page-size-limit", {"limit": 1000})
    assert fault["source"] == {"parameter": "page[limit]"}


@pytest.mark.parametrize(("default", "maximum"), [(0, 10), (11, 10), (1, 2**31)])
def test_a_contradictory_declaration_is_refused(default: int, maximum: int) -> None:
    with pytest.raises(DeclarationError, match="of OffsetPages, 1 <= default <= maximum"):
        OffsetPages(default, maximum)


@pytest.mark.rule("PAG-02", "PAG-03", "PAG-08", "PAG-09")
@pytest.mark.parametrize(
    ("offset", "total", "links"),
    [
        (0, 0, {"first": 0, "last": 0}),
        (0, 50, {"first": 0, "last": 0}),
        (0, 51, {"first": 0, "next": 50, "last": 50}),
        (50, 120, {"first": 0, "prev": 0, "next": 100, "last": 100}),
        (100, 120, {"first": 0, "prev": 50, "last": 100}),
        (7, 120, {"first": 0, "prev": 0, "next": 57, "last": 100}),
        (500, 120, {"first": 0, "prev": 100, "last": 100}),
    ],
)
def test_links_lead_to_pages_that_are_there(offset: int, total: int, links: dict[str, int]) -> None:
    assert offsets(OffsetPage(offset, 50), total) == links


@pytest.mark.rule("PAG-03")
def test_without_a_total_there_is_no_last_page() -> None:
    assert offsets(OffsetPage(50, 50), None) == {"first": 0, "prev": 0}
    assert offsets(OffsetPage(100, 50), None, more=True) == {"first": 0, "prev": 50, "next": 150}
    links = NumberedPages().links("/cdrs", NumberedPage(3, 50), None, more=True)
    numbers = {name: parse_qs(urlsplit(link).query)["page[number]"] for name, link in links.items()}
    assert numbers == {"first": ["1"], "prev": ["2"], "next": ["4"]}


@pytest.mark.rule("PAG-06")
@given(st.integers(1, 12), st.integers(0, 60))
def test_following_next_from_the_first_page_shows_every_row_once(limit: int, total: int) -> None:
    page, seen = OffsetPage(0, limit), list[int]()
    while True:
        seen += range(total)[page.offset : page.offset + page.limit]
        links = offsets(page, total)
        if "next" not in links:
            break
        page = OffsetPage(links["next"], limit)
    assert seen == list(range(total))
    assert page.offset == links["last"]
