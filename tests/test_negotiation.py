from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.negotiation import MEDIA_TYPE, check_accept, check_content_type

OURS = MEDIA_TYPE
LONGEST = 131_072


def judged(check: Callable[[str | None], None], header: str) -> int:
    """Give the status that a header is answered with."""
    try:
        check(header)
    except QueryErrors as errors:
        return errors.status
    return 200


def refusal(check: Callable[[str | None], None], header: str | None) -> dict[str, object]:
    with pytest.raises(QueryErrors) as raised:
        check(header)
    (error,) = raised.value.errors
    return error.to_dict()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        ", ,",
        "*/*",
        "application/*",
        OURS,
        f" {OURS} ",
        OURS.upper(),
        f"text/html, {OURS}",
        f"{OURS};profile=p",
        f'{OURS}; profile="https://example.org/unknown https://example.org/another"',
        f'{OURS};PROFILE="a,b;c\\"d"',
        f'{OURS}; ext=""',
        f'{OURS};ext=" \t"',
        f"{OURS};",
        f"{OURS} ; ; ",
        f"{OURS};q=0.5",
        f"{OURS};Q=0.001",
        f"{OURS}; profile=p; q=1",
        f"{OURS};q=high",
        f'{OURS};foo=1, {OURS};ext="https://example.org/x", {OURS}',
        f"{OURS};q=0, {OURS};profile=p",
        f"*/*;q=0, {OURS}",
        "*/*;q=0, application/*;q=0.1",
        "*/*;charset=utf-8",
        "text/html, image/gif, *; q=.2, */*; q=.2",
    ],
)
def test_accept_admits(header: str | None) -> None:
    check_accept(header)


@pytest.mark.parametrize(
    "header",
    [
        "text/html",
        "application/json",
        "garbage",
        "/",
        "text/*",
        "*/json",
        f"{OURS}x",
        f"{OURS};charset=utf-8",
        f"{OURS}; foo=bar",
        f"{OURS};foo=1, */*",
        f"{OURS};q=0.5;foo=1",
        f'{OURS};ext="https://jsonapi.org/ext/atomic"',
        f'{OURS};EXT="https://jsonapi.org/ext/atomic"',
        f"{OURS};ext=x, */*",
        f'{OURS};ext="";ext=x',
        f'{OURS};profile=p;ext="a b"',
        f"{OURS};q=0",
        f"{OURS};q=0.000",
        f"{OURS};q=0, */*",
        f"{OURS};foo=1;q=0, */*",
        "application/*;q=0, */*",
        "*/*;q=0.",
        f"{OURS};q=",
        f"{OURS};profile",
        f'{OURS};profile="',
        f'{OURS};profile="\\',
        f'text/html;x="{OURS}, */*"',
        f'text/html;x="never closed, {OURS}, */*',
        f"{OURS};profile=ü",
        f"{OURS}\n",
    ],
)
def test_accept_does_not_admit(header: str) -> None:
    assert refusal(check_accept, header) == {
        "status": "406",
        "code": "not-acceptable",
        "title": "Not acceptable",
        "detail": "The header does not admit application/vnd.api+json without parameters.",
        "source": {"header": "Accept"},
        "meta": {"allowed": OURS},
    }


@pytest.mark.parametrize(
    "header",
    [
        OURS,
        f" {OURS} ",
        "Application/VND.API+JSON",
        f"{OURS};",
        f'{OURS}; profile="https://example.org/unknown"',
        f"{OURS};Profile=p;profile=q",
        f'{OURS};ext=""',
    ],
)
def test_content_types_of_json_api(header: str) -> None:
    check_content_type(header)


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (None, "The body has no media type."),
        ("", "'' is not application/vnd.api+json."),
        ("application/json", "'application/json' is not application/vnd.api+json."),
        ("*/*", "'*/*' is not application/vnd.api+json."),
        (f"{OURS}, {OURS}", f"'{OURS}, {OURS}' is not {OURS}."),
        (f"{OURS} {OURS}", f"'{OURS} {OURS}' is not {OURS}."),
        (f"{OURS};x", f"'{OURS};x' is not {OURS}."),
        ("text/plain; x=" + "y" * 100, f"'text/plain; x={'y' * 50}…' is not {OURS}."),
        (f"{OURS};charset=utf-8", f"{OURS} has no parameter 'charset'."),
        (f"{OURS} ; foo=bar", f"{OURS} has no parameter 'foo'."),
        (f"{OURS};q=1", f"{OURS} has no parameter 'q'."),
        (f'{OURS};profile=p;Ext="urn:x"', "The extension '\"urn:x\"' is not supported."),
        (f'{OURS};ext="urn:a urn:b"', "The extension '\"urn:a urn:b\"' is not supported."),
    ],
)
def test_other_content_types(header: str | None, detail: str) -> None:
    assert refusal(check_content_type, header) == {
        "status": "415",
        "code": "unsupported-media-type",
        "title": "Unsupported media type",
        "detail": detail,
        "source": {"header": "Content-Type"},
        "meta": {"allowed": OURS},
    }


@pytest.mark.parametrize("check", [check_accept, check_content_type])
def test_longer_headers_are_not_read(check: Callable[[str | None], None]) -> None:
    header = f'{OURS};profile="{"a" * 16_349}"'
    assert len(header) == 16_384
    assert judged(check, header) == 200
    assert judged(check, header + " ") in (406, 415)
    assert refusal(check, header + " ")["detail"] == "The header is 16385 characters long; at most 16384 are read."


@pytest.mark.parametrize(
    "unit", ['"', "\\", '"\\', ";", "; ", ",", ", ", " ", "a", "a/", 'a="', "*/*,", ';a="b"', ";q=0"]
)
@pytest.mark.parametrize("check", [check_accept, check_content_type])
def test_long_headers_are_judged_at_once(check: Callable[[str | None], None], unit: str) -> None:
    for head in ("", OURS, f"{OURS};", f'{OURS};profile="'):
        start = process_time()
        assert judged(check, head + unit * (LONGEST // len(unit))) in (200, 406, 415)
        assert process_time() - start < 1


@given(st.one_of(st.text(), st.text(f'{OURS};,="\\ \tq0.*/').map(OURS.__add__)))
@example("\ud800")
def test_any_header_is_judged(header: str) -> None:
    assert judged(check_accept, header) in (200, 406)
    assert judged(check_content_type, header) in (200, 415)
