from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, QueryErrors
from jsonapi_sieve.fieldsets import Fieldsets

CDRS = {"duration": "duration", "time-start": "time_start", "account": "account"}
TYPES = {"cdrs": CDRS, "accounts": {"name": "name", "time-start": "created_at"}, "nothing": {}}
FIELDSETS = Fieldsets(TYPES)


def faults(
    given: Mapping[str, str], visible: Callable[[str], bool] | None = None, fieldsets: Fieldsets = FIELDSETS
) -> list[dict[str, object]]:
    with pytest.raises(QueryErrors) as raised:
        fieldsets.parse(given, visible=visible)
    assert raised.value.status == 400
    return [error.to_dict() for error in raised.value.errors]


@pytest.mark.rule("FLD-01", "FLD-02", "FLD-04")
@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, {}),
        ({"cdrs": ""}, {"cdrs": set()}),
        ({"nothing": ""}, {"nothing": set()}),
        ({"cdrs": "time-start"}, {"cdrs": {"time-start"}}),
        ({"cdrs": "time-start,account,duration"}, {"cdrs": set(CDRS)}),
        ({"accounts": "name", "cdrs": "duration"}, {"accounts": {"name"}, "cdrs": {"duration"}}),
    ],
)
def test_fields_are_the_exact_members_of_the_documents(sent: dict[str, str], fields: dict[str, set[str]]) -> None:
    assert FIELDSETS.parse(sent) == fields


@pytest.mark.rule("FLD-05")
@pytest.mark.parametrize(
    ("text", "code", "detail", "nearest"),
    [
        (",", "empty-field", "A name is empty; each is that of a field of cdrs.", None),
        ("duration,", "empty-field", "A name is empty; each is that of a field of cdrs.", None),
        ("zzz", "unknown-field", "'zzz' is no field of cdrs.", None),
        ("durtion", "unknown-field", "'durtion' is no field of cdrs; did you mean duration?", "duration"),
        ("time_start", "unknown-field", "'time_start' is no field of cdrs; did you mean time-start?", "time-start"),
        ("duration ", "unknown-field", "'duration ' is no field of cdrs; did you mean duration?", "duration"),
        ("account.name", "unknown-field", "'account.name' is no field of cdrs; did you mean account?", "account"),
        ("id", "unknown-field", "'id' is no field of cdrs.", None),
        ("\ud800", "unknown-field", r"'\ud800' is no field of cdrs.", None),
    ],
)
def test_a_bad_field_is_told_with_what_is_allowed(text: str, code: str, detail: str, nearest: str | None) -> None:
    (fault,) = faults({"cdrs": text})
    assert fault == {
        "status": "400",
        "code": code,
        "title": code.replace("-", " ").capitalize(),
        "detail": detail,
        "source": {"parameter": "fields[cdrs]"},
        "meta": ({"nearest": nearest} if nearest else {}) | {"allowed": list(CDRS)},
    }


@pytest.mark.rule("FLD-05")
@pytest.mark.parametrize(("type_", "near"), [("", None), ("zzz", None), ("cdr", "cdrs"), ("Cdrs", "cdrs")])
def test_an_unknown_type_is_told_with_those_there_are(type_: str, near: str | None) -> None:
    (fault,) = faults({type_: "duration"})
    hint = f"; did you mean {near}?" if near else "."
    assert fault == {
        "status": "400",
        "code": "unknown-type",
        "title": "Unknown type",
        "detail": f"{type_!r} is no type of these documents{hint}",
        "source": {"parameter": f"fields[{type_}]"},
        "meta": ({"nearest": near} if near else {}) | {"allowed": list(TYPES)},
    }


def test_every_fault_is_told() -> None:
    told = faults({"cdrs": "x,duration,,duration,duration", "sdrc": "a,b", "accounts": "name", "nothing": "z"})
    assert [(fault["code"], fault["source"]) for fault in told] == [
        ("unknown-field", {"parameter": "fields[cdrs]"}),
        ("empty-field", {"parameter": "fields[cdrs]"}),
        ("repeated-field", {"parameter": "fields[cdrs]"}),
        ("unknown-type", {"parameter": "fields[sdrc]"}),
        ("unknown-field", {"parameter": "fields[nothing]"}),
    ]
    assert told[2]["detail"] == "'duration' is named more than once."
    assert "meta" not in told[-1]


def test_too_many_fields_are_told_by_their_number() -> None:
    (fault,) = faults({"cdrs": ",".join(map(str, range(9999)))})
    assert (fault["code"], fault["detail"]) == ("too-many-fields", "9999 names were sent; at most 5 are taken.")
    assert [fault["code"] for fault in faults({"cdrs": "," * 9999})] == ["empty-field"]
    assert [fault["code"] for fault in faults({"cdrs": "duration" + ",duration" * 9999})] == ["repeated-field"]


def test_an_answer_stays_in_proportion_to_the_question() -> None:
    many = Fieldsets({"cdrs": {f"field-{number}": f"field_{number}" for number in range(100)}})
    told = faults({"cdrs": ",".join(f"xfield-{number}" for number in range(100))}, fieldsets=many)
    assert ["meta" in fault for fault in told] == [True] * 5 + [False] * 95
    assert ["did you mean" in str(fault["detail"]) for fault in told] == [True] * 5 + [False] * 95


def test_a_hidden_field_is_an_unknown_one_of_every_type() -> None:
    def visible(name: str) -> bool:
        return name not in ("time_start", "name")

    smaller = Fieldsets(
        {"cdrs": {"duration": "duration", "account": "account"}, "accounts": {"time-start": "created_at"}}
    )
    for sent in (
        {"cdrs": "time-start"},
        {"cdrs": "duration,time-start,nope"},
        {"cdrs": "timestart", "accounts": "name"},
        {"cdrs": "time-start,time-start"},
        {"accounts": "nam,time-start,name"},
    ):
        assert faults(sent, visible) == faults(sent, fieldsets=smaller)
    assert FIELDSETS.parse({"accounts": "time-start"}, visible=visible) == {"accounts": {"time-start"}}


@given(st.lists(st.sampled_from(list(CDRS)), unique=True))
def test_fields_come_back_from_their_text(members: list[str]) -> None:
    assert FIELDSETS.parse({"cdrs": ",".join(members)}) == {"cdrs": frozenset(members)}


@given(st.dictionaries(st.sampled_from(["cdrs", "accounts", "x"]), st.text(st.sampled_from("name,") | st.characters())))
def test_any_text_is_fields_or_faults(sent: dict[str, str]) -> None:
    try:
        fields = FIELDSETS.parse(sent)
    except QueryErrors as error:
        assert {fault.at for fault in error.errors} <= {f"fields[{type_}]" for type_ in sent}  # noqa: PT017
    else:
        assert fields.keys() == sent.keys()
        assert all(fields[type_] <= TYPES[type_].keys() for type_ in sent)


def test_a_type_that_only_hidden_relationships_lead_to_is_an_unknown_one() -> None:
    fieldsets = Fieldsets(TYPES, paths={"accounts": ["account", "gateway.payer"]})

    def told(sent: str, hidden: set[str]) -> list[dict[str, object]]:
        return faults({sent: "name"}, lambda name: name not in hidden, fieldsets)

    assert fieldsets.parse({"accounts": "name"}, visible=lambda name: name != "account") == {"accounts": {"name"}}
    [fault] = told("accounts", {"account", "gateway"})
    assert fault["meta"] == {"allowed": ["cdrs", "nothing"]}
    [made_up] = told("accountz", {"account", "gateway"})
    assert str(made_up).replace("accountz", "accounts") == str(fault)


@pytest.mark.rule("DOC-12", "MEM-02")
@pytest.mark.parametrize("types", [{"cdrs-": {}}, {"": {}}, {"cdrs": {"a+b": "a"}}, {"cdrs": {"a": "a", "_b": "b"}}])
def test_names_that_no_document_has_are_refused(types: dict[str, dict[str, str]]) -> None:
    with pytest.raises(DeclarationError, match="cannot stand in a document"):
        Fieldsets(types)


def test_of_many_unknown_types_only_the_first_are_explained() -> None:
    told = faults({f"type-{number}": "" for number in range(8)})
    assert ["meta" in fault for fault in told] == [True] * 5 + [False] * 3
