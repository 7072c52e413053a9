"""Faults of query strings in general: section QRY of the rules."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from tests.conformance.exchange import Answer, Document, Fault, Request, misheard, miswritten, refusal

_member_name = "[a-zA-Z0-9\u0080-\U0010ffff](?:[-_ a-zA-Z0-9\u0080-\U0010ffff]*[a-zA-Z0-9\u0080-\U0010ffff])?"
_is_legal = re.compile(rf"[a-z]+(?:\[(?:{_member_name}(?:\.{_member_name})*)?\])*").fullmatch
_FAMILIES: Final = ("filter", "page", "fields", "sort", "include")


def _reads_no_escapes_in_names(request: Request) -> Request | Answer:
    return refusal(400) if re.search("%(?!5[BDbd])[^=]*=", request.query) else request


def _writes_brackets_as_they_are(document: Document) -> None:
    links = document.get("links", {})
    for name, link in links.items():
        if isinstance(link, str):
            links[name] = unquote(link)


def _reads_capital_escapes_only(request: Request) -> Request | Answer:
    return refusal(400) if "%5b" in request.query else request


def _knows_no_dashes(request: Request) -> Request | Answer:
    return refusal(400) if any("-" in name for name, _ in request.parameters) else request


def _passes_over_illegal_members(request: Request) -> Request:
    return request.without(lambda name: name.startswith(_FAMILIES) and not _is_legal(name))


def _passes_over_what_is_unknown(request: Request) -> Request:
    return request.without(lambda name: ":" not in name and not name.startswith(_FAMILIES))


def _passes_over_extensions(request: Request) -> Request:
    return request.without(lambda name: ":" in name)


def _takes_the_last(request: Request) -> Request:
    return request.asking(list(dict(request.parameters).items()))


def _names_the_family(document: Document) -> None:
    for error in document.get("errors", ()):
        source = error.get("source", {})
        if "parameter" in source:
            source["parameter"] = source["parameter"].partition("[")[0] + "[]"


FAULTS: Final[dict[str, Fault]] = {
    "QRY-01": misheard(_reads_no_escapes_in_names),
    "QRY-03": miswritten(_writes_brackets_as_they_are),
    "QRY-04": misheard(_reads_capital_escapes_only),
    "QRY-05": misheard(_knows_no_dashes),
    "QRY-06": misheard(_passes_over_illegal_members),
    "QRY-07": misheard(_passes_over_what_is_unknown),
    "QRY-09": misheard(_passes_over_extensions),
    "QRY-10": misheard(_takes_the_last),
    "QRY-11": miswritten(_names_the_family),
}
