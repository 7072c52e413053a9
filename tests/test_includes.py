from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, Limits, QueryErrors
from jsonapi_sieve.includes import Includes

PATHS = {
    "account.contact-person": "account.contact_person",
    "account": "account",
    "destination": "destination",
    "gateway.owner": "gateway.owner",
}
INCLUDES = Includes(PATHS)


def faults(
    text: str, visible: Callable[[str], bool] | None = None, includes: Includes = INCLUDES, limits: Limits | None = None
) -> list[dict[str, object]]:
    with pytest.raises(QueryErrors) as raised:
        includes.parse(text, visible=visible, limits=limits or Limits())
    assert raised.value.status == 400
    assert {error.at for error in raised.value.errors} == {"include"}
    return [error.to_dict() for error in raised.value.errors]


def outcome(includes: Includes, text: str, visible: Callable[[str], bool] | None = None) -> object:
    try:
        return includes.parse(text, visible=visible)
    except QueryErrors as error:
        return error.errors


@pytest.mark.rule("INC-04", "INC-06")
@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (None, None),
        ("", ()),
        ("account", ("account",)),
        ("destination,account", ("account", "destination")),
        ("account.contact-person", ("account", "account.contact_person")),
        ("account,account.contact-person,account", ("account", "account.contact_person")),
        ("gateway.owner", ("gateway", "gateway.owner")),
        (",".join(PATHS), ("account", "account.contact_person", "destination", "gateway", "gateway.owner")),
    ],
)
def test_paths_come_with_their_parents_in_the_order_of_the_declaration(
    text: str | None, paths: tuple[str, ...] | None
) -> None:
    assert INCLUDES.parse(text) == paths


@pytest.mark.rule("INC-04", "INC-05")
@pytest.mark.parametrize(
    ("text", "code", "detail", "nearest"),
    [
        (",", "empty-include", "A name is empty; each is that of a path that can be included.", None),
        ("account,", "empty-include", "A name is empty; each is that of a path that can be included.", None),
        ("zzz", "unknown-include", "'zzz' is no path that can be included.", None),
        ("accont", "unknown-include", "'accont' is no path that can be included; did you mean account?", "account"),
        ("Account", "unknown-include", "; did you mean account?", "account"),
        ("account.", "unknown-include", "'account.' is no path", "account"),
        (".account", "unknown-include", "'.account' is no path", "account"),
        (".", "unknown-include", "'.' is no path that can be included.", None),
        ("gateway", "unknown-include", "'gateway' is no path", "gateway.owner"),
        ("account.contact_person", "unknown-include", "did you mean account.contact-person?", "account.contact-person"),
        ("-account", "unknown-include", "'-account' is no path", "account"),
        ("account ", "unknown-include", "'account ' is no path", "account"),
        ("*", "unknown-include", "'*' is no path", None),
        ("\ud800", "unknown-include", r"'\ud800' is no path", None),
    ],
)
def test_a_bad_path_is_told_with_what_is_allowed(text: str, code: str, detail: str, nearest: str | None) -> None:
    (fault,) = faults(text)
    assert detail in str(fault["detail"])
    assert (fault["code"], fault["title"]) == (code, code.replace("-", " ").capitalize())
    assert fault["meta"] == ({"nearest": nearest} if nearest else {}) | {"allowed": list(PATHS)}


@pytest.mark.rule("INC-05")
def test_every_bad_path_is_told_once() -> None:
    codes = [fault["code"] for fault in faults("nope,account,,x.y,,nope")]
    assert codes == ["unknown-include", "empty-include", "unknown-include"]


@pytest.mark.rule("INC-07")
def test_too_many_paths_are_told_by_their_number() -> None:
    (fault,) = faults(",".join(map(str, range(10_000))))
    assert (fault["code"], fault["detail"]) == (
        "too-many-includes",
        "10000 names were sent; at most 5 are taken.",
    )
    assert INCLUDES.parse(",".join(["account"] * 10_000)) == ("account",)


@pytest.mark.rule("INC-07")
@pytest.mark.parametrize(("depth", "deepest"), [(3, "a.b.c.d"), (1, "account.contact-person"), (3, "." * 30_000)])
def test_a_path_beyond_the_depth_is_over_a_budget(depth: int, deepest: str) -> None:
    (fault,) = faults(f"nope,{deepest}", limits=Limits(include_depth=depth))
    assert (fault["code"], fault["meta"]) == ("include-depth-limit", {"limit": depth})
    assert fault["detail"] == (f"A path is {deepest.count('.') + 1} relationships deep; at most {depth} are followed.")


@pytest.mark.rule("INC-01")
def test_where_nothing_can_be_included_the_parameter_is_refused() -> None:
    for text in ("", "account", ","):
        (fault,) = faults(text, includes=Includes({}))
        assert fault["code"] == "unsupported-parameter"
        assert fault["detail"] == "Nothing can be included here."
    assert Includes({}).parse(None) is None


@pytest.mark.parametrize("hidden", ["account", "contact_person", "destination", "gateway", "owner"])
def test_a_path_with_a_hidden_name_is_an_unknown_one(hidden: str) -> None:
    def visible(name: str) -> bool:
        return name != hidden

    smaller = Includes({path: names for path, names in PATHS.items() if hidden not in names.split(".")})
    for text in ("", *PATHS, ",".join(PATHS), "accont", "a,b,c,d,e,f,g", ",", "a.b.c.d"):
        assert outcome(INCLUDES, text, visible) == outcome(smaller, text)


def test_who_may_see_no_path_is_told_that_there_is_none() -> None:
    assert faults("account", visible=lambda _: False) == faults("account", includes=Includes({}))


@pytest.mark.parametrize(
    "paths",
    [
        *[{"account": ""}, {"account": "Account"}, {"a.b": "a"}, {"a": "a.b"}, {"a.b": "a."}, {"a": "a-b"}],
        *[{"a-": "a"}, {"a._b": "a.b"}, {"": "a"}, {"a+": "a"}],
    ],
)
def test_a_contradictory_declaration_is_refused(paths: dict[str, str]) -> None:
    with pytest.raises(DeclarationError):
        Includes(paths)


@given(st.lists(st.sampled_from(list(PATHS))))
def test_each_path_stands_once_after_the_paths_that_lead_to_it(sent: list[str]) -> None:
    paths = INCLUDES.parse(",".join(sent))
    assert paths is not None
    assert len(set(paths)) == len(paths)
    for path in paths:
        parent = path.rpartition(".")[0]
        assert not parent or parent in paths[: paths.index(path)]
    asked = {PATHS[name] for name in sent}
    assert asked <= set(paths)
    assert all(any(path == each or each.startswith(f"{path}.") for each in asked) for path in paths)
