"""A count is told as what it is: a number, at least a number, an estimate, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jsonapi_sieve import DeclarationError
from jsonapi_sieve.paging import Capped, CursorPages, NumberedPages, OffsetPages
from tests.paging.listing import SECRET, Item, Listing, database, resource


@pytest.fixture
def listing() -> Iterator[Listing]:
    with database() as session:
        session.add_all(Item(id=number, rank=number, name="a") for number in range(7))
        session.commit()
        yield Listing(session)


def counted(listing: Listing, pages: Any, counting: Any, **options: Any) -> dict[str, Any]:
    """Ask for the first page, counted as the resource does."""
    served = Listing(listing.session, resource(pages, counting=counting, **options))
    statement, values = served.resource.count(served.resource.parse(""), Item)
    return served.get(total=listing.session.scalar(statement, values))


NUMBERED = NumberedPages(default=3)


@pytest.mark.rule("DOC-25")
def test_an_exact_count_has_the_member_of_the_listing(listing: Listing) -> None:
    assert counted(listing, NUMBERED, "exact")["meta"] == {"total-count": 7}
    assert counted(listing, NUMBERED, "exact", total_member="total_records")["meta"] == {"total_records": 7}
    assert counted(listing, CursorPages(SECRET), "exact")["meta"] == {"page": {"total": 7}}


@pytest.mark.parametrize("pages", [NUMBERED, OffsetPages(default=3)])
def test_up_to_its_limit_a_capped_count_is_exact(listing: Listing, pages: Any) -> None:
    document = counted(listing, pages, Capped(7))
    assert document["meta"] == {"total-count": 7}
    assert list(document["links"]) == ["first", "next", "last"]


@pytest.mark.parametrize("pages", [NUMBERED, OffsetPages(default=3)])
def test_beyond_its_limit_a_capped_count_says_more(listing: Listing, pages: Any) -> None:
    document = counted(listing, pages, Capped(6))
    assert document["meta"] == {"page": {"estimatedTotal": {"bestGuess": 7}, "moreThan": 6}}
    assert list(document["links"]) == ["first", "next"]


@pytest.mark.rule("CUR-17")
def test_pages_by_cursor_say_more_too(listing: Listing) -> None:
    document = counted(listing, CursorPages(SECRET), Capped(6))
    assert document["meta"] == {"page": {"estimatedTotal": {"bestGuess": 7}, "moreThan": 6}}


def test_an_estimate_is_no_count(listing: Listing) -> None:
    served = Listing(listing.session, resource(NUMBERED, counting="estimated"))
    document = served.get(total=120)
    assert document["meta"] == {"page": {"estimatedTotal": {"bestGuess": 120}}}
    assert list(document["links"]) == ["first", "next"]
    assert "meta" not in served.get()


def test_nothing_may_be_counted(listing: Listing) -> None:
    served = Listing(listing.session, resource(NUMBERED, counting="none"))
    with pytest.raises(ValueError, match="items are not counted"):
        served.resource.count(served.resource.parse(""), Item)
    assert list(served.get("page[number]=2")["links"]) == ["first", "prev", "next"]
    assert list(served.get("page[number]=3")["links"]) == ["first", "prev"]
    assert "meta" not in served.get()


def test_the_statement_of_an_estimate_is_that_of_the_resource(listing: Listing) -> None:
    estimated = resource(counting="estimated")
    statement, _ = estimated.count(estimated.parse("filter[rank-eq]=3"), Item)
    assert str(statement).startswith("EXPLAIN")


@pytest.mark.parametrize("counting", ["all", "", None, Capped(0), 10_000])
def test_other_ways_of_counting_are_refused(counting: Any) -> None:
    with pytest.raises(DeclarationError, match="is no way of counting"):
        resource(counting=counting)


def test_links_may_be_left_out(listing: Listing) -> None:
    assert "links" not in Listing(listing.session, resource(page_links=False)).get()
