from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.negotiation import MEDIA_TYPE, MediaType, check_accept, check_content_type
from tests.cpu import at_once

OURS = MEDIA_TYPE
LONGEST = 16_384


def judged(check: Callable[[str | None], MediaType], header: str | None) -> int:
    """Give the status that a header is answered with."""
    try:
        check(header)
    except QueryErrors as errors:
        return errors.status
    return 200


def refusal(check: Callable[..., MediaType], header: str | None, extensions: Collection[str] = ()) -> dict[str, object]:
    with pytest.raises(QueryErrors) as raised:
        check(header, extensions=extensions)
    (error,) = raised.value.errors
    return error.to_dict()


@pytest.mark.rule("CN-07", "CN-09", "CN-11", "CN-14")
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
    assert check_accept(header) == MediaType()


@pytest.mark.rule("CN-07", "CN-08", "CN-11")
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
        f"{OURS};q=1;q=0",
        f"{OURS};q=0;q=1",
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


@pytest.mark.rule("CN-09", "CN-14")
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
    assert check_content_type(header) == MediaType()


@pytest.mark.rule("CN-05", "CN-06", "CN-13")
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
        (f'{OURS};profile=p;Ext="urn:x"', "The extension 'urn:x' is not supported."),
        (f'{OURS};ext="urn:a urn:b"', "The extension 'urn:a' is not supported."),
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
def test_longer_headers_are_not_read(check: Callable[[str | None], MediaType]) -> None:
    header = f'{OURS};profile="{"a" * 16_349}"'
    assert len(header) == LONGEST
    assert judged(check, header) == 200
    assert judged(check, header + " ") in (406, 415)
    assert refusal(check, header + " ")["detail"] == "The header is 16385 characters long; at most 16384 are read."


@pytest.mark.parametrize(
    "unit", ['"', "\\", '"\\', ";", "; ", ",", ", ", " ", "a", "a/", 'a="', "*/*,", ';a="b"', ";q=0"]
)
@pytest.mark.parametrize("check", [check_accept, check_content_type])
def test_long_headers_are_judged_at_once(check: Callable[[str | None], MediaType], unit: str) -> None:
    for head in ("", OURS, f"{OURS};", f'{OURS};profile="'):
        with at_once():
            assert judged(check, head + unit * ((LONGEST - len(head)) // len(unit))) in (200, 406, 415)


@given(st.one_of(st.text(), st.text(f'{OURS};,="\\ \tq0.*/').map(OURS.__add__)))
@example("\ud800")
def test_any_header_is_judged(header: str) -> None:
    assert judged(check_accept, header) in (200, 406)
    assert judged(check_content_type, header) in (200, 415)


EXTENSIONS = ("urn:ext:a", "urn:ext:b")
PROFILES = ("https://a.org/dates", "https://a.org/cursors")
NEGOTIATED: dict[str, Any] = {"extensions": EXTENSIONS, "profiles": PROFILES}


def of(*uris: str, name: str = "ext") -> str:
    """Write a media type with a parameter that lists URIs."""
    return f'{OURS};{name}="{" ".join(uris)}"'


@pytest.mark.rule("CN-06", "CN-08", "CN-09", "CN-11")
@pytest.mark.parametrize(
    ("header", "terms"),
    [
        (OURS, MediaType()),
        (of("urn:ext:a"), MediaType(("urn:ext:a",))),
        (of("urn:ext:b", "urn:ext:a", "urn:ext:b"), MediaType(("urn:ext:b", "urn:ext:a"))),
        (f'{OURS};ext="urn:ext:\\a"', MediaType(("urn:ext:a",))),
        (of("urn:ext:a") + ';EXT="urn:ext:b"', MediaType(("urn:ext:a", "urn:ext:b"))),
        (of("https://a.org/dates", name="profile"), MediaType((), ("https://a.org/dates",))),
        (of("https://a.org/unknown", *PROFILES, name="Profile"), MediaType((), PROFILES)),
        (of("https://a.org/DATES", name="profile"), MediaType()),
        (of("urn:ext:a") + ';profile="https://a.org/dates"', MediaType(("urn:ext:a",), ("https://a.org/dates",))),
    ],
)
def test_what_is_supported_is_negotiated(header: str, terms: MediaType) -> None:
    assert check_accept(header, **NEGOTIATED) == terms
    assert check_content_type(header, **NEGOTIATED) == terms


@pytest.mark.rule("CN-08", "CN-11")
@pytest.mark.parametrize(
    ("header", "extensions"),
    [
        (f"{of('urn:ext:a')};q=0.4, {OURS};q=0.5", ()),
        (f"{of('urn:ext:a')}, {OURS};q=0.5", ("urn:ext:a",)),
        (f"{of('urn:ext:a')}, {OURS}", ("urn:ext:a",)),
        (f"{OURS}, {of('urn:ext:a')}", ()),
        (f"{of('urn:ext:a')};q=0, {of('urn:ext:b')};q=0.001", ("urn:ext:b",)),
        (f"{of('urn:ext:a', 'urn:ext:x')}, {of('urn:ext:b')};q=0.1", ("urn:ext:b",)),
        (f"{of('urn:ext:x')}, {OURS}", ()),
        ("*/*;ext=x, application/*;ext=y", ()),
    ],
)
def test_the_greatest_weight_decides(header: str, extensions: tuple[str, ...]) -> None:
    assert check_accept(header, **NEGOTIATED).extensions == extensions


@pytest.mark.rule("CN-06", "CN-08")
@pytest.mark.parametrize("header", [of("urn:ext:x"), of("urn:ext:a", "urn:ext:x"), of("URN:EXT:A")])
def test_one_unsupported_extension_is_enough(header: str) -> None:
    assert refusal(check_accept, header, EXTENSIONS)["detail"] == (
        f"The header does not admit {OURS} without parameters, or with extensions that are supported."
    )
    error = refusal(check_content_type, header, EXTENSIONS)
    assert (error["status"], error["meta"]) == ("415", {"allowed": OURS, "extensions": list(EXTENSIONS)})


@pytest.mark.rule("CN-02", "CN-03", "CN-04")
@pytest.mark.parametrize(
    ("terms", "written"),
    [
        (MediaType(), OURS),
        (MediaType((), PROFILES[:1]), f'{OURS}; profile="https://a.org/dates"'),
        (
            MediaType(EXTENSIONS, PROFILES),
            f'{OURS}; ext="urn:ext:a urn:ext:b"; profile="https://a.org/dates https://a.org/cursors"',
        ),
    ],
)
def test_terms_are_written_and_read_again(terms: MediaType, written: str) -> None:
    assert str(terms) == written
    assert check_content_type(written, **NEGOTIATED) == check_accept(written, **NEGOTIATED) == terms


@pytest.mark.rule("CN-03")
@pytest.mark.parametrize("uri", ["", "a b", 'a"', "a\\", "a\n", "é", "\x7f"])
def test_what_is_no_uri_is_not_written(uri: str) -> None:
    with pytest.raises(ValueError, match="is no URI"):
        str(MediaType(profiles=("https://a.org", uri)))


@pytest.mark.rule("CN-13")
@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 200),
        ("", 200),
        ("application/json; charset=utf-8", 200),
        ("garbage", 200),
        (OURS, 200),
        (f"{OURS}; charset=utf-8", 415),
        (of("urn:ext:x"), 415),
        ("a" * 16_385, 415),
    ],
)
def test_other_media_types_are_taken_where_nobody_is_strict(header: str | None, status: int) -> None:
    def check(sent: str | None) -> MediaType:
        return check_content_type(sent, strict=False)

    assert judged(check, header) == status


@pytest.mark.parametrize("check", [check_accept, check_content_type])
def test_a_text_is_no_collection_of_uris(check: Callable[..., MediaType]) -> None:
    with pytest.raises(TypeError, match="collections of URIs, not the text 'urn:a'"):
        check(OURS, extensions="urn:a")
    with pytest.raises(TypeError, match="collections of URIs, not the text 'urn:b'"):
        check(OURS, profiles="urn:b")
