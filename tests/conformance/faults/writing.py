"""Faults of what changes resources: sections CRE, UPD, REL and DEL of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.conformance.exchange import Answer, Ask, Fault, Request, misheard, misspoken, refusal


def _repaired(repair: Callable[[Any], object]) -> Fault:
    """Read the document of a POST as another one, which is right."""

    def change(request: Request) -> Request:
        document = request.document
        return request if request.method != "POST" or document is None else request.sending(repair(document))

    return misheard(change)


def _with_data(document: Any) -> object:
    """Take whatever is no resource object for its first part."""
    match document:
        case {"data": [first, *_]}:
            return {**document, "data": first}
        case _:
            return document


def _without_vain_relationships(document: Any) -> object:
    match document:
        case {"data": {"relationships": dict() as relationships} as data}:
            told = {name: value for name, value in relationships.items() if "data" in value}
            return {**document, "data": {**data, "relationships": told}}
        case _:
            return document


def _without_id(document: Any) -> object:
    match document:
        case {"data": {"id": _} as data}:
            return {**document, "data": {name: value for name, value in data.items() if name != "id"}}
        case _:
            return document


async def _does_half_of_it(request: Request, ask: Ask) -> Answer:
    """Create a resource although what it is related to is not there, and tell the client that it could not."""
    answer = await ask(request)
    match request.document:
        case {"data": {"relationships": dict() as relationships} as data} if answer.status == 404:
            for name, relationship in relationships.items():
                linkage = relationship["data"]
                right = {"type": "people", "id": "1"} if name != "tags" else []
                relationships[name] = {"data": right if linkage else linkage}
            await ask(request.sending({"data": data}))
    return answer


def _answers(status: int, instead: int, *, to: str = "POST", segments: int | None = None) -> Fault:
    """Answer with another status."""

    def change(request: Request, answer: Answer) -> Answer:
        is_there = segments is None or len(request.segments) == segments
        return (
            replace(answer, status=instead) if (request.method, answer.status) == (to, status) and is_there else answer
        )

    return misspoken(change)


def _says_little_of_conflicts(_request: Request, answer: Answer) -> Answer:
    return answer.saying({"errors": [{"status": "409"}]}) if answer.status == 409 else answer


def _forgets_what_it_made(request: Request, answer: Answer) -> Answer:
    return answer.saying({"meta": {}}) if answer.status == 201 else answer


def _leads_elsewhere(_request: Request, answer: Answer) -> Answer:
    location = answer.headers.get("location")
    return answer if location is None else answer.telling(location=f"{location}?fields")


def _deletes_in_silence(request: Request) -> Request | Answer:
    if request.method != "DELETE" or "relationships" in request.segments:
        return request
    return refusal(200).saying({"data": None})


FAULTS: Final[dict[str, Fault]] = {
    "CRE-01": _does_half_of_it,
    "CRE-02": _repaired(_with_data),
    "CRE-03": _repaired(_without_vain_relationships),
    "CRE-04": _repaired(_without_id),
    "CRE-05": misspoken(_forgets_what_it_made),
    "CRE-06": misspoken(lambda _request, answer: answer.silent("location")),
    "CRE-07": misspoken(_leads_elsewhere),
    "CRE-09": _answers(404, 422),
    "CRE-10": _answers(409, 400),
    "CRE-11": misspoken(_says_little_of_conflicts),
    "UPD-06": _answers(403, 400, to="PATCH", segments=2),
    "REL-06": _answers(403, 400, to="POST", segments=4),
    "DEL-01": misheard(_deletes_in_silence),
}
