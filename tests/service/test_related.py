"""Relationships to many, which the domain has none of: a small API of lists and their entries has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import fields
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from jsonapi_sieve import Default, Field, FilterSet, Sort, types
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship, Schema
from jsonapi_sieve.service import Api, Endpoint, open_engine
from tests.service.running import Service, errors_of, service_of

ENTRIES = 30


class Base(DeclarativeBase):
    pass


class PriceList(Base):
    __tablename__ = "lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[list[Entry]] = relationship(back_populates="list", order_by="Entry.id")


class Entry(Base):
    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    list_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lists.id"))
    list: Mapped[PriceList | None] = relationship(back_populates="entries")


def links(of: str, name: str) -> dict[str, Any]:
    return {
        "self_url": f"/api/{of}/{{id}}/relationships/{name}",
        "self_url_kwargs": {"id": "<id>"},
        "related_url": f"/api/{of}/{{id}}/{name}",
        "related_url_kwargs": {"id": "<id>"},
    }


class EntrySchema(Schema):
    id = fields.Str()
    prefix = fields.Str()
    list = Relationship(type_="lists", schema="ListSchema", attribute="list", **links("entries", "list"))

    class Meta:
        type_ = "entries"
        self_url = "/api/entries/{id}"
        self_url_kwargs = {"id": "<id>"}  # noqa: RUF012  (marshmallow's own way to say it)


class ListSchema(Schema):
    id = fields.Str()
    entries = Relationship(type_="entries", schema=EntrySchema, many=True, **links("lists", "entries"))

    class Meta:
        type_ = "lists"
        self_url = "/api/lists/{id}"
        self_url_kwargs = {"id": "<id>"}  # noqa: RUF012


class EntryFilters(FilterSet):
    prefix = Field(types.Text())
    rules = (Default("prefix_eq", "none has it"),)


NUMBER = Field(types.Integer(64), name="id")
API = Api(
    "/api",
    header="Authorization",
    audience="customer-v1",
    endpoints=(
        Endpoint(Resource(ListSchema, include=("entries", "entries.list"), counting="none"), PriceList, NUMBER, None),
        Endpoint(
            Resource(
                EntrySchema,
                filters=EntryFilters(),
                sort=Sort("prefix"),
                pages=NumberedPages(default=20),
                include=("list",),
            ),
            Entry,
            NUMBER,
            None,
        ),
    ),
)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('lists') / 'lists.sqlite'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([PriceList(id=1), PriceList(id=2)])
        session.flush()
        session.add_all([Entry(id=number, prefix=f"{number:02}", list_id=1) for number in range(1, ENTRIES + 1)])
        session.add(Entry(id=99, prefix="99", list_id=None))
        session.commit()
    with service_of(engine, apis=[API]) as running:
        yield running
    engine.dispose()


def document(service: Service, path: str) -> Any:
    response = service.get(f"/api{path}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.rule("FET-01", "FET-04", "LNK-04", "DOC-18")
def test_what_a_relationship_to_many_leads_to_is_a_listing_of_its_own(lists: Service) -> None:
    page = document(lists, "/lists/1/entries")
    assert [resource["id"] for resource in page["data"]] == [str(number) for number in range(1, 21)]
    assert page["meta"] == {"total-count": ENTRIES}
    assert {resource["type"] for resource in page["data"]} == {"entries"}
    rest = lists.get(page["links"]["next"].removeprefix(lists.url)).json()
    assert [resource["id"] for resource in rest["data"]] == [str(number) for number in range(21, 31)]
    found = document(lists, "/lists/1/entries?filter[prefix-in]=29,30&sort=-prefix&include=list&fields[entries]=prefix")
    assert [resource["attributes"] for resource in found["data"]] == [{"prefix": "30"}, {"prefix": "29"}]
    assert [resource["id"] for resource in found["included"]] == ["1"]


@pytest.mark.rule("FET-01", "FET-02", "FET-04")
def test_what_is_empty_is_a_list_or_null(lists: Service) -> None:
    assert document(lists, "/lists/2/entries")["data"] == []
    assert document(lists, "/lists/2/relationships/entries")["data"] == []
    assert document(lists, "/entries/99/list")["data"] is None
    assert document(lists, "/entries/99/relationships/list")["data"] is None


@pytest.mark.rule("FET-04", "DOC-17", "DOC-19", "LNK-04")
def test_the_linkage_of_a_relationship_to_many_is_whole(lists: Service) -> None:
    linkage = document(lists, "/lists/1/relationships/entries")
    assert linkage["data"] == [{"type": "entries", "id": str(number)} for number in range(1, ENTRIES + 1)]
    (resource,) = (each for each in document(lists, "/lists")["data"] if each["id"] == "1")
    assert list(linkage["links"]) == ["self", "related"]
    for link, path in zip(linkage["links"].values(), ("relationships/entries", "entries"), strict=True):
        assert link == f"{lists.url}/api/lists/1/{path}"
    assert resource["relationships"]["entries"]["links"] == linkage["links"]


@pytest.mark.rule("FET-03", "FET-04", "INC-01")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lists/3/entries", 404),
        ("/lists/3/relationships/entries", 404),
        ("/lists/1/nothing", 404),
        ("/lists/1/entries?filter[id]=1", 400),
        ("/lists/1/relationships/entries?include=entries", 400),
        ("/entries/1/list?page[size]=1", 400),
    ],
)
def test_what_is_not_there_or_cannot_be_asked(lists: Service, path: str, status: int) -> None:
    errors_of(lists.get(f"/api{path}"), status)


@pytest.mark.rule("DOC-22", "DOC-23", "INC-06")
def test_a_path_through_many_leads_back_to_one(lists: Service) -> None:
    included = document(lists, "/lists?include=entries.list")
    assert [resource["id"] for resource in included["data"]] == ["1", "2"]
    assert {resource["type"] for resource in included["included"]} == {"entries"}
    assert len(included["included"]) == ENTRIES


def test_what_nobody_counts_is_shown_without_a_count(lists: Service) -> None:
    assert list(document(lists, "/lists")) == ["data"]
