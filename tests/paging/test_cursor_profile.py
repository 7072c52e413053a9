"""Pages by cursor keep to their profile, each rule by its number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, selectinload

from jsonapi_sieve import CompileError, DeclarationError, NotRenderable, QueryErrors, Sort, SortKey
from jsonapi_sieve.backends.python import compile_python_order
from jsonapi_sieve.backends.sqlalchemy import compile_order_by
from jsonapi_sieve.paging import CursorPage, CursorPages
from jsonapi_sieve.resource import Resource
from tests.paging.listing import (
    PATH,
    SECRET,
    Group,
    Item,
    ItemSchema,
    Listing,
    RecentFilters,
    cursor,
    database,
    ids,
    resource,
)

PROFILE = "https://jsonapi.org/profiles/ethanresnick/cursor-pagination/"
NOW = datetime(2024, 7, 17, 12, tzinfo=UTC)
RANKS = [3, None, 1, 2, None, 2, 3, 1, 1, 2]
"""Of the items 1 to 10: every rank is shared by several."""

BY_RANK = [3, 8, 9, 4, 6, 10, 1, 7, 2, 5]


@pytest.fixture
def listing() -> Iterator[Listing]:
    with database() as session:
        session.add_all([Group(id=1, name="b"), Group(id=2, name="a"), Group(id=3, name=None)])
        session.add_all(
            Item(id=number, rank=rank, name="xyz"[number % 3], group_id=number % 4 or None)
            for number, rank in enumerate(RANKS, 1)
        )
        session.commit()
        session.expunge_all()
        yield Listing(session)


def table(*columns: sa.Column[Any], rank: Any = sa.Integer) -> sa.Table:
    return sa.Table("items", sa.MetaData(), *columns, sa.Column("rank", rank), sa.Column("name", sa.String))


class Untold(sa.types.UserDefinedType[object]):
    cache_ok = True

    @property
    def python_type(self) -> type:
        raise NotImplementedError  # as SQLAlchemy 2.0 has it for types that do not say


class Holding(sa.types.UserDefinedType[object]):
    cache_ok = True

    def __init__(self, held: Any) -> None:
        self.held = held

    @property
    def python_type(self) -> Any:
        return self.held


ID = sa.Integer


def served(listing: Listing, pages: CursorPages, **options: Any) -> Listing:
    """Give the same items with other pages."""
    return Listing(listing.session, resource(pages, **options))


def delete(session: Session, *numbers: int) -> None:
    for number in numbers:
        session.delete(session.get_one(Item, number))
    session.commit()
    session.expunge_all()


SORTS = ["rank", "-rank", "name", "-name,rank", "rank,-name", "group.name", "-group.name,rank", "group.name,-rank"]


@pytest.mark.rule("CUR-01", "PAG-04", "SRT-04", "SRT-05")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_walk_shows_every_row_once_and_in_order(listing: Listing, sort: str, size: int) -> None:
    order = listing.resource.parse(f"sort={sort}").order
    expected = [item.id for item in listing.session.query(Item).order_by(*compile_order_by(order, Item))]
    there = listing.walk(f"sort={sort}&page[size]={size}")
    assert list(chain.from_iterable(there)) == expected
    assert [len(page) for page in there[:-1]] == [size] * (len(there) - 1)
    last = listing.get(f"sort={sort}&page[size]={size}")["links"]["last"]
    back = listing.walk(last, "prev")
    assert list(chain.from_iterable(reversed(back))) == expected


@pytest.mark.rule("CUR-01")
def test_without_a_sort_pages_are_in_the_order_of_the_primary_key(listing: Listing) -> None:
    assert listing.walk("page[size]=4") == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]


@pytest.mark.rule("CUR-02", "ERR-11")
def test_an_order_that_no_index_serves_may_be_refused(listing: Listing) -> None:
    indexed = served(listing, CursorPages(SECRET, sorts=("-rank,name",)))
    assert len(ids(indexed.get("sort=-rank,name"))) == len(ids(indexed.get("sort=rank,-name"))) == 10
    assert len(ids(indexed.get())) == 10
    (fault,) = indexed.faults("sort=name")
    assert fault["status"] == "400"
    assert fault["source"] == {"parameter": "sort"}
    assert fault["links"] == {"type": f"{PROFILE}unsupported-sort"}
    assert fault["meta"] == {"allowed": ["-rank,name"]}


def test_an_order_that_nobody_asks_for_is_not_refused(listing: Listing) -> None:
    by_name = served(listing, CursorPages(SECRET, sorts=("rank",)), sort=Sort("rank", "name", default="name"))
    assert len(ids(by_name.get())) == 10
    assert [fault["code"] for fault in by_name.faults("sort=name")] == ["unsupported-sort"]


@pytest.mark.parametrize("sort", [Sort("rank"), None])
def test_an_order_that_is_served_is_one_of_the_sort(sort: Sort | None) -> None:
    with pytest.raises(DeclarationError, match=r"the pages serve the order '-rank,nam', which the sort does not have"):
        resource(CursorPages(SECRET, sorts=("-rank,nam",)), sort=sort)


@pytest.mark.rule("CUR-03")
def test_a_cursor_outlives_its_row(listing: Listing) -> None:
    first = listing.get("sort=rank")
    delete(listing.session, ids(first)[-1])
    assert ids(listing.get(first["links"]["next"])) == BY_RANK[3:6]


@pytest.mark.rule("CUR-04", "PAG-07")
@pytest.mark.parametrize("size", ["0", "-1", "1.0", "", "٣", "+5", " 5", "1e1", "\uff11", "five"])
def test_a_size_is_a_positive_number_in_digits(listing: Listing, size: str) -> None:
    (fault,) = listing.faults(f"page[size]={size}".replace("+", "%2B"))
    assert (fault["status"], fault["source"]) == ("400", {"parameter": "page[size]"})


@pytest.mark.rule("CUR-04")
def test_a_size_may_begin_with_zeros(listing: Listing) -> None:
    assert len(ids(listing.get("page[size]=007"))) == 7


@pytest.mark.rule("CUR-05", "ERR-12")
@pytest.mark.parametrize("size", ["11", "9" * 1000])
def test_a_size_above_the_greatest_is_told_and_not_cut(listing: Listing, size: str) -> None:
    (fault,) = listing.faults(f"page[size]={size}")
    assert (fault["status"], fault["code"]) == ("400", "max-size-exceeded")
    assert fault["source"] == {"parameter": "page[size]"}
    assert fault["meta"] == {"page": {"maxSize": 10}}
    assert fault["links"] == {"type": f"{PROFILE}max-size-exceeded"}


@pytest.mark.rule("CUR-06")
@pytest.mark.parametrize(("default", "maximum"), [(0, 10), (11, 10), (-1, 10)])
def test_the_default_size_lies_between_one_and_the_greatest(default: int, maximum: int) -> None:
    with pytest.raises(DeclarationError, match="of CursorPages, 1 <= default <= maximum"):
        CursorPages(SECRET, default, maximum)


def test_one_row_more_than_the_page_is_fetched_and_none_is_skipped(listing: Listing) -> None:
    page = listing.resource.parse("page[size]=5").page
    assert page is not None
    assert (page.limit, page.offset) == (6, 0)


@pytest.mark.rule("CUR-06", "CUR-07")
def test_a_page_is_as_long_as_its_size(listing: Listing) -> None:
    assert [len(ids(listing.get(query))) for query in ("", "page[size]=1", "page[size]=10")] == [3, 1, 10]


@pytest.mark.rule("CUR-09", "CUR-10", "CUR-11")
def test_pages_lie_beside_their_cursors(listing: Listing) -> None:
    second = listing.get(listing.get("sort=rank")["links"]["next"])
    after, before = cursor(second["links"]["next"]), cursor(second["links"]["prev"])
    assert ids(listing.get("sort=rank")) == BY_RANK[:3]
    assert ids(second) == BY_RANK[3:6]
    assert ids(listing.get(f"sort=rank&page[size]=2&page[after]={after}")) == BY_RANK[6:8]
    assert ids(listing.get(f"sort=rank&page[size]=2&page[before]={before}")) == BY_RANK[1:3]
    delete(listing.session, *BY_RANK[:3], *BY_RANK[6:])
    assert ids(listing.get(f"sort=rank&page[after]={after}")) == []
    assert ids(listing.get(f"sort=rank&page[before]={before}")) == []


@pytest.mark.rule("CUR-12")
def test_ranges_may_be_refused(listing: Listing) -> None:
    pages = served(listing, CursorPages(SECRET, default=3, ranges=False))
    second = pages.get(pages.get()["links"]["next"])
    both = f"page[after]={cursor(second['links']['prev'])}&page[before]={cursor(second['links']['next'])}"
    (fault,) = pages.faults(both)
    assert fault["links"] == {"type": f"{PROFILE}range-pagination-not-supported"}
    assert (fault["status"], fault["source"]) == ("400", {"parameter": "page[before]"})


@pytest.mark.rule("CUR-12", "CUR-13", "CUR-18")
def test_ranges(listing: Listing) -> None:
    told = served(listing, CursorPages(SECRET, default=2, maximum=4, item_cursors=True))
    cursors = item_cursors(told)

    def between(after: int, before: int, size: str = "") -> dict[str, Any]:
        return told.get(f"sort=rank&page[after]={cursors[after]}&page[before]={cursors[before]}{size}")

    assert ids(between(0, 5)) == BY_RANK[1:5]
    assert "meta" not in between(0, 5)
    longer = between(0, 6)
    assert ids(longer) == BY_RANK[1:5]
    assert longer["meta"] == {"page": {"rangeTruncated": True}}
    assert cursor(longer["links"]["next"]) == cursors[4]
    assert ids(between(3, 5, "&page[size]=3")) == BY_RANK[4:5]
    # Where there is nothing between, the neighbours are still found.
    for after, before in [(4, 5), (5, 5), (7, 2)]:
        empty = between(after, before)
        assert ids(empty) == []
        assert ids(told.get(empty["links"]["prev"])) == BY_RANK[: after + 1][-4:]
        assert ids(told.get(empty["links"]["next"])) == BY_RANK[after + 1 :][:4]
    # The end is a cursor too.
    end = cursor(told.get("sort=rank")["links"]["last"])
    rest = told.get(f"sort=rank&page[after]={cursors[7]}&page[before]={end}")
    assert ids(rest) == BY_RANK[8:]
    assert rest["links"]["next"] is None


@pytest.mark.rule("CUR-13")
def test_the_default_size_of_a_range_is_the_greatest(listing: Listing) -> None:
    end = cursor(listing.get()["links"]["last"])
    first = cursor(listing.get("page[size]=1")["links"]["next"])
    assert len(ids(listing.get(f"page[after]={first}&page[before]={end}"))) == 9


def item_cursors(told: Listing) -> list[str]:
    return [item["meta"]["page"]["cursor"] for page in walked(told, "sort=rank") for item in page["data"]]


def walked(listing: Listing, url: str) -> Iterator[dict[str, Any]]:
    document = listing.get(url)
    yield document
    while document["links"]["next"] is not None:
        document = listing.get(document["links"]["next"])
        yield document


@pytest.mark.rule("CUR-14", "PAG-01", "PAG-02", "PAG-03")
def test_every_page_has_its_links(listing: Listing) -> None:
    for url in ("", "sort=rank", "filter[rank-eq]=99"):
        for document in walked(listing, url):
            assert list(document["links"]) == ["first", "prev", "next", "last"]


@pytest.mark.rule("CUR-15")
@pytest.mark.parametrize(("number", "size"), [(0, 3), (3, 3), (3, 2), (4, 3), (1, 1)])
def test_links_that_lead_nowhere_are_null(number: int, size: int) -> None:
    with database() as session:
        session.add_all(Item(id=one, name="a") for one in range(number))
        session.commit()
        listing = Listing(session)
        first = listing.get(f"page[size]={size}")
        assert first["links"]["prev"] is None
        assert (first["links"]["next"] is None) is (number <= size)
        last = listing.get(first["links"]["last"])
        assert last["links"]["next"] is None
        assert (last["links"]["prev"] is None) is (number <= size)
        assert ids(last) == list(range(number))[-size:]


@pytest.mark.rule("CUR-15", "PAG-08", "PAG-09")
def test_from_an_empty_page_a_way_leads_back(listing: Listing) -> None:
    second = listing.get(listing.get("sort=rank")["links"]["next"])
    after, before = second["links"]["next"], second["links"]["prev"]
    delete(listing.session, *BY_RANK[6:])
    beyond = listing.get(after)
    assert (ids(beyond), beyond["links"]["next"]) == ([], None)
    assert ids(listing.get(beyond["links"]["prev"])) == BY_RANK[3:6]
    delete(listing.session, *BY_RANK[:3])
    ahead = listing.get(before)
    assert (ids(ahead), ahead["links"]["prev"]) == ([], None)
    assert ids(listing.get(ahead["links"]["next"])) == BY_RANK[3:6]


@pytest.mark.rule("CUR-16")
def test_items_may_tell_their_cursors(listing: Listing) -> None:
    told = served(listing, CursorPages(SECRET, default=3, item_cursors=True))
    cursors = item_cursors(told)
    assert [ids(told.get(f"sort=rank&page[size]=1&page[after]={text}")) for text in cursors] == [
        *([number] for number in BY_RANK[1:]),
        [],
    ]
    assert "meta" not in listing.get()["data"][0]


@pytest.mark.rule("CUR-16")
def test_the_cursor_of_an_item_stands_beside_its_own_meta() -> None:
    class WithMeta(Schema):
        id = fields.Str()
        resource_meta = fields.ResourceMeta()

        class Meta:
            type_ = "items"

    told = Resource(WithMeta, pages=CursorPages(SECRET, item_cursors=True))
    row = {"id": 1, "resource_meta": {"seen": True}}
    (item,) = json.loads(told.render([row], told.parse(""), url=PATH))["data"]
    assert item["meta"] == {"seen": True, "page": item["meta"]["page"]}


@pytest.mark.rule("CUR-17", "CUR-18")
def test_totals_stand_where_the_profile_has_them(listing: Listing) -> None:
    assert listing.get(total=10)["meta"] == {"page": {"total": 10}}
    assert "meta" not in listing.get()
    estimated = served(listing, CursorPages(SECRET), counting="estimated")
    assert estimated.get(total=12)["meta"] == {"page": {"estimatedTotal": {"bestGuess": 12}}}


@pytest.mark.rule("CUR-13", "CUR-17")
def test_a_truncated_range_is_counted_too(listing: Listing) -> None:
    first = cursor(listing.get("page[size]=1")["links"]["next"])
    end = cursor(listing.get()["links"]["last"])
    document = listing.get(f"page[size]=2&page[after]={first}&page[before]={end}", total=10)
    assert document["meta"] == {"page": {"total": 10, "rangeTruncated": True}}


@pytest.mark.rule("PAG-06", "CUR-20")
def test_links_keep_what_was_asked_for(listing: Listing) -> None:
    url = f"{PATH}?filter[name-in]=x,y&sort=-rank&fields[items]=name&page[size]=2"
    seen = [item for page in walked(listing, url) for item in page["data"]]
    assert {item["attributes"]["name"] for item in seen} == {"x", "y"}
    assert all(item["attributes"].keys() == {"name"} for item in seen)
    last = listing.get(url)["links"]["last"]
    assert last.startswith(f"{PATH}?filter%5Bname-in%5D=x%2Cy&sort=-rank&fields%5Bitems%5D=name&page%5Bbefore%5D=")
    assert last.endswith("&page%5Bsize%5D=2")


@pytest.mark.rule("CN-04")
def test_the_profile_holds_for_the_answer(listing: Listing) -> None:
    assert listing.resource.parse("").profiles == (PROFILE,)


@pytest.mark.rule("CUR-08", "CUR-20")
def test_a_cursor_of_another_request_says_what_differs(listing: Listing) -> None:
    text = cursor(listing.get("sort=rank&filter[name-in]=x,y,z")["links"]["next"])
    for query, detail in [
        ("sort=-rank&filter[name-in]=x,y,z", "another order"),
        ("filter[name-in]=x,y,z", "another order"),
        ("sort=rank&filter[name-in]=x,y", "other filters"),
        ("sort=rank", "other filters"),
        ("sort=rank&filter[name-in]=x,y,z&filter[rank-eq]=1", "other filters"),
    ]:
        for member in ("after", "before"):
            (fault,) = listing.faults(f"{query}&page[{member}]={text}")
            assert (fault["code"], fault["status"]) == ("invalid-cursor", "400")
            assert fault["source"] == {"parameter": f"page[{member}]"}
            assert f"The cursor was given for {detail}" in fault["detail"]
    # Spelled in another way it is the same request.
    assert ids(listing.get(f"page[after]={text}&filter[name_in]=x,y,z&sort=rank")) == BY_RANK[3:6]


@pytest.mark.rule("CUR-08", "CUR-20")
def test_a_cursor_of_another_type_is_refused(listing: Listing) -> None:
    class ThingSchema(ItemSchema):
        class Meta:
            type_ = "things"

    text = cursor(listing.get()["links"]["next"])
    other = Listing(listing.session, resource(schema=ThingSchema))
    (fault,) = other.faults(f"page[after]={text}")
    assert fault["detail"] == "The cursor was given for items, not for things."


@pytest.mark.rule("CUR-08")
def test_nothing_comes_after_the_end(listing: Listing) -> None:
    (fault,) = listing.faults(f"page[after]={cursor(listing.get()['links']['last'])}")
    assert fault["detail"] == "The cursor stands for the end, which nothing comes after."


@pytest.mark.rule("CUR-08", "ERR-10")
def test_where_a_filter_or_the_sort_is_wrong_the_cursor_is_not_blamed(listing: Listing) -> None:
    text = cursor(listing.get("sort=rank&filter[name-eq]=x&page[size]=1")["links"]["next"])
    wrong = listing.faults(f"sort=size&filter[name-eq]=x,y&page[after]={text}&page[before]=x&page[size]=0&page[no]=1")
    assert [fault["source"]["parameter"] for fault in wrong] == [
        "filter[name-eq]",
        "sort",
        "page[size]",
        "page[no]",
        "page[before]",
    ]


def test_members_that_are_none_are_told(listing: Listing) -> None:
    (fault,) = listing.faults("page[afte]=x")
    assert fault["code"] == "unknown-page-parameter"
    assert fault["meta"] == {
        "nearest": "page[after]",
        "allowed": ["page[size]", "page[after]", "page[before]"],
    }


@pytest.mark.rule("CUR-20")
def test_all_pages_of_a_walk_count_from_one_moment() -> None:
    with database() as session:
        session.add_all(Item(id=number, name="a", made_at=NOW - timedelta(minutes=number)) for number in range(1, 50))
        session.commit()
        recent = Listing(session, resource(filters=RecentFilters(), sort=None))
        first = recent.get("page[size]=10", now=NOW)
        assert ids(first) == list(range(1, 11))
        # Without the moment of the first page, all but nine would be older than an hour by now.
        later = NOW + timedelta(minutes=50, seconds=30)
        second = recent.get(first["links"]["next"], now=later)
        assert ids(second) == list(range(11, 21))
        assert ids(recent.get(second["links"]["prev"], now=later)) == list(range(1, 11))
        assert ids(recent.get("page[size]=10", now=later)) == list(range(1, 10))
        # A walk begins at the present moment where the application names none.
        assert ids(recent.get("page[size]=10")) == []
        (fault,) = recent.faults("page[after]=x&page[size]=10", now=later)
        assert fault["code"] == "invalid-cursor"


@pytest.mark.rule("CUR-20")
def test_defaults_are_no_part_of_what_a_cursor_is_bound_to() -> None:
    with database() as session:
        recent = Listing(session, resource(filters=RecentFilters()))
        pages = [recent.resource.parse("filter[rank-eq]=1", now=NOW + timedelta(days=days)).page for days in (0, 1)]
        assert all(isinstance(page, CursorPage) for page in pages)
        digests = {page.walk.filters for page in pages if isinstance(page, CursorPage)}
        assert len(digests) == 1


@pytest.mark.rule("CUR-20")
def test_a_cursor_says_nothing_of_what_a_client_may_see(listing: Listing) -> None:
    text = cursor(listing.get()["links"]["next"])
    narrowed = listing.resource.parse(f"page[after]={text}").within(RecentFilters.rank.eq(2))
    rows = listing.session.scalars(*listing.resource.statement(narrowed, Item)).all()
    assert [row.id for row in rows] == [4, 6, 10]


def test_a_default_order_by_what_is_hidden_does_not_get_into_cursors(listing: Listing) -> None:
    hidden = served(listing, CursorPages(SECRET, default=3), sort=Sort("rank", "name", default=("rank", "name")))
    order = hidden.resource.parse("", visible=lambda name: name != "rank").order
    assert order == (SortKey("name"),)
    assert hidden.resource.parse("").order == (SortKey("rank"), SortKey("name"))


def test_the_end_of_a_long_query_string_is_not_looked_for(listing: Listing) -> None:
    with pytest.raises(QueryErrors) as raised:
        listing.resource.parse("page[after]=x&" * 6000)
    assert raised.value.status == 414


def test_the_order_of_python_is_that_of_the_database(listing: Listing) -> None:
    order = listing.resource.parse("sort=group.name,-rank").order
    rows = listing.session.query(Item).options(selectinload(Item.group)).all()
    expected = [item.id for item in listing.session.query(Item).order_by(*compile_order_by(order, Item))]
    assert [row.id for row in compile_python_order(order)(rows)] == expected


@pytest.mark.parametrize("secret", ["", b"", [], ["a", ""]])
def test_a_secret_is_needed(secret: Any) -> None:
    with pytest.raises(DeclarationError, match="needs a secret"):
        CursorPages(secret)


def test_cursors_are_fit_for_urls(listing: Listing) -> None:
    text = cursor(listing.get("sort=name")["links"]["next"])
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", text)


def test_what_the_application_says_of_a_page_stands_beside_what_the_listing_says() -> None:
    rows, query = [{"id": 1}], resource().parse("")
    for given, shown in (
        ({"page": {"note": 1}}, {"page": {"note": 1, "total": 3}}),
        ({"page": {"total": 9}, "other": 2}, {"page": {"total": 3}, "other": 2}),
        ({"page": 7}, {"page": {"total": 3}}),
    ):
        row = {"rank": 1, "name": "a", **rows[0]}
        assert json.loads(resource().render([row], query, url=PATH, total=3, meta=given))["meta"] == shown


def test_a_page_with_a_row_that_no_cursor_can_hold_tells_none() -> None:
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 15_000)))
    served = resource(CursorPages(SECRET, default=2, item_cursors=True))
    rows = [{"id": number, "rank": 1, "name": name} for number, name in ((1, long), (2, "short"), (3, "short"))]
    document = json.loads(served.render(rows, served.parse("sort=name"), url=PATH))
    assert [item.get("meta") for item in document["data"]] == [None, None]
    assert "page%5Bafter%5D" in document["links"]["next"]
    with pytest.raises(NotRenderable):  # a walk would lose what follows
        served.render([rows[1], rows[0], rows[2]], served.parse("sort=name"), url=PATH)


@pytest.mark.parametrize(
    ("target", "keys", "message"),
    [
        (
            table(sa.Column("id", ID, primary_key=True), sa.Column("other", ID, primary_key=True)),
            "sort=-rank",
            "hold rank, id, which is no place in a total order without other: name the whole primary key",
        ),
        (
            table(sa.Column("number", ID, primary_key=True), sa.Column("id", ID)),
            "",
            "hold id, which is no place in a total order without number: name the whole primary key",
        ),
        (
            table(sa.Column("id", ID, primary_key=True), rank=sa.LargeBinary),
            "sort=rank",
            "a cursor cannot hold bytes, which rank sorts by",
        ),
        (
            table(sa.Column("id", ID, primary_key=True), rank=sa.JSON),
            "sort=rank",
            "a cursor cannot hold JSON, which rank sorts by",
        ),
        (
            table(sa.Column("id", ID, primary_key=True), rank=JSONB),
            "sort=rank",
            "a cursor cannot hold JSONB, which rank sorts by",
        ),
        (
            table(sa.Column("id", ID, primary_key=True), rank=sa.ARRAY(sa.Integer)),
            "sort=rank",
            "a cursor cannot hold ARRAY, which rank sorts by",
        ),
        (
            table(sa.Column("id", ID, primary_key=True), rank=Holding(list[str])),
            "sort=rank",
            "a cursor cannot hold list, which rank sorts by",
        ),
    ],
)
def test_what_later_pages_need_is_asked_of_the_first(target: Any, keys: str, message: str) -> None:
    served = resource()
    with pytest.raises(CompileError, match=message):
        served.statement(served.parse(keys), target)


@pytest.mark.parametrize("rank", [Untold(), Holding(None), Holding(int | None)])
def test_a_type_that_does_not_say_what_it_holds_is_taken(rank: sa.types.UserDefinedType[object]) -> None:
    served = resource()
    target = table(sa.Column("id", ID, primary_key=True), rank=rank)
    statement, _ = served.statement(served.parse("sort=rank"), target)
    assert "rank" in str(statement)
