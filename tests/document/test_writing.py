from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.document import Document, Link, collection, encode, error_document, single
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.testing import assert_document

ACCOUNT = {"id": "7", "type": "accounts"}
META = {"total-count": 1}
LINKS = {"first": "/accounts?page%5Bnumber%5D=1"}
FAULTS = QueryErrors(
    [
        ErrorObject("invalid-value", "Invalid filter value", "'x' is no integer.", "filter[id]"),
        ErrorObject("invalid-document", "Invalid document", "a list is no object.", "", "pointer", 422, {"a": (1,)}),
    ]
)

scalars = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé\n", max_size=3)
members = st.dictionaries(
    st.sampled_from(["id", "data", "errors"]), scalars | st.lists(scalars, max_size=2), max_size=2
)


@pytest.mark.rule("DOC-06", "INC-02")
@pytest.mark.parametrize("included", [None, [], [{"id": "1", "type": "contractors"}]])
@pytest.mark.parametrize("data", [[], [ACCOUNT], [ACCOUNT, {"id": "8", "type": "accounts"}]])
def test_collections(data: list[dict[str, object]], included: list[dict[str, object]] | None) -> None:
    beside: Document = {} if included is None else {"included": included}
    made = collection(iter(data), included=included, meta=META, links=LINKS)
    expected = {"data": data, **beside, "meta": META, "links": LINKS}
    assert (made, list(made)) == (expected, list(expected))
    assert collection(data, included=included) == {"data": data, **beside}


@pytest.mark.parametrize("data", [None, ACCOUNT])
def test_single_resources(data: dict[str, object] | None) -> None:
    assert single(data) == {"data": data}
    made = single(data, included=iter([ACCOUNT]), meta=META, links=LINKS)
    expected = {"data": data, "included": [ACCOUNT], "meta": META, "links": LINKS}
    assert (made, list(made)) == (expected, list(expected))


def test_empty_meta_and_links_are_left_out() -> None:
    assert collection([], meta={}, links={}) == {"data": []}
    assert single(None, meta={}, links={}) == {"data": None}


@pytest.mark.rule("DOC-03", "DOC-04", "ERR-01", "ERR-03", "ERR-04")
def test_error_documents_hold_errors_alone() -> None:
    assert json.loads(encode(error_document(FAULTS))) == {
        "errors": [
            {
                "status": "400",
                "code": "invalid-value",
                "title": "Invalid filter value",
                "detail": "'x' is no integer.",
                "source": {"parameter": "filter[id]"},
            },
            {
                "status": "422",
                "code": "invalid-document",
                "title": "Invalid document",
                "detail": "a list is no object.",
                "source": {"pointer": ""},
                "meta": {"a": [1]},
            },
        ]
    }


@pytest.mark.rule("DOC-02", "DOC-03", "DOC-04", "DOC-06")
@given(
    st.lists(members, max_size=2),
    st.none() | members,
    st.none() | st.lists(members, max_size=2),
    st.none() | members,
    st.none() | members,
)
def test_no_document_breaks_the_rules_of_the_top_level(
    several: list[Document],
    one: Document | None,
    included: list[Document] | None,
    meta: Document | None,
    links: Document | None,
) -> None:
    for made in (
        collection(several, included=included, meta=meta, links=links),
        single(one, included=included, meta=meta, links=links),
    ):
        order = ["data", "included", "meta", "links"]
        assert list(made) == [name for name in order if name in made]
        assert made["data"] == (several if isinstance(made["data"], list) else one)
        assert ("included" in made) == (included is not None)
        assert (made.get("meta", {}), made.get("links", {})) == (meta or {}, links or {})
        assert json.loads(encode(made)) == made


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [1, 2.5, None, True]}, b'{"b":1,"a":[1,2.5,null,true]}'),
        ({"name": "é€😀"}, '{"name":"é€😀"}'.encode()),
        ({"name": '\n"\\/\x7f\u2028'}, '{"name":"\\n\\"\\\\/\x7f\u2028"}'.encode()),
    ],
)
def test_documents_are_compact_utf_8(value: Document, written: bytes) -> None:
    assert encode({"meta": value}) == b'{"meta":' + written + b"}"


@pytest.mark.rule("DOC-02", "DOC-03", "DOC-04", "DOC-05")
@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "none of them"),
        ({"links": {}, "jsonapi": {}, "included": []}, "none of them"),
        ({"data": None, "errors": []}, "and this one both"),
        ({"meta": {}, "included": []}, "this document has none"),
        ({"errors": [], "included": []}, "this document has none"),
        ({"data": None, "total": 3}, "no member 'total'"),
    ],
)
def test_what_is_no_document_is_not_encoded(document: Document, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode(document)


@pytest.mark.rule("DOC-02", "DOC-27")
@pytest.mark.parametrize("document", [{"data": None}, {"errors": []}, {"meta": {}, "@id": 1}, {"atomic:results": []}])
def test_one_member_makes_a_document(document: Document) -> None:
    assert json.loads(encode(document)) == document


@pytest.mark.rule("DOC-24")
def test_the_jsonapi_object_comes_first_where_there_is_one() -> None:
    jsonapi = {"version": "1.1"}
    for made in (
        collection([], jsonapi=jsonapi),
        single(None, jsonapi=jsonapi),
        error_document(FAULTS, jsonapi=jsonapi),
    ):
        assert next(iter(made.items())) == ("jsonapi", jsonapi)
    assert collection([], jsonapi={}) == {"data": []}


@pytest.mark.rule("LNK-01", "LNK-02", "PAG-03")
def test_link_objects_are_written_wherever_links_stand() -> None:
    link = Link("/accounts/7", title="Account", describedby=Link("/schema"))
    written = {"href": "/accounts/7", "title": "Account", "describedby": {"href": "/schema"}}
    account = {**ACCOUNT, "links": {"self": link}, "relationships": {"owner": {"links": {"related": link}}}}
    document = json.loads(encode(collection([account], included=[account], links={"self": link, "prev": None})))
    assert document["links"] == {"self": written, "prev": None}
    for resource in (*document["data"], *document["included"]):
        assert resource["links"] == {"self": written}
        assert resource["relationships"]["owner"]["links"] == {"related": written}
    assert_document(json.loads(encode(single(account, links={"self": link}))))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "\ud800"])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON compliant|surrogates not allowed"):
        encode(single({"value": value}))


def test_values_of_no_json_type_are_refused() -> None:
    with pytest.raises(TypeError, match="datetime is not JSON serializable"):
        encode(single({"created-at": datetime(2026, 1, 2, tzinfo=UTC)}))
