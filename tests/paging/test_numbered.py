from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, QueryErrors
from jsonapi_sieve.paging import NumberedPage, NumberedPages, Page, Pages

PAGES = NumberedPages(default=50, maximum=1000)
GREATEST = 2**31 - 1


def faults(members: Mapping[str, str], pages: NumberedPages = PAGES) -> list[dict[str, object]]:
    with pytest.raises(QueryErrors) as raised:
        pages.parse(members)
    assert raised.value.status == 400
    return [error.to_dict() for error in raised.value.errors]


def numbers_of(number: int, size: int, total: int) -> dict[str, int]:
    """Give the links from a page as page numbers."""
    links = PAGES.links("/cdrs", NumberedPage(number, size), total)
    start, end = "/cdrs?page%5Bnumber%5D=", f"&page%5Bsize%5D={size}"
    assert all(link.startswith(start) and link.endswith(end) for link in links.values())
    return {name: int(link.removeprefix(start).removesuffix(end)) for name, link in links.items()}


def test_they_are_pages_to_the_type_checker_too() -> None:
    pages: Pages = PAGES
    page: Page = pages.parse({})
    assert (pages.maximum, page.limit, page.offset) == (1000, 50, 0)


@pytest.mark.rule("PAG-05")
@pytest.mark.parametrize(
    ("members", "page", "offset"),
    [
        ({}, NumberedPage(1, 50), 0),
        ({"number": "3"}, NumberedPage(3, 50), 100),
        ({"size": "1000"}, NumberedPage(1, 1000), 0),
        ({"size": "1", "number": "7"}, NumberedPage(7, 1), 6),
        ({"size": "007", "number": "0" * 9000 + "2"}, NumberedPage(2, 7), 7),
        ({"number": str(GREATEST), "size": "1000"}, NumberedPage(GREATEST, 1000), (GREATEST - 1) * 1000),
    ],
)
def test_a_page_is_read(members: dict[str, str], page: NumberedPage, offset: int) -> None:
    assert PAGES.parse(members) == page
    assert (page.limit, page.offset) == (page.size, offset)


@pytest.mark.rule("PAG-07")
@pytest.mark.parametrize("member", ["number", "size"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "0",
            "000",
            "-1",
            "+1",
            "-0",
            "1.0",
            "1e3",
            "0x10",
            "1_000",
            " 1",
            "1 ",
            "1\n",
            "one",
            "null",
            "1,2",
        ),
        *("\uff11", "\u0661", "\u00b2", "1\u200b", "\ud800", "0" * 9000, "0" * 9000 + "x", "[1]"),
    ],
)
def test_what_is_no_positive_number_is_an_error(member: str, text: str) -> None:
    (fault,) = faults({member: text})
    assert str(fault.pop("detail")).endswith(" is no positive whole number.")
    assert fault == {
        "status": "400",
        "code": "invalid-page-value",
        "title": "Invalid page value",
        "source": {"parameter": f"page[{member}]"},
        "meta": {"allowed": f"a number from 1 to {GREATEST if member == 'number' else 1000}, in digits"},
    }


@pytest.mark.rule("PAG-07")
@pytest.mark.parametrize("text", ["1001", "99999999999", "9" * 30_000, "0" * 5000 + "1001"])
def test_a_size_over_the_maximum_is_over_a_budget(text: str) -> None:
    (fault,) = faults({"size": text})
    assert str(fault.pop("detail")).endswith("is more than the 1000 resources that a page can hold.")
    assert fault == {
        "status": "400",
        "code": "page-size-limit",
        "title": "Limit exceeded",
        "source": {"parameter": "page[size]"},
        "meta": {"limit": 1000},
    }


@pytest.mark.parametrize("text", [str(GREATEST + 1), "9" * 11, "9" * 30_000, str(2**63), str(2**64 + 1)])
def test_a_number_beyond_every_offset_is_an_error(text: str) -> None:
    (fault,) = faults({"number": text})
    assert fault["code"] == "invalid-page-value"
    assert str(fault["detail"]).startswith("No collection has as many pages as '")


@pytest.mark.rule("PAG-07")
@pytest.mark.parametrize(
    ("member", "near"),
    [("", None), ("foo", None), ("Number", "number"), ("sizes", "size"), ("number ", "number"), ("offset", None)],
)
def test_another_member_is_an_error(member: str, near: str | None) -> None:
    (fault,) = faults({member: "1"})
    assert (fault["code"], fault["source"]) == ("unknown-page-parameter", {"parameter": f"page[{member}]"})
    hint = {"nearest": f"page[{near}]"} if near else {}
    assert fault["meta"] == hint | {"allowed": ["page[number]", "page[size]"]}
    assert str(fault["detail"]).endswith(f"did you mean page[{near}]?" if near else "of this listing.")


def test_every_fault_is_told() -> None:
    codes = [fault["code"] for fault in faults({"size": "2000", "x": "1", "number": "0"})]
    assert codes == ["page-size-limit", "unknown-page-parameter", "invalid-page-value"]


@pytest.mark.parametrize(("default", "maximum"), [(0, 10), (-1, 10), (11, 10), (1, 0), (50, 2**31)])
def test_a_contradictory_declaration_is_refused(default: int, maximum: int) -> None:
    with pytest.raises(DeclarationError, match=rf"default={default} and maximum={maximum}"):
        NumberedPages(default, maximum)


def test_the_farthest_offset_fits_64_bits() -> None:
    page = NumberedPages(1, GREATEST).parse({"number": str(GREATEST), "size": str(GREATEST)})
    assert page.offset + page.limit < 2**63


@pytest.mark.rule("PAG-02", "PAG-03", "PAG-08", "PAG-09")
@pytest.mark.parametrize(
    ("number", "size", "total", "links"),
    [
        (1, 50, 0, {"first": 1, "last": 1}),
        (1, 50, 1, {"first": 1, "last": 1}),
        (1, 50, 50, {"first": 1, "last": 1}),
        (1, 50, 51, {"first": 1, "next": 2, "last": 2}),
        (2, 50, 120, {"first": 1, "prev": 1, "next": 3, "last": 3}),
        (3, 50, 120, {"first": 1, "prev": 2, "last": 3}),
        (4, 50, 120, {"first": 1, "prev": 3, "last": 3}),
        (GREATEST, 50, 120, {"first": 1, "prev": 3, "last": 3}),
        (2, 50, 0, {"first": 1, "prev": 1, "last": 1}),
        (7, 1, 10, {"first": 1, "prev": 6, "next": 8, "last": 10}),
    ],
)
def test_links_lead_to_pages_that_are_there(number: int, size: int, total: int, links: dict[str, int]) -> None:
    told = numbers_of(number, size, total)
    assert told == links
    assert list(told) == [name for name in ("first", "prev", "next", "last") if name in told]


def test_the_links_are_those_of_the_documented_listing() -> None:
    url = "http://example.org/api/rest/customer/v1/cdr-exports"
    link = f"{url}?page%5Bnumber%5D=1&page%5Bsize%5D=50"
    assert PAGES.links(url, PAGES.parse({}), total=2) == {"first": link, "last": link}


@pytest.mark.rule("PAG-06")
@given(st.integers(1, 12), st.integers(0, 60))
def test_following_next_from_the_first_page_shows_every_row_once(size: int, total: int) -> None:
    number, seen = 1, list[int]()
    while True:
        page = NumberedPage(number, size)
        seen += range(total)[page.offset : page.offset + page.limit]
        links = numbers_of(number, size, total)
        assert links.get("prev", number) == max(1, number - 1)
        if "next" not in links:
            break
        number = links["next"]
    assert seen == list(range(total))
    assert number == links["last"]
