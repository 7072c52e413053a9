import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from jsonapi_sieve import TRUE, And, DeclarationError, Default, Field, FilterSet, Limits, QueryErrors, Sort, types
from jsonapi_sieve.document import Link, TopLevel
from jsonapi_sieve.filters import FILTER_GROUPS
from jsonapi_sieve.negotiation import check_accept
from jsonapi_sieve.paging import CursorPages, NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.testing import assert_document

URL = "http://example.org/calls?filter[duration-gt]=1"


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Call(Base):
    __tablename__ = "calls"
    id: Mapped[int] = mapped_column(primary_key=True)
    duration: Mapped[int | None]
    src_name: Mapped[str]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    account: Mapped[Account] = relationship(lazy="raise")


def dasherize(name: str) -> str:
    return name.replace("_", "-")


class AccountSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "accounts"
        inflect = dasherize


class CallSchema(Schema):
    id = fields.Str(dump_only=True)
    duration = fields.Int()
    src_name = fields.Str(required=True)
    account = fields.Relationship(
        attribute="account_id",
        type_="accounts",
        schema=AccountSchema,
        self_url="/calls/{id}/relationships/account",
        self_url_kwargs={"id": "<id>"},
        related_url="/calls/{id}/account",
        related_url_kwargs={"id": "<id>"},
    )

    class Meta:
        type_ = "calls"
        inflect = dasherize
        self_url = "/calls/{id}"
        self_url_kwargs = {"id": "<id>"}  # noqa: RUF012  (marshmallow's own way to say it)


class OtherAccountSchema(AccountSchema):
    pass


class OddSchema(CallSchema):
    payer = fields.Relationship(type_="accounts", schema=OtherAccountSchema)
    other = fields.Relationship(type_="others", schema=AccountSchema)
    bare = fields.Relationship(type_="accounts")
    transfers = fields.Relationship(attribute="transfer_ids", type_="calls", many=True)


class CallFilters(FilterSet):
    id = Field(types.Integer(32), operators=(), bare="in")
    duration = Field(types.Integer(32), nullable=True)
    src_name = Field(types.Text())


def make(**options: Any) -> Resource:
    settings: dict[str, Any] = {
        "schema": CallSchema,
        "filters": CallFilters(),
        "sort": Sort("duration", "src_name", default="-duration"),
        "pages": NumberedPages(default=2, maximum=3),
        "include": ("account",),
    }
    return Resource(**(settings | options))


CALLS = make()


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Account(id=1, name="North"), Account(id=2, name="South")])
        session.add_all(
            [Call(id=number, duration=number, src_name=f"n{number}", account_id=1 + number % 2) for number in range(5)]
        )
        session.flush()
        session.expunge_all()
        yield session
    engine.dispose()


def listing(session: Session, query_string: str, resource: Resource = CALLS, **options: Any) -> Any:
    query = resource.parse(query_string, **options)
    rows = session.scalars(*resource.statement(query, Call)).all()
    total = session.scalar(*resource.count(query, Call))
    document = json.loads(resource.render(rows, query, url=f"http://example.org/calls?{query_string}", total=total))
    assert_document(document)
    return document


def faults(call: Any) -> list[tuple[str, object]]:
    with pytest.raises(QueryErrors) as caught:
        call()
    return [(error.code, error.at) for error in caught.value.errors]


@pytest.mark.rule("DOC-06", "FET-01")
def test_a_listing_is_filtered_sorted_paged_counted_and_linked(session: Session) -> None:
    document = listing(session, "filter[duration-gteq]=1&sort=duration&page[number]=2")
    assert list(document) == ["data", "meta", "links"]
    assert [item["id"] for item in document["data"]] == ["3", "4"]
    assert document["meta"] == {"total-count": 4}
    assert list(document["links"]) == ["first", "prev", "last"]
    assert document["links"]["last"] == (
        "http://example.org/calls?filter%5Bduration-gteq%5D=1&sort=duration&page%5Bnumber%5D=2&page%5Bsize%5D=2"
    )


@pytest.mark.rule("DOC-09", "DOC-16")
def test_resource_objects_have_their_members_in_the_order_of_the_documents(session: Session) -> None:
    [item] = listing(session, "filter[id]=3")["data"]
    assert list(item) == ["id", "type", "links", "attributes", "relationships"]
    assert item["attributes"] == {"duration": 3, "src-name": "n3"}
    assert item["relationships"]["account"]["links"]["related"] == "http://example.org/calls/3/account"
    assert item["links"] == {"self": "http://example.org/calls/3"}


def test_the_default_order_and_page_hold_without_parameters(session: Session) -> None:
    assert [item["id"] for item in listing(session, "")["data"]] == ["4", "3"]


@pytest.mark.rule("ERR-10", "QRY-11")
def test_every_family_gives_its_faults_at_once() -> None:
    query = "filter[duration-eq]=x&filter[no-eq]=1&sort=size&page[size]=9&include=owner&fields[calls]=size"
    assert faults(lambda: CALLS.parse(query)) == [
        ("invalid-value", "filter[duration-eq]"),
        ("unknown-filter", "filter[no-eq]"),
        ("unknown-sort-key", "sort"),
        ("page-size-limit", "page[size]"),
        ("unknown-include", "include"),
        ("unknown-field", "fields[calls]"),
    ]


@pytest.mark.rule("FIL-03", "INC-01", "QRY-07")
def test_a_resource_without_parameters_takes_none() -> None:
    bare = Resource(AccountSchema)
    query = "filter[name-eq]=a&sort=name&page[size]=1&include=owner"
    assert [at for _, at in faults(lambda: bare.parse(query))] == ["filter[name-eq]", "sort", "page[size]", "include"]
    assert bare.parse("fields[accounts]=name").page is None


def test_a_resource_without_pages_has_all_rows_and_no_page_links(session: Session) -> None:
    document = listing(session, "", make(pages=None))
    assert len(document["data"]) == 5
    assert list(document) == ["data", "meta"]


@pytest.mark.rule("DOC-25")
def test_links_and_the_name_of_the_total_are_a_matter_of_choice(session: Session) -> None:
    resource = make(page_links=False, total_member="total_records")
    query = resource.parse("")
    document = json.loads(resource.render([], query, url=URL, total=0, meta={"api_version": "1"}))
    assert document == {"data": [], "meta": {"total_records": 0, "api_version": "1"}}


def test_the_total_is_none_of_the_applications_meta() -> None:
    document = json.loads(CALLS.render([], CALLS.parse(""), url=URL, total=3, meta={"total-count": 9, "note": 1}))
    assert list(document["meta"].items()) == [("total-count", 3), ("note", 1)]


def test_without_a_total_nothing_is_counted_or_linked() -> None:
    assert json.loads(CALLS.render([], CALLS.parse(""), url=URL)) == {"data": []}


@pytest.mark.rule("DOC-22", "DOC-23")
def test_included_resources_come_once_with_full_linkage(session: Session) -> None:
    document = listing(session, "include=account&page[size]=3&fields[accounts]=name")
    assert [item["relationships"]["account"]["data"]["id"] for item in document["data"]] == ["1", "2", "1"]
    assert [(item["type"], item["id"]) for item in document["included"]] == [("accounts", "1"), ("accounts", "2")]
    assert list(document) == ["data", "included", "meta", "links"]


@pytest.mark.rule("INC-02", "INC-04")
def test_nothing_included_is_an_empty_list(session: Session) -> None:
    assert listing(session, "include=account&filter[id]=99")["included"] == []
    assert listing(session, "include=&filter[id]=1")["included"] == []


@pytest.mark.rule("FLD-01", "FLD-02", "FLD-03")
def test_fields_restrict_what_is_shown(session: Session) -> None:
    [item] = listing(session, "fields[calls]=src-name&filter[id]=1")["data"]
    assert item["attributes"] == {"src-name": "n1"}
    assert "relationships" not in item
    [item] = listing(session, "fields[calls]=&filter[id]=1")["data"]
    assert list(item) == ["id", "type", "links"]


def test_what_is_hidden_is_not_shown_nor_known(session: Session) -> None:
    def visible(name: str) -> bool:
        return name not in {"src_name", "account"}

    [item] = listing(session, "filter[id]=1", visible=visible)["data"]
    assert item["attributes"] == {"duration": 1}
    assert "relationships" not in item
    query = "sort=src-name&include=account&fields[calls]=src-name,account&filter[src-name-eq]=a"
    made_up = "sort=src-nome&include=accounx&fields[calls]=src-nome,accounx&filter[src-nome-eq]=a"
    assert faults(lambda: CALLS.parse(query, visible=visible)) == [
        (code, str(at).replace("nome", "name")) for code, at in faults(lambda: CALLS.parse(made_up, visible=visible))
    ]


def test_who_sees_less_may_ask_for_still_less(session: Session) -> None:
    for hidden in ("account", "duration"):
        [item] = listing(session, "filter[id]=1&fields[calls]=src-name", visible=hidden.__ne__)["data"]
        assert item["attributes"] == {"src-name": "n1"}
        [item] = listing(session, "filter[id]=1&fields[calls]=", visible=hidden.__ne__)["data"]
        assert list(item) == ["id", "type", "links"]


def test_what_is_hidden_by_the_name_of_the_rows_is_hidden_whatever_documents_call_it(session: Session) -> None:
    class RenamedSchema(Schema):
        id = fields.Str()
        source = fields.Str(attribute="src_name")

        class Meta:
            type_ = "calls"

    calls = Resource(RenamedSchema, filters=CallFilters())
    query = calls.parse("", visible=lambda name: name != "src_name")
    row = session.scalars(*calls.statement(query, Call)).first()
    assert row is not None
    assert b"n0" not in calls.render([row], query, url=URL)
    assert b"n0" in calls.render([row], calls.parse(""), url=URL)
    with pytest.raises(DeclarationError, match="documents spell src_name 'source', the sort 'src-name'"):
        Resource(RenamedSchema, sort=Sort("src_name"))


def test_a_type_that_is_included_by_a_hidden_relationship_is_unknown() -> None:
    assert faults(lambda: CALLS.parse("fields[accounts]=name", visible=lambda name: name != "account")) == [
        ("unknown-type", "fields[accounts]")
    ]


def test_the_type_of_a_listing_is_known_whatever_leads_back_to_it() -> None:
    class PersonSchema(Schema):
        id = fields.Str()
        name = fields.Str()
        boss = fields.Relationship(type_="people", schema="self")

        class Meta:
            type_ = "people"

    people = Resource(PersonSchema, include=("boss",))
    assert people.parse("fields[people]=name", visible=lambda name: name != "boss").fields == {"people": {"name"}}


def test_defaults_count_from_the_moment_that_is_given() -> None:
    class RecentFilters(CallFilters):
        created_at = Field(types.Timestamp())
        rules = (Default("created_at_gteq", lambda now: now),)

    now = datetime(2026, 1, 2, tzinfo=UTC)
    predicate = make(filters=RecentFilters()).parse("", now=now).predicate
    assert repr(predicate) == f"And(default(created_at >= {now!r}))"


@pytest.mark.rule("FET-01", "DOC-18")
def test_no_default_holds_for_what_a_relationship_leads_to() -> None:
    class RecentFilters(CallFilters):
        rules = (Default("duration_gteq", 60),)

    resource = make(filters=RecentFilters())
    query = "filter[src-name-eq]=a&sort=duration&page[number]=2&include=account"
    assert resource.parse_related(query) == resource.parse(query)._replace(predicate=And(CallFilters.src_name.eq("a")))
    assert resource.parse_related("").predicate == TRUE
    asked = resource.parse_related("filter[duration-gteq]=60&my-own=1", ignore=["my-own"])
    assert asked.predicate == And(CallFilters.duration.gteq(60))
    assert faults(lambda: resource.parse_related("sort=duration", visible=lambda name: name != "duration")) == [
        ("unknown-sort-key", "sort")
    ]


def test_parameters_of_ones_own_are_admitted() -> None:
    assert CALLS.parse("trace_id=1", ignore=("trace_id",)) == CALLS.parse("")
    assert CALLS.parse_one("trace_id=1", ignore=("trace_id",)) == CALLS.parse_one("")


def test_an_application_narrows_what_a_client_asks_for(session: Session) -> None:
    query = CALLS.parse("filter[duration-gteq]=1").within(Field(types.Integer(32), name="account_id").eq(2))
    assert [call.id for call in session.scalars(*CALLS.statement(query, Call))] == [3, 1]
    assert session.scalar(*CALLS.count(query, Call)) == 2


def test_a_single_resource(session: Session) -> None:
    query = CALLS.parse_one("include=account&fields[calls]=duration,account")
    call = session.scalars(*CALLS.statement(query.within(CallFilters.id.eq(1)), Call)).one()
    document = json.loads(CALLS.render_one(call, query, url="http://example.org/calls/1", meta={"note": 1}))
    assert_document(document)
    assert list(document) == ["data", "included", "meta"]
    assert document["data"]["attributes"] == {"duration": 1}


def test_a_single_resource_takes_neither_filters_nor_order_nor_pages() -> None:
    query = "filter[duration-eq]=1&sort=duration&page[number]=1"
    assert [at for _, at in faults(lambda: CALLS.parse_one(query))] == ["filter[duration-eq]", "sort", "page[number]"]


def test_the_budgets_of_the_filters_bind_single_resources_too() -> None:
    resource = make(filters=CallFilters(limits=Limits(query_string=10)))
    assert faults(lambda: resource.parse_one("fields[calls]=duration")) == [("query-string-limit", None)]


@pytest.mark.rule("DOC-06", "FET-02")
def test_no_resource_is_null() -> None:
    assert CALLS.render_one(None, url=URL) == b'{"data":null}'


@pytest.mark.rule("DOC-16", "DOC-18", "FET-04")
def test_a_relationship_has_linkage_and_links() -> None:
    document = json.loads(CALLS.render_relationship(Call(id=7, account_id=2), "account", url=URL))
    assert document == {
        "data": {"type": "accounts", "id": "2"},
        "links": {
            "self": "http://example.org/calls/7/relationships/account",
            "related": "http://example.org/calls/7/account",
        },
    }


@pytest.mark.rule("FET-04", "DOC-17")
def test_a_relationship_to_many_is_a_list() -> None:
    body = make(schema=OddSchema).render_relationship(SimpleNamespace(transfer_ids=[3, 4]), "transfers", url=URL)
    assert body == b'{"data":[{"type":"calls","id":"3"},{"type":"calls","id":"4"}]}'


def test_a_relationship_takes_no_parameters_within_the_budgets_of_the_filters() -> None:
    query = "filter[duration-eq]=1&sort=duration&page[number]=1&include=account&fields[calls]=duration&my-own=1"
    places = [at for _, at in faults(lambda: CALLS.parse_relationship(query, ignore=["my-own"]))]
    assert sorted(map(str, places)) == ["fields[calls]", "filter[duration-eq]", "include", "page[number]", "sort"]
    assert CALLS.parse_relationship("").predicate == TRUE
    resource = make(filters=CallFilters(limits=Limits(query_string=10)))
    assert faults(lambda: resource.parse_relationship("fields[calls]=")) == [("query-string-limit", None)]


@pytest.mark.rule("CRE-06", "CRE-07")
def test_a_resource_links_to_itself() -> None:
    assert CALLS.self_link(Call(id=7), url=URL) == "http://example.org/calls/7"
    with pytest.raises(DeclarationError, match="AccountSchema gives its resources no link to themselves: set self_url"):
        Resource(AccountSchema).self_link(Account(id=1, name="North"), url=URL)


class LinkedSchema(CallSchema):
    def get_resource_links(self, item: Any) -> dict[str, object]:
        return {"self": Link(f"/calls/{item['id']}", title="This call")}


class WrittenSchema(CallSchema):
    def get_resource_links(self, item: Any) -> dict[str, object]:
        return {"self": {"href": f"/calls/{item['id']}"}}


@pytest.mark.rule("CRE-07", "LNK-02")
def test_link_objects_of_resources_are_absolute_and_the_location_is_theirs() -> None:
    resource, call = make(schema=LinkedSchema), Call(id=7, src_name="a")
    document = json.loads(resource.render_one(call, url=URL))
    assert_document(document)
    link = {"href": "http://example.org/calls/7", "title": "This call"}
    assert document["data"]["links"]["self"] == link
    assert resource.self_link(call, url=URL) == link["href"]
    assert make(schema=WrittenSchema).self_link(call, url=URL) == "/calls/7"


TOP = TopLevel(version="1.1", self_link=True, described_by="/openapi.json")
DATES = "https://example.org/dates"
CURSORS = "https://jsonapi.org/profiles/ethanresnick/cursor-pagination/"


@pytest.mark.rule("DOC-07", "DOC-24", "REC-04")
def test_documents_have_at_their_top_what_the_api_wants(session: Session) -> None:
    resource = make(top_level=TOP)
    text = "filter[duration-gteq]=1&sort=duration&page[size]=3&include=account&fields[calls]=duration,account"
    document = listing(session, text, resource)
    assert list(document) == ["jsonapi", "data", "included", "meta", "links"]
    assert document["jsonapi"] == {"version": "1.1"}
    assert list(document["links"]) == ["self", "describedby", "first", "next", "last"]
    again = listing(session, document["links"]["self"].partition("?")[2], resource)
    assert again == document


@pytest.mark.rule("DOC-07", "DOC-24")
def test_other_documents_have_it_too() -> None:
    resource, call = make(top_level=TOP), Call(id=7, src_name="a", account_id=2)
    one = json.loads(resource.render_one(call, url="http://example.org/calls/7?fields[calls]="))
    linkage = json.loads(resource.render_relationship(call, "account", url="http://example.org/x"))
    with pytest.raises(QueryErrors) as caught:
        resource.parse("sort=size")
    errors = json.loads(resource.render_errors(caught.value))
    for document in (one, linkage, errors):
        assert_document(document)
        assert document["jsonapi"] == {"version": "1.1"}
    assert one["links"]["self"] == "http://example.org/calls/7?fields%5Bcalls%5D="
    assert linkage["links"]["self"] == "http://example.org/calls/7/relationships/account"
    assert "links" not in errors


@pytest.mark.rule("CN-04", "DOC-07", "DOC-24")
def test_what_holds_for_a_document_is_named_by_its_media_type_and_in_it() -> None:
    resource = make(top_level=TOP)
    plain = resource.parse("")
    dated = plain.applying([DATES])
    assert resource.media_type(plain) == "application/vnd.api+json"
    assert resource.media_type(dated) == f'application/vnd.api+json; profile="{DATES}"'
    document = json.loads(resource.render([], dated, url=URL))
    assert document["jsonapi"]["profile"] == [DATES]
    assert document["links"]["self"] == {
        "href": "http://example.org/calls?filter%5Bduration-gt%5D=1",
        "type": f'application/vnd.api+json; profile="{DATES}"',
    }


@pytest.mark.rule("CN-04", "DOC-07", "DOC-24")
def test_what_holds_for_every_kind_of_document_is_named() -> None:
    resource, call = make(top_level=TOP), Call(id=7, src_name="a", account_id=2)
    terms = check_accept(
        f'application/vnd.api+json; ext="urn:version"; profile="{DATES}"', extensions=["urn:version"], profiles=[DATES]
    )
    query = resource.parse_one("").applying(terms.profiles, extensions=terms.extensions)
    assert resource.media_type(query) == str(terms)
    linkage = resource.render_relationship(call, "account", query, url="http://example.org/x")
    for body in (resource.render([call], query, url=URL), resource.render_one(call, query, url=URL), linkage):
        document = json.loads(body)
        assert_document(document)
        assert document["jsonapi"] == {"version": "1.1", "ext": ["urn:version"], "profile": [DATES]}


@pytest.mark.rule("CN-04", "DOC-24")
def test_the_profiles_of_pages_and_filters_hold_for_answers_and_faults() -> None:
    class GroupedFilters(CallFilters, groups=True):
        pass

    resource = make(filters=GroupedFilters(), pages=CursorPages("secret", default=2, maximum=3), top_level=TOP)
    assert resource.parse("").profiles == (CURSORS,)
    assert resource.parse("filter[not][1][duration-eq]=1").profiles == (CURSORS, FILTER_GROUPS)
    assert make(filters=GroupedFilters()).parse("filter[duration-eq]=1").profiles == ()
    with pytest.raises(QueryErrors) as caught:
        resource.parse("page[size]=4")
    assert caught.value.profiles == (CURSORS,)
    document = json.loads(resource.render_errors(caught.value))
    assert document["jsonapi"] == {"version": "1.1", "profile": [CURSORS]}


def test_a_body_is_loaded_and_its_related_resources_are_found() -> None:
    body = {
        "data": {
            "type": "calls",
            "attributes": {"src-name": "a", "duration": 3},
            "relationships": {"account": {"data": {"type": "accounts", "id": "2"}}},
        }
    }
    found = Account(id=2, name="South")
    values = CALLS.load(json.dumps(body).encode(), related={"account": {"2": found}.get})
    assert values == {"src_name": "a", "duration": 3, "account": found}


@pytest.mark.rule("CRE-02", "ERR-07")
def test_a_body_gives_the_faults_of_its_first_bad_stage() -> None:
    assert faults(lambda: CALLS.load(b"{")) == [("invalid-json", None)]
    resource = make(filters=CallFilters(limits=Limits(body=10)))
    assert faults(lambda: resource.load(b'{"data": {}}')) == [("body-limit", None)]


def test_the_budgets_of_the_filters_bind_what_attributes_hold() -> None:
    body = b'{"data": {"type": "calls", "attributes": {"src-name": ["a", "b", "c"]}}}'
    resource = make(filters=CallFilters(limits=Limits(list_items=2)))
    assert ("list-items-limit", "/data/attributes/src-name") in faults(
        lambda: resource.load(body, related={"account": str})
    )


@pytest.mark.rule("ERR-01", "ERR-02")
def test_errors_are_a_document() -> None:
    with pytest.raises(QueryErrors) as caught:
        CALLS.parse("sort=size")
    document = json.loads(CALLS.render_errors(caught.value))
    assert_document(document)
    assert document == {"errors": [error.to_dict() for error in caught.value.errors]}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"include": "account"}, r"write include=\('account',\)"),
        ({"include": ("owner",)}, "calls has no relationship 'owner'"),
        ({"include": ("account.owner",)}, "accounts has no relationship 'owner'"),
        (
            {"schema": OddSchema, "include": ("other",)},
            "leads to 'others', its schema is of 'accounts'",
        ),
        (
            {"schema": OddSchema, "include": ("account", "payer")},
            "AccountSchema.* are both of 'accounts'",
        ),
        ({"schema": OddSchema, "include": ("bare",)}, "the relationship 'bare' has no schema"),
        ({"total_member": "total_"}, "'total_' cannot stand in a document"),
        ({"sort": Sort("src_name", style="camel")}, "documents spell src_name 'src-name', the sort 'srcName'"),
    ],
)
def test_declarations_that_contradict_themselves(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        make(**options)
