"""Further faults: other ways to break a rule, each of which the kit has to see as well."""

from __future__ import annotations

import re
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
    refusal,
    relationships_of,
    resources_of,
)

_MADE_UP: Final = "https://example.com/made-up"


def _refusing(status: int, is_refused: Callable[[Request], object]) -> Fault:
    """Refuse some requests."""
    return misheard(lambda request: refusal(status) if is_refused(request) else request)


def _accepts(pattern: str) -> Callable[[Request], object]:
    return lambda request: re.search(pattern, request.headers.get("accept", ""))


def _found(change: Callable[[Request, Document], object]) -> Fault:
    """Change in place the documents that requests find by GET."""

    def rewrite(request: Request, answer: Answer) -> Answer:
        document = answer.document
        if request.method != "GET" or answer.status != 200 or not isinstance(document, dict):
            return answer
        change(request, document)
        return answer.saying(document)

    return misspoken(rewrite)


def _answering(status: int, instead: int, *, where: Callable[[Request, Answer], object] = lambda *_: True) -> Fault:
    """Give some answers another status."""

    def change(request: Request, answer: Answer) -> Answer:
        return replace(answer, status=instead) if answer.status == status and where(request, answer) else answer

    return misspoken(change)


def _echoes_any_profile(request: Request, answer: Answer) -> Answer:
    told = re.search(r'profile="[^"]*"', request.headers.get("accept", ""))
    return answer.telling(content_type=f"application/vnd.api+json;{told[0]}") if told and answer.body else answer


def _tells_caches_of_successes_only(_request: Request, answer: Answer) -> Answer:
    return answer if answer.status == 200 else answer.silent("vary")


def _negotiates_by_bodies(request: Request, answer: Answer) -> Answer:
    is_told = _MADE_UP.encode() in request.body
    return answer.telling(content_type=f'application/vnd.api+json;profile="{_MADE_UP}"') if is_told else answer


def _has_another_top_level(request: Request) -> object:
    return isinstance(request.document, dict) and not request.document.keys() <= {"data", "jsonapi"}


def _tells_no_type(_request: Request, document: Document) -> None:
    match document:
        case {"links": {"self": {"type": _} as link}}:
            del link["type"]


def _changes_related_links(request: Request, document: Document) -> None:
    if len(request.segments) == 2:
        for relationship in relationships_of(document):
            relationship["links"]["related"] += "?page%5Bsize%5D=1"


def _reads_no_plus(request: Request) -> Request:
    return replace(request, query=request.query.replace("+", "%2B"))


def _wraps_linkage(request: Request, document: Document) -> None:
    if "relationships" in request.segments and not isinstance(document["data"], list):
        document["data"] = [document["data"]]


def _finds_any_relationship(request: Request, answer: Answer) -> Answer:
    is_missing = "relationships" in request.segments and answer.status == 404
    return answer.saying({"data": None}, status=200) if is_missing else answer


def _is_a_collection(request: Request, document: Document) -> bool:
    return len(request.segments) == 1 and isinstance(document["data"], list)


def _includes_nothing_alone(request: Request, document: Document) -> None:
    if len(request.segments) == 2:
        document.pop("included", None)


def _hides_attributes_only(request: Request) -> Request:
    """Take no fields for all relationships."""
    names = "author,editor,comments,tags"
    return request.mapped(lambda name, value: value or (names if name == "fields[articles]" else value))


def _shows_included_whole(request: Request) -> Request:
    return request.without(lambda name: name == "fields[people]")


async def _goes_back_to_the_last_page(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    is_beyond = answer.document == {**answer.document, "data": []} if isinstance(answer.document, dict) else False
    return await ask(request.without(lambda name: name == "page[number]")) if is_beyond else answer


def _links_next_for_ever(request: Request, document: Document) -> None:
    links = document.get("links", {})
    if _is_a_collection(request, document) and "last" in links:
        links["next"] = links["last"]


def _links_prev_always(request: Request, document: Document) -> None:
    links = document.get("links", {})
    if _is_a_collection(request, document) and "first" in links:
        links["prev"] = links["first"]


def _forgets_filters(request: Request, document: Document) -> None:
    links = document.get("links", {})
    for name in ("first", "next", "last"):
        if isinstance(links.get(name), str):
            links[name] = re.sub("filter[^&]*&", "", links[name])


def _takes_sizes_of_nothing(request: Request) -> Request:
    return request.without(lambda name: name == "page[size]" and request.parameter(name) == "0")


def _takes_any_page_member(request: Request) -> Request:
    return request.without(lambda name: name.startswith("page[") and name[5:-1] not in ("number", "size"))


def _types_what_has_none(request: Request) -> Request:
    match request.document:
        case {"data": dict() as data} if request.method == "POST" and "type" not in data:
            return request.sending({"data": {**data, "type": "articles"}})
        case _:
            return request


def _corrects_types(request: Request) -> Request:
    match request.document:
        case {"data": {"type": _} as data} if request.method == "POST":
            return request.sending({**request.document, "data": {**data, "type": "articles"}})
        case _:
            return request


def _sends_away(_request: Request, answer: Answer) -> Answer:
    """Send the client of a new resource to where nothing is, wherever it is told of it."""
    if answer.status != 201:
        return answer
    document = answer.document
    for resource in resources_of(document):
        resource["links"]["self"] += "0"
    return answer.saying(document).telling(location=f"{answer.headers['location']}0")


def _without_types(document: Document) -> None:
    for error in document.get("errors", ()):
        error.pop("links", None)


def _says_where_of_nothing(document: Document) -> None:
    for error in document.get("errors", ()):
        error.pop("source", None)


def _ends_too_soon(request: Request, document: Document) -> None:
    if document.get("links", {}).get("next") and request.parameter("page[size]") == "1":
        document["links"]["next"] = None


FURTHER: Final[dict[str, Fault]] = {
    "CN-07 any": _refusing(406, _accepts(r"\*/\*")),
    "CN-07 beside": _refusing(406, _accepts("made-up=1, ")),
    "CN-08 beside": _refusing(406, _accepts('ext="[^"]*", ')),
    "CN-09 echo": misspoken(_echoes_any_profile),
    "CN-10 refusals": misspoken(_tells_caches_of_successes_only),
    "CN-11 weights": _refusing(406, _accepts(r"q=0\.5")),
    "CN-12 profiles": misspoken(_negotiates_by_bodies),
    "DOC-05 requests": _refusing(400, _has_another_top_level),
    "DOC-07 type": _found(_tells_no_type),
    "DOC-18 change": _found(_changes_related_links),
    "QRY-01 plus": misheard(_reads_no_plus),
    "QRY-01 empty": _refusing(400, lambda request: "&&" in request.query),
    "QRY-11 nothing": miswritten(_says_where_of_nothing),
    "FET-01 empty": _answering(200, 404, where=lambda _, answer: answer.document.get("data") == []),
    "FET-04 kind": _found(_wraps_linkage),
    "FET-04 parents": misspoken(_finds_any_relationship),
    "FET-05 HEAD": _refusing(405, lambda request: request.method == "HEAD"),
    "FET-05 tags": misheard(lambda request: replace(request, headers=dict(_without(request, "if-none-match")))),
    "INC-02 alone": _found(_includes_nothing_alone),
    "INC-04 nothing": _refusing(400, lambda request: request.parameter("include") == ""),
    "FLD-02 attributes": misheard(_hides_attributes_only),
    "FLD-06 people": misheard(_shows_included_whole),
    "PAG-03 next": _found(_links_next_for_ever),
    "PAG-03 prev": _found(_links_prev_always),
    "PAG-06 filters": _found(_forgets_filters),
    "PAG-07 sizes": misheard(_takes_sizes_of_nothing),
    "PAG-07 members": misheard(_takes_any_page_member),
    "PAG-09 last": _goes_back_to_the_last_page,
    "ERR-09 success": _answering(400, 200),
    "CRE-02 types": misheard(_types_what_has_none),
    "CRE-05 OK": _answering(201, 200),
    "CRE-07 nowhere": misspoken(_sends_away),
    "CRE-10 types": misheard(_corrects_types),
    "UPD-06 done": _answering(403, 200, where=lambda request, _: request.method == "PATCH"),
    "CUR-02 source": miswritten(_says_where_of_nothing),
    "CUR-05 type": miswritten(_without_types),
    "CUR-08 source": miswritten(_says_where_of_nothing),
    "CUR-12 type": _refusing(400, lambda request: request.query.count("page%5Bbefore") and "after" in request.query),
    "CUR-15 next": _found(_ends_too_soon),
    "CUR-15 prev": _found(_links_prev_always),
}
"""What breaks a rule, by the rule's id and a word."""


def _without(request: Request, header: str) -> list[tuple[str, str]]:
    return [(name, text) for name, text in request.headers.items() if name != header]
