from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, QueryErrors, Sort, SortKey
from jsonapi_sieve.names import Style
from jsonapi_sieve.sorting import backwards, total_order

SORT = Sort("created_at", "status", "rows_count", default="created_at")

CREATED, STATUS, ROWS = map(SortKey, SORT.names)


def faults(sort: Sort, text: str, visible: Callable[[str], bool] | None = None) -> list[dict[str, object]]:
    with pytest.raises(QueryErrors) as raised:
        sort.parse(text, visible=visible)
    assert raised.value.status == 400
    return [error.to_dict() for error in raised.value.errors]


@pytest.mark.rule("SRT-01", "SRT-02")
@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("status", (STATUS,)),
        ("-status", (SortKey("status", descending=True),)),
        ("status,-created-at", (STATUS, SortKey("created_at", descending=True))),
        ("rows-count,status,created-at", (ROWS, STATUS, CREATED)),
    ],
)
def test_keys_in_the_order_of_the_client(text: str, order: tuple[SortKey, ...]) -> None:
    assert SORT.parse(text) == order
    assert SORT.render(order) == text


@pytest.mark.parametrize(
    ("style", "member"), [("dash", "created-at"), ("underscore", "created_at"), ("camel", "createdAt")]
)
def test_names_are_the_exact_members_of_the_documents(style: Style, member: str) -> None:
    sort = Sort("created_at", style=style)
    assert sort.parse(f"-{member}") == (SortKey("created_at", descending=True),)
    assert sort.render(sort.parse(member)) == member
    for other in {"created-at", "created_at", "createdAt", "Created-At", "createdat"} - {member}:
        assert [fault["code"] for fault in faults(sort, other)] == ["unknown-sort-key"]


@pytest.mark.rule("SRT-04")
@pytest.mark.parametrize(
    ("default", "order"),
    [
        ((), ()),
        ("created_at", (CREATED,)),
        ("-created_at", (SortKey("created_at", descending=True),)),
        (["-status", "created_at"], (SortKey("status", descending=True), CREATED)),
    ],
)
def test_the_default_is_the_order_without_the_parameter(default: str | list[str], order: tuple[SortKey, ...]) -> None:
    sort = Sort("created_at", "status", default=default)
    assert sort.default == sort.parse(None) == order
    assert sort.parse("status") == (STATUS,)


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Sort("created-at"),
        lambda: Sort("-created_at"),
        lambda: Sort("createdAt", style="camel"),
        lambda: Sort(""),
        lambda: Sort("status", "created_at", "status"),
        lambda: Sort("rows_2", "rows2", style="camel"),
        lambda: Sort("status", default="created_at"),
        lambda: Sort("status", default="--status"),
        lambda: Sort("status", default=""),
        lambda: Sort("status", default="status,-status"),
        lambda: Sort("status", default=("status", "-status")),
        lambda: Sort(default="status"),
    ],
)
def test_a_contradictory_declaration_is_refused(declare: Callable[[], Sort]) -> None:
    with pytest.raises(DeclarationError):
        declare()


@pytest.mark.rule("SRT-03", "SRT-06")
@pytest.mark.parametrize(
    ("text", "code", "title", "detail", "nearest"),
    [
        ("", "empty-sort-key", "Empty sort key", "A sort key is empty.", None),
        ("-", "empty-sort-key", "Empty sort key", "A sort key is empty.", None),
        ("status,", "empty-sort-key", "Empty sort key", "A sort key is empty.", None),
        (",status", "empty-sort-key", "Empty sort key", "A sort key is empty.", None),
        ("zzz", "unknown-sort-key", "Unknown sort key", "'zzz' cannot be sorted by.", None),
        (
            "-created_at",
            "unknown-sort-key",
            "Unknown sort key",
            "'created_at' cannot be sorted by; did you mean created-at?",
            "created-at",
        ),
        ("--status", "unknown-sort-key", "Unknown sort key", "'-status' cannot be sorted by; did you mean", "status"),
        ("+status", "unknown-sort-key", "Unknown sort key", "'+status' cannot be sorted by; did you mean", "status"),
        ("status ", "unknown-sort-key", "Unknown sort key", "'status ' cannot be sorted by; did you mean", "status"),
        ("status" * 50, "unknown-sort-key", "Unknown sort key", "…' cannot be sorted by.", None),
        ("\ud800", "unknown-sort-key", "Unknown sort key", "'\\ud800' cannot be sorted by.", None),
        ("status,-status", "repeated-sort-key", "Repeated sort key", "'status' is sorted by twice.", None),
    ],
)
def test_a_bad_key_is_told_with_what_is_allowed(
    text: str, code: str, title: str, detail: str, nearest: str | None
) -> None:
    (fault,) = faults(SORT, text)
    assert detail in str(fault.pop("detail"))
    assert fault == {
        "status": "400",
        "code": code,
        "title": title,
        "source": {"parameter": "sort"},
        "meta": ({"nearest": nearest} if nearest else {}) | {"allowed": ["created-at", "status", "rows-count"]},
    }


def test_every_bad_key_is_told() -> None:
    codes = [fault["code"] for fault in faults(SORT, "nope,status,,-status")]
    assert codes == ["unknown-sort-key", "empty-sort-key", "repeated-sort-key"]


def test_too_many_keys_are_told_by_their_number() -> None:
    (fault,) = faults(SORT, "," * 10_000)
    assert fault["code"] == "too-many-sort-keys"
    assert fault["detail"] == "10001 keys were sent; at most 3 are taken."


def test_an_answer_stays_in_proportion_to_the_question() -> None:
    names = [f"attribute_{number}" for number in range(100)]
    told = faults(Sort(*names), ",".join(f"x{name}" for name in names))
    assert len(told) == 100
    assert ["meta" in fault for fault in told] == [True] * 5 + [False] * 95


def test_a_name_longer_than_any_is_compared_with_none() -> None:
    (near, far) = faults(Sort("x" * 62), f"{'x' * 64},{'x' * 65}")
    assert near["meta"] == {"nearest": "x" * 62, "allowed": ["x" * 62]}
    assert far["meta"] == {"allowed": ["x" * 62]}


def test_nothing_can_be_sorted_by_without_names() -> None:
    assert Sort().parse(None) == ()
    (fault,) = faults(Sort(), "status")
    assert fault["code"] == "unknown-sort-key"
    assert "meta" not in fault


def test_a_hidden_name_is_an_unknown_one() -> None:
    def visible(name: str) -> bool:
        return name != "rows_count"

    smaller = Sort("created_at", "status", default="created_at")
    for text in ("rows-count", "-rows-count", "status,rows-count,nope", "rowscount", "a,b,c,d", ",,,"):
        assert faults(SORT, text, visible) == faults(smaller, text)
    assert SORT.parse("-status,created-at", visible=visible) == smaller.parse("-status,created-at")
    assert SORT.parse("rows-count", visible=lambda _: True) == (ROWS,)


@given(
    st.lists(st.tuples(st.sampled_from(SORT.names), st.booleans()), min_size=1, unique_by=lambda key: key[0]),
    st.sampled_from(["dash", "underscore", "camel"]),
)
def test_an_order_comes_back_from_its_text(keys: list[tuple[str, bool]], style: Style) -> None:
    sort = Sort(*SORT.names, style=style)
    order = tuple(SortKey(*key) for key in keys)
    assert sort.parse(sort.render(order)) == order


@given(st.text(st.sampled_from("statu,- ") | st.characters(), max_size=20))
def test_any_text_is_an_order_or_a_fault(text: str) -> None:
    try:
        order = SORT.parse(text)
    except QueryErrors as error:
        assert error.errors  # noqa: PT017  (both ends are good)
    else:
        assert SORT.render(order) == text


PATHS = Sort("created_at", "account.legal_name", default="-account.legal_name")


@pytest.mark.rule("SRT-05")
def test_names_lead_through_relationships() -> None:
    order = PATHS.parse("-account.legal-name,created-at")
    assert order == (SortKey("account.legal_name", descending=True), SortKey("created_at"))
    assert PATHS.render(order) == "-account.legal-name,created-at"
    assert PATHS.default == (SortKey("account.legal_name", descending=True),)
    camel = Sort("account.legal_name", style="camel")
    assert camel.parse("account.legalName") == (SortKey("account.legal_name"),)


@pytest.mark.rule("SRT-05", "SRT-03")
@pytest.mark.parametrize("text", ["account", "legal-name", "account.", ".legal-name", "account.legal_name", "a.b.c"])
def test_a_path_is_sorted_by_as_it_is_declared(text: str) -> None:
    with pytest.raises(QueryErrors) as raised:
        PATHS.parse(text)
    assert [error.code for error in raised.value.errors] == ["unknown-sort-key"]


@pytest.mark.parametrize("name", ["account.", ".name", "account..name", "Account.name", "account.class"])
def test_each_name_of_a_path_is_one(name: str) -> None:
    with pytest.raises(DeclarationError):
        Sort(name)


@pytest.mark.rule("SRT-05")
@pytest.mark.parametrize("hidden", ["account", "legal_name"])
def test_a_path_is_visible_when_each_of_its_names_is(hidden: str) -> None:
    with pytest.raises(QueryErrors):
        PATHS.parse("account.legal-name", visible=lambda name: name != hidden)
    assert PATHS.parse("account.legal-name", visible=lambda name: name != "created_at")


@pytest.mark.rule("SRT-06")
def test_an_order_is_made_total_and_turned_round() -> None:
    order = (SortKey("status", descending=True), SortKey("region"))
    whole = total_order(order, ["region", "id"])
    assert whole == (*order, SortKey("id"))
    assert backwards(backwards(whole)) == whole
    assert [key.descending for key in backwards(whole)] == [False, True, True]
