"""Whole documents: the top level (JSON:API 1.1, "Document Structure"), and the check of everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, assert_never

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.asking import asked
from jsonapi_sieve.testing.compound import check_compound
from jsonapi_sieve.testing.errors import check_errors
from jsonapi_sieve.testing.links import PAGING, check_links, check_paging
from jsonapi_sieve.testing.members import Shape, check_meta, has_extension
from jsonapi_sieve.testing.pointers import ROOT, Finding, Place
from jsonapi_sieve.testing.relationships import check_linkage
from jsonapi_sieve.testing.resources import check_resource
from jsonapi_sieve.testing.rules import RULES, Kind
from jsonapi_sieve.testing.violation import Violation
from jsonapi_sieve.uris import is_uri

__all__ = ["assert_document", "check_document"]

# A list for people; and each pointer may be as long as the document.
_MOST: Final = 100

_DOCUMENT: Final = Shape("A document", ("data", "errors", "meta", "jsonapi", "links", "included"))
_LINKS: Final = Shape("The top level", ("self", "related", "describedby", *PAGING), "DOC-08")
_JSONAPI: Final = Shape("The jsonapi object", ("version", "ext", "profile", "meta"), "DOC-24")


def check_document(
    document: object,
    *,
    kind: Kind = "response",
    request: object = None,
    url: str = "",
    recommended: bool = False,
) -> list[Violation]:
    """Give the rules of JSON:API 1.1 that a document breaks, at most 100 of them.

    `document` is a JSON value as `json.loads` gives it, whatever its form and depth. `kind` says what the document is
    for: a response, or a request to create or update a resource or to change a relationship. For a response, `request`
    is the document that it answers: the pointers of errors have to lead into it. `url` is the address that was asked:
    `included` and fields have to be what its `include` and `fields` name, and fields that were not asked for excuse
    resources to which no link leads. With `recommended`, what the specification only recommends counts as well.

    >>> check_document({"data": {"type": "cdrs", "id": 8}})
    [Violation(rule='DOC-10', pointer='/data/id', message='The id is 8, and has to be text.')]
    >>> check_document({"data": {"type": "cdrs", "id": "8"}})
    []
    """
    found = _findings(document, kind, request, url)
    told = islice((each for each in found if recommended or not RULES[each.rule].recommended), _MOST)
    return [Violation(rule, str(place), message) for rule, place, message in told]


def assert_document(
    document: object,
    *,
    kind: Kind = "response",
    request: object = None,
    url: str = "",
    recommended: bool = False,
) -> None:
    """Raise AssertionError with a line for each rule that a document breaks; see `check_document`.

    >>> assert_document({"data": []})
    >>> assert_document({"data": [], "errors": []})
    Traceback (most recent call last):
    AssertionError: The document is not valid JSON:API 1.1:
    DOC-03 at '': data and errors stand side by side. (https://jsonapi.org/format/1.1/#document-top-level)
    """
    __tracebackhide__ = True
    found = check_document(document, kind=kind, request=request, url=url, recommended=recommended)
    if found:
        lines = "\n".join(map(str, found))
        raise AssertionError(f"The document is not valid JSON:API 1.1:\n{lines}")


def _findings(document: object, kind: Kind, request: object, url: str) -> Iterator[Finding]:
    if not isinstance(document, dict):
        yield ROOT.breaks("DOC-01", f"The document is {shown(document)}, and has to be an object.")
        return
    yield from _DOCUMENT.check(document, ROOT)
    yield from _check_company(document)
    yield from _check_data(document, kind)
    yield from _check_included(document, kind)
    yield from check_links(document, ROOT, _LINKS)
    yield from check_paging(document, ROOT)
    yield from check_meta(document, ROOT)
    if "jsonapi" in document:
        yield from _check_jsonapi(document["jsonapi"], ROOT / "jsonapi")
    if "errors" in document:
        yield from check_errors(document["errors"], ROOT / "errors", request)
    yield from check_compound(document, asked(url if kind == "response" else ""))


def _check_company(document: dict[str, Any]) -> Iterator[Finding]:
    if document.keys().isdisjoint(("data", "errors", "meta")) and not has_extension(document):
        yield ROOT.breaks("DOC-02", "A document needs data, errors or meta.")
    if "data" in document and "errors" in document:
        yield ROOT.breaks("DOC-03", "data and errors stand side by side.")
    if "included" in document and "data" not in document:
        yield (ROOT / "included").breaks("DOC-04", "included stands without data.")


def _check_data(document: dict[str, Any], kind: Kind) -> Iterator[Finding]:
    data, at = document.get("data"), ROOT / "data"
    match kind:
        case "response":
            yield from _check_primary(data, at)
        case "create" | "update" if isinstance(data, dict):
            yield from check_resource(data, at, kind)
        case "create" | "update":
            rule = "CRE-02" if kind == "create" else "UPD-01"
            place = at if "data" in document else ROOT
            yield place.breaks(rule, f"A request to {kind} a resource needs one resource object as data.")
        case "relationship":
            if "data" not in document:
                yield ROOT.breaks("REL-01", "A request that changes a relationship needs data.")
            yield from check_linkage(data, at, kind)
        case _:
            assert_never(kind)


def _check_primary(data: object, at: Place) -> Iterator[Finding]:
    if isinstance(data, list):
        yield from _check_resources(data, at, "DOC-06", "response")
    elif isinstance(data, dict):
        yield from check_resource(data, at, "response")
    elif data is not None:
        yield at.breaks("DOC-06", f"data is {shown(data)}, and has to be an object, an array or null.")


def _check_included(document: dict[str, Any], kind: Kind) -> Iterator[Finding]:
    included, at = document.get("included", []), ROOT / "included"
    if isinstance(included, list):
        yield from _check_resources(included, at, "DOC-22", kind)
    else:
        yield at.breaks("DOC-22", f"included is {shown(included)}, and has to be an array.")


def _check_resources(items: list[Any], at: Place, rule: str, kind: Kind) -> Iterator[Finding]:
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield from check_resource(item, at / index, kind)
        else:
            yield (at / index).breaks(rule, f"This is {shown(item)}, and has to be a resource object.")


def _check_jsonapi(value: object, at: Place) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield at.breaks("DOC-24", f"jsonapi is {shown(value)}, and has to be an object.")
        return
    yield from _JSONAPI.check(value, at)
    yield from check_meta(value, at)
    if not isinstance(value.get("version", ""), str):
        yield (at / "version").breaks("DOC-24", f"version is {shown(value['version'])}, and has to be text.")
    for name in ("ext", "profile"):
        uris = value.get(name, [])
        if not isinstance(uris, list):
            yield (at / name).breaks("DOC-24", f"{name} is {shown(uris)}, and has to be an array of URIs.")
            continue
        for index, uri in enumerate(uris):
            if not is_uri(uri):
                yield (at / name / index).breaks("DOC-24", f"This is {shown(uri)}, and has to be a URI.")
