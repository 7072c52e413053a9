"""What documents say of themselves and of each other (JSON:API 1.1, "Document Structure" and "Links")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.addresses import encoded
from jsonapi_sieve.testing.conformance.answer import Answer, link_of
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.media_types import uris
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.links import PAGING
from jsonapi_sieve.testing.resources import field_names, fields_of

__all__ = ["DOCUMENTS", "contents", "is_refused", "telling"]

_About = TypeVar("_About")

_MOST_LINKS: Final = 40


def is_refused(answer: Answer) -> bool:
    """Whether an answer says that it is not for this client, or elsewhere, which tells nothing of the address."""
    return answer.status in {301, 302, 303, 307, 308, 401, 403, 429}


def telling(subject: Subject, links: Iterable[tuple[str, _About]]) -> list[tuple[Answer, _About]]:
    """Follow links, each with what it is of; gives the answers that tell something of their address.

    Raises:
        Skipped: where none does.
    """
    answers = [(subject.get(url=link), about) for link, about in links]
    told = [(answer, about) for answer, about in answers if not is_refused(answer)]
    subject.require(told, "All that was asked for is elsewhere, or not for this client.")
    return told


def _varied(subject: Subject) -> Iterator[str]:
    """Give queries that the collection takes, as far as they are known."""
    yield from subject.collection.filters[:1]
    yield from (encoded({"sort": f"-{field}"}) for field in subject.sort[:1])
    yield from (encoded({"include": path}) for path in subject.include[:1])
    if subject.sized(1):
        yield subject.sized(1)


def contents(answer: Answer) -> list[tuple[str, str, list[str]]]:
    """Give what a request decides of a document: its resources, and the names of their fields; values may change."""
    return [(item["type"], item["id"], field_names(item)) for item in (*answer.resources, *answer.included)]


@checks("DOC-07")
def self_leads_back(subject: Subject) -> Iterator[Finding]:
    """Follow the top-level `self` of several requests; each has to give what it stood in."""
    answers = [subject.get(query) for query in ("", *_varied(subject))]
    asked = [f'{MEDIA_TYPE};profile="{uri}"' for uri in subject.description.profiles]
    answers += [subject.get(headers={"Accept": accept}) for accept in asked]
    linked = [(answer, link) for answer in answers if answer.found and (link := answer.link("self"))]
    for answer, _ in linked:
        own = answer.member("links")["self"]
        applied = uris(answer.headers.get("content-type", ""), "profile")
        if applied and not (isinstance(own, dict) and "type" in own):
            yield answer.breaks("DOC-07", "A profile is applied, and self does not tell the media type.")
    followed = [(answer, link) for answer, link in linked if subject.client.is_here(link)]
    subject.require_links(followed, "No document has a top-level self.")
    for answer, link in followed:
        if contents(subject.get(url=link)) != contents(answer):
            yield answer.breaks("DOC-07", f"Its self, {link}, leads to other data.")


@checks("DOC-15")
def foreign_keys_are_no_attributes(subject: Subject) -> Iterator[Finding]:
    """Look for attributes that are named as a relationship is, with an `id` behind."""
    fields = [
        (dict(fields_of(resource, "attributes")), dict(fields_of(resource, "relationships")))
        for resource in subject.listed
    ]
    subject.require([pair for pair in fields if all(pair)], "No resource shows both attributes and relationships.")
    for attributes, relationships in fields:
        for name in relationships:
            for key in sorted(attributes.keys() & {f"{name}-id", f"{name}_id", f"{name}Id"}):
                yield subject.first.breaks("DOC-15", f"The attribute {key!r} is the key of the relationship {name!r}.")


@checks("DOC-18")
def related_links_answer(subject: Subject) -> Iterator[Finding]:
    """Follow `related` links, and look for them in the document of the resource alone."""
    links = [
        (link, (resource, name, link))
        for resource, name, relationship in subject.some_related(2)
        if (link := subject.link(relationship, "related"))
    ]
    subject.require_links(links, "No relationship has a related link.")
    for answer, (resource, name, link) in telling(subject, links):
        yield from answer.expect("DOC-18", 200, to="a related link")
        single = subject.get(url=subject.address_of(resource))
        again = dict(fields_of(single.data, "relationships")).get(name) if isinstance(single.data, dict) else None
        here = single.address(link_of(again, "related"))
        if here not in {None, link}:
            yield single.breaks("DOC-18", f"The related link of {name!r} is {here}, and {link} in the collection.")


@checks("DOC-19")
def relationships_page_their_linkage(subject: Subject) -> Iterator[Finding]:
    """Follow the paging links of relationships."""
    links = [
        (link, None)
        for _, _, relationship in subject.some_related(2)
        for name in PAGING
        if (link := subject.link(relationship, name))
    ]
    subject.require(links, "No relationship is paged.")
    pages = [answer for answer, _ in telling(subject, links) if answer.found]
    subject.require(pages, "No page of a relationship is found.")
    for answer in pages:
        if any({"attributes", "relationships"} & item.keys() for item in answer.resources):
            yield answer.breaks("DOC-19", "A page of linkage has whole resources.")


@checks("DOC-20")
def self_leads_to_its_resource(subject: Subject) -> Iterator[Finding]:
    """Follow the `self` of resources."""
    links = [(link, resource) for resource in subject.listed[:3] if (link := subject.link(resource, "self"))]
    subject.require_links(links, "No resource has a self link.")
    for answer, resource in telling(subject, links):
        if answer.ids != [(resource["type"], resource["id"])]:
            yield answer.breaks("DOC-20", f"The self of {resource['type']} {resource['id']} leads to something else.")


def _links(subject: Subject) -> Iterator[str]:
    """Give the links that the first page and the first resource show, each once."""
    found: dict[str, None] = {}
    for holder, names in _holders(subject):
        for name in names:
            if link := subject.link(holder, name):
                found[link] = None
    yield from islice(found, _MOST_LINKS)


def _holders(subject: Subject) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    yield subject.first.document, ("self", "related", *PAGING)
    for resource in subject.listed[:3]:
        yield resource, ("self",)
    for _, _, relationship in subject.some_related(2):
        yield relationship, ("self", "related", *PAGING)


@checks("LNK-04")
def links_answer(subject: Subject) -> Iterator[Finding]:
    """Follow the links that the first page shows."""
    links = [(link, None) for link in _links(subject)]
    subject.require_links(links, "No document has a link.")
    for answer, _ in telling(subject, links):
        yield from answer.expect("LNK-04", 200, to="a link")


DOCUMENTS: Final[tuple[Check, ...]] = (
    self_leads_back,
    foreign_keys_are_no_attributes,
    related_links_answer,
    relationships_page_their_linkage,
    self_leads_to_its_resource,
    links_answer,
)
