"""Faults of fetching, of what is included and of which fields are shown: sections FET, INC and FLD of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tests.conformance.exchange import (
    Answer,
    Ask,
    Document,
    Fault,
    Request,
    misheard,
    misspoken,
    miswritten,
    resources_of,
)


def _is_one(request: Request, answer: Answer) -> bool:
    return request.method == "GET" and len(request.segments) == 2 and answer.status == 200


def _is_linkage(request: Request) -> bool:
    return request.method == "GET" and "relationships" in request.segments


def _accepts_instead(request: Request, answer: Answer) -> Answer:
    return replace(answer, status=202) if request.method == "GET" and answer.status == 200 else answer


def _wraps_one(request: Request, answer: Answer) -> Answer:
    document = answer.document
    return answer.saying({**document, "data": [document["data"]]}) if _is_one(request, answer) else answer


def _finds_what_is_missing(request: Request, answer: Answer) -> Answer:
    is_missing = len(request.segments) == 2 and answer.status == 404
    return answer.saying({"data": None}, status=200) if is_missing else answer


def _shows_resources_as_linkage(request: Request) -> Request:
    """Take the address of a relationship for that of what is related."""
    path = request.path.replace("/relationships", "")
    return replace(request, path=path) if _is_linkage(request) else request


def _names_no_methods(_request: Request, answer: Answer) -> Answer:
    return answer.silent("allow")


def _includes(paths: Callable[[str], str | None]) -> Fault:
    """Read `include` as other paths; None passes it over."""
    return misheard(lambda request: request.mapped(lambda name, value: paths(value) if name == "include" else value))


async def _passes_over_vain_includes(request: Request, ask: Ask) -> Answer:
    """Ignore what cannot be included."""
    answer = await ask(request)
    is_vain = answer.status == 400 and request.parameter("include") is not None
    return await ask(request.without(lambda name: name == "include")) if is_vain else answer


async def _passes_over_includes_of_endpoints_without(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.status == 400 and request.segments[0] == "tags":
        return await ask(request.without(lambda name: name == "include"))
    return answer


def _leaves_empty_out(document: Document) -> None:
    if document.get("included") == []:
        del document["included"]


def _names_of(paths: str) -> list[str]:
    return [path for path in paths.split(",") if path]


def _with_comments(paths: str) -> str:
    return ",".join({*_names_of(paths), "comments"}) if paths == "author" else paths


def _leaves_intermediate_out(request: Request, answer: Answer) -> Answer:
    """Include what the ends of paths lead to and nothing on the way there."""
    paths = _names_of(request.parameter("include") or "")
    document = answer.document
    if answer.status == 200 and any("." in path for path in paths):
        ends = document["included"][-1:]
        return answer.saying({**document, "included": ends})
    return answer


def _cut_where_deep(paths: str) -> str:
    """Take no more of a path than its first name where it has more than three."""
    return ",".join(path.partition(".")[0] if path.count(".") > 2 else path for path in paths.split(","))


def _fields(change: Callable[[str, str], str | None]) -> Fault:
    """Read `fields[TYPE]` otherwise; None passes it over."""
    return misheard(
        lambda request: request.mapped(
            lambda name, value: change(name[7:-1], value) if name.startswith("fields[") else value
        )
    )


def _hides_relationships(request: Request, answer: Answer) -> Answer:
    """Show no relationships wherever some fields are asked for."""
    document = answer.document
    if any(name.startswith("fields[") for name, _ in request.parameters) and answer.status == 200:
        for resource in resources_of(document):
            resource.pop("relationships", None)
        return answer.saying(document)
    return answer


async def _passes_over_unknown_fields(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.status == 400:
        return await ask(request.without(lambda name: name.startswith("fields[")))
    return answer


def _restricts_primary_data_only(request: Request) -> Request:
    return request.without(lambda name: name.startswith("fields[") and name[7:-1] != request.segments[0])


FAULTS: Final[dict[str, Fault]] = {
    "FET-01": misspoken(_accepts_instead),
    "FET-02": misspoken(_wraps_one),
    "FET-03": misspoken(_finds_what_is_missing),
    "FET-04": misheard(_shows_resources_as_linkage),
    "FET-05": misspoken(_names_no_methods),
    "INC-01": _passes_over_includes_of_endpoints_without,
    "INC-02": miswritten(_leaves_empty_out),
    "INC-03": _includes(_with_comments),
    "INC-04": _includes(lambda paths: ",".join(_names_of(paths)) or None),
    "INC-05": _passes_over_vain_includes,
    "INC-06": misspoken(_leaves_intermediate_out),
    "INC-07": _includes(_cut_where_deep),
    "FLD-01": misspoken(_hides_relationships),
    "FLD-02": _fields(lambda _, names: names or None),
    "FLD-03": _fields(lambda *_: None),
    "FLD-05": _passes_over_unknown_fields,
    "FLD-06": misheard(_restricts_primary_data_only),
}
