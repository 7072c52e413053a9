"""Faults of documents: sections DOC, LNK and MEM of the rules."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from tests.conformance.exchange import (
    Answer,
    Document,
    Fault,
    Request,
    each_resource,
    identifiers_of,
    misheard,
    misspoken,
    miswritten,
    refusal,
    relationships_of,
    resources_of,
)


def _has_data(document: Document) -> bool:
    return bool(document.get("data"))


def _has_errors(document: Document) -> bool:
    return "errors" in document


def _is_array(_request: Request, answer: Answer) -> Answer:
    return answer.saying([answer.document]) if answer.body else answer


def _says_both(document: Document) -> None:
    document["errors"] = [{"status": "200", "title": "There is none"}]


def _unwraps_few(document: Document) -> None:
    match document["data"]:
        case []:
            document["data"] = None
        case [only]:
            document["data"] = only


def _forgets_the_query(document: Document) -> None:
    self_link = document.get("links", {}).get("self")
    if isinstance(self_link, str):
        document["links"]["self"] = self_link.partition("?")[0]
    elif self_link is not None:
        self_link["href"] = self_link["href"].partition("?")[0]


def _contradicts_itself_on_local_ids(document: Document) -> None:
    for resource in resources_of(document):
        resource["lid"] = "a"
    for identifier in identifiers_of(document):
        identifier["lid"] = "b"


def _shows_a_relationship_as_attribute(resource: Document) -> None:
    for name in resource.get("relationships", {}):
        resource.setdefault("attributes", {})[name] = "1"


def _shows_foreign_keys(resource: Document) -> None:
    for name in resource.get("relationships", {}):
        resource.setdefault("attributes", {})[f"{name}_id"] = "1"


def _empties_relationships(document: Document) -> None:
    for relationship in relationships_of(document):
        relationship.clear()


def _links_by_text(document: Document) -> None:
    for relationship in relationships_of(document):
        relationship["data"] = "1"


def _pages_what_is_related(document: Document) -> None:
    for relationship in relationships_of(document):
        links = relationship.get("links", {})
        if "related" in links:
            links["first"] = links["related"]


async def _answers_nothing_for_what_is_empty(request: Request, ask: Any) -> Answer:
    answer: Answer = await ask(request)
    is_found = len(request.segments) == 3 and answer.status == HTTPStatus.OK
    return refusal(404) if is_found and not answer.document["data"] else answer


def _is_another(request: Request, answer: Answer) -> Answer:
    """Show somebody else at the address of a resource."""
    match request.segments, answer.document:
        case [_, _], {"data": {"id": _} as data} as document if request.method == "GET":
            data["id"] = f"{data['id']}0"
            return answer.saying(document)
        case _:
            return answer


def _forgets_who_is_meant(document: Document) -> None:
    for identifier in identifiers_of(document):
        del identifier["id"]


def _forgets_who_is_linked(document: Document) -> None:
    for relationship in relationships_of(document):
        relationship.pop("data", None)


def _says_all_twice(document: Document) -> None:
    document["included"] += document["included"]


def _refuses_at_members(request: Request) -> Request | Answer:
    return refusal(400) if request.method == "POST" and b'"@' in request.body else request


def _with_links(change: Callable[[Document], object]) -> Fault:
    """Change the links of each resource."""

    def rewrite(resource: Document) -> None:
        if "links" in resource:
            change(resource["links"])

    return each_resource(rewrite)


def _names(name: str) -> Fault:
    """Give each resource an attribute of a name."""
    return each_resource(lambda resource: resource.setdefault("attributes", {}).update({name: 1}))


def _does_not_serve_relationships(request: Request) -> Request | Answer:
    return refusal(404) if "relationships" in request.segments else request


FAULTS: Final[dict[str, Fault]] = {
    "DOC-01": misspoken(_is_array),
    "DOC-02": miswritten(lambda document: [document.pop(name) for name in list(document)]),
    "DOC-03": miswritten(_says_both, only=_has_data),
    "DOC-04": miswritten(lambda document: document.update(included=[]), only=_has_errors),
    "DOC-05": each_resource(lambda resource: resource.update(key="1")),
    "DOC-06": miswritten(_unwraps_few, only=lambda document: "data" in document),
    "DOC-07": miswritten(_forgets_the_query),
    "DOC-08": miswritten(lambda document: document.setdefault("links", {}).update(home="/")),
    "DOC-09": each_resource(lambda resource: resource.pop("id")),
    "DOC-10": each_resource(lambda resource: resource.update(id=1)),
    "DOC-11": miswritten(_contradicts_itself_on_local_ids, only=_has_data),
    "DOC-12": each_resource(lambda resource: resource.update(type="a+b")),
    "DOC-13": each_resource(_shows_a_relationship_as_attribute),
    "DOC-14": each_resource(lambda resource: resource.update(attributes=[])),
    "DOC-15": each_resource(_shows_foreign_keys),
    "DOC-16": miswritten(_empties_relationships),
    "DOC-17": miswritten(_links_by_text),
    "DOC-18": _answers_nothing_for_what_is_empty,
    "DOC-19": miswritten(_pages_what_is_related),
    "DOC-20": misspoken(_is_another),
    "DOC-21": miswritten(_forgets_who_is_meant),
    "DOC-22": miswritten(_forgets_who_is_linked),
    "DOC-23": miswritten(_says_all_twice, only=lambda document: bool(document.get("included"))),
    "DOC-24": miswritten(lambda document: document.update(jsonapi={"version": "1.1", "name": "full"})),
    "DOC-25": miswritten(lambda document: document.update(meta=[])),
    "DOC-26": misheard(_refuses_at_members),
    "DOC-27": miswritten(lambda document: document.update({"my_extension:name": 1})),
    "LNK-01": _with_links(lambda links: links.update(self=7)),
    "LNK-02": _with_links(lambda links: links.update(self={"title": "It lacks what it leads to"})),
    "LNK-03": _with_links(lambda links: links.update(self={"href": links["self"], "rel": "two words"})),
    "LNK-04": misheard(_does_not_serve_relationships),
    "MEM-01": _names(""),
    "MEM-02": _names("_name"),
    "MEM-04": _names("na+me"),
    "MEM-05": _names("na me"),
}
