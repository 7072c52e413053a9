from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jsonapi_sieve
from jsonapi_sieve import CompileError, DeclarationError, ErrorObject, NotRenderable, QueryErrors


def fault(status: int, detail: str = "It is wrong.", at: str | None = "filter[id]") -> ErrorObject:
    return ErrorObject("code", "Title", detail, at, status=status)


@pytest.mark.rule("ERR-02", "ERR-03", "ERR-04", "ERR-06", "ERR-08", "ERR-11", "ERR-12")
@pytest.mark.parametrize(
    ("error", "members"),
    [
        (
            ErrorObject("invalid-value", "Invalid filter value", "'x' is bad.", "filter[id]", meta={"allowed": ["a"]}),
            {"source": {"parameter": "filter[id]"}, "meta": {"allowed": ["a"]}, "status": "400"},
        ),
        (
            ErrorObject("invalid-value", "Invalid filter value", "'x' is bad.", "/data", source="pointer", status=422),
            {"source": {"pointer": "/data"}, "status": "422"},
        ),
        (
            ErrorObject("invalid-value", "Invalid filter value", "'x' is bad.", "Accept", source="header", status=406),
            {"source": {"header": "Accept"}, "status": "406"},
        ),
        (
            ErrorObject("invalid-value", "Invalid filter value", "'x' is bad.", "", source="pointer"),
            {"source": {"pointer": ""}, "status": "400"},
        ),
        (ErrorObject("invalid-value", "Invalid filter value", "'x' is bad."), {"status": "400"}),
        (
            ErrorObject("invalid-value", "Invalid filter value", "'x' is bad.", links={"type": "https://a.org/value"}),
            {"status": "400", "links": {"type": "https://a.org/value"}},
        ),
    ],
    ids=["parameter", "pointer", "header", "whole document", "nowhere", "explained"],
)
def test_members_of_an_error_object(error: ErrorObject, members: dict[str, object]) -> None:
    always = {"code": "invalid-value", "title": "Invalid filter value", "detail": "'x' is bad."}
    assert error.to_dict() == always | members


is_code = re.compile("[a-z]+(-[a-z]+)+").fullmatch
is_title = re.compile("[A-Z][A-Za-z ]+").fullmatch


def titles() -> Iterator[tuple[str, str]]:
    """Give the code and the title of each error object that the library and its service write out."""
    for path in Path(jsonapi_sieve.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(args=[ast.Constant(str(code)), ast.Constant(str(title)), *_]):
                    if is_code(code) and is_title(title):
                        yield code, title
                case _:
                    pass


@pytest.mark.rule("ERR-05")
def test_the_errors_of_a_code_have_one_title() -> None:
    told = set(titles())
    assert len(told) > 20
    assert len({code for code, _ in told}) == len(told)


def test_the_members_are_a_copy() -> None:
    error = ErrorObject("code", "Title", "Detail.", meta={"limit": 1}, links={"type": "https://a.org"})
    error.to_dict()["meta"] = error.to_dict()["links"] = {}
    assert error.to_dict()["meta"] == {"limit": 1}
    assert error.to_dict()["links"] == {"type": "https://a.org"}


@pytest.mark.rule("ERR-09")
@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ((400,), 400),
        ((414,), 414),
        ((422, 422), 422),
        ((503, 503), 503),
        ((400, 422), 400),
        ((404, 422, 409), 400),
        ((422, 500), 500),
        ((502, 400, 404), 500),
        ((502, 503), 500),
    ],
)
def test_status_of_a_list_is_the_common_one_else_400_or_500(statuses: tuple[int, ...], status: int) -> None:
    assert QueryErrors(map(fault, statuses)).status == status


def test_errors_ask_for_no_headers_and_profiles_but_those_that_are_given() -> None:
    errors = QueryErrors([fault(405)])
    assert (errors.headers, errors.profiles) == ({}, ())


@pytest.mark.rule("ERR-10")
def test_errors_are_kept_in_order_and_shown_with_their_places() -> None:
    errors = QueryErrors([fault(400, "First."), fault(400, "Second.", None), fault(400, "Third.", "sort")])
    assert [error.detail for error in errors.errors] == ["First.", "Second.", "Third."]
    assert str(errors) == "filter[id]: First.\nSecond.\nsort: Third."


@pytest.mark.rule("DOC-02")
def test_there_are_no_query_errors_without_an_error() -> None:
    with pytest.raises(ValueError, match="at least one error"):
        QueryErrors([])


def test_query_errors_can_be_sent_to_another_process() -> None:
    errors = QueryErrors(
        [ErrorObject("code", "Title", "Detail.", "sort", meta={"allowed": ["a"]})],
        headers={"Allow": "GET"},
        profiles=["https://a.org"],
    )
    for again in (pickle.loads(pickle.dumps(errors)), copy.deepcopy(errors)):  # noqa: S301  (it is our own)
        assert again.errors == errors.errors
        assert (again.status, again.headers, again.profiles) == (400, {"Allow": "GET"}, ("https://a.org",))


@pytest.mark.parametrize("kind", [CompileError, DeclarationError, NotRenderable])
def test_errors_of_developers_are_value_errors_and_not_those_of_clients(kind: type[Exception]) -> None:
    assert issubclass(kind, ValueError)
    assert not issubclass(kind, QueryErrors)
