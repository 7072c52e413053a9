"""Fetching resources and relationships (JSON:API 1.1, "Fetching Data")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.sections.documents import is_refused, telling
from jsonapi_sieve.testing.conformance.subject import Subject

__all__ = ["FETCHING"]

_MOST_RELATED: Final = 10
_FULL: Final = {"attributes", "relationships"}
_OK: Final = 200


@checks("FET-01")
def a_collection_is_an_array(subject: Subject) -> Iterator[Finding]:
    """Ask for the collection, and for nothing of it."""
    yield from subject.first.expect("FET-01", 200, to="a plain request")
    empty = [subject.get(subject.collection.empty)] if subject.collection.empty else []
    for answer in empty:
        yield from answer.expect("FET-01", 200, to="a query that finds nothing")
    for answer in (subject.first, *empty):
        if answer.status == _OK and not isinstance(answer.data, list):
            yield answer.breaks("FET-01", "The data of a collection is no array.")


@checks("DOC-06")
def a_collection_of_one_is_an_array(subject: Subject) -> Iterator[Finding]:
    """Ask for a page of one resource."""
    subject.require(subject.sized(1), "How the collection is paged is not known.")
    answer = subject.get(subject.sized(1))
    if answer.found and not isinstance(answer.data, list):
        yield answer.breaks("DOC-06", "The data of a collection of one resource is no array.")


@checks("FET-02")
def single_resources_are_objects(subject: Subject) -> Iterator[Finding]:
    """Ask for a resource; where it does not tell its address, what is not found at the usual one says nothing."""
    resource = subject.listed[0]
    ((answer, _),) = telling(subject, [(subject.address_of(resource), None)])
    subject.require(answer.found or subject.link(resource, "self"), "No address of a single resource is known.")
    yield from answer.expect("FET-02", 200, to="a resource that is listed")
    if answer.status == _OK and not isinstance(answer.data, dict):
        yield answer.breaks("FET-02", "The data of a single resource is no object.")


@checks("FET-02")
def what_is_related_is_one_or_many(subject: Subject) -> Iterator[Finding]:
    """Ask for what is related to several resources."""
    links = [
        (link, kind)
        for _, name, relationship in subject.some_related(_MOST_RELATED)
        if (link := subject.link(relationship, "related")) and (kind := _kind(subject, name, relationship))
    ]
    subject.require_links(links, "No relationship that is known to be to-one or to-many has a related link.")
    for answer, kind in telling(subject, links):
        yield from _related(answer, kind)


def _kind(subject: Subject, name: str, relationship: dict[str, Any]) -> str:
    """Tell by the description or by its linkage what a relationship is; nothing where neither does."""
    if name in subject.to_one:
        return "one"
    if name in subject.to_many:
        return "many"
    if "data" not in relationship:
        return ""
    return "many" if isinstance(relationship["data"], list) else "one"


def _related(answer: Answer, kind: str) -> Iterator[Finding]:
    yield from answer.expect("FET-02", 200, to="a related link")
    if answer.status == _OK and not _has_data(answer):
        yield answer.breaks("FET-02", "What is related has no data; where there is nothing, it is null.")
    elif answer.status == _OK and isinstance(answer.data, list) is not (kind == "many"):
        yield answer.breaks("FET-02", f"The data related by a to-{kind} relationship is of the other kind.")


def _has_data(answer: Answer) -> bool:
    return answer.found and "data" in answer.document


@checks("FET-03")
def an_absent_resource_is_not_found(subject: Subject) -> Iterator[Finding]:
    """Ask for a resource that does not exist."""
    known = subject.get(url=subject.beside(subject.listed[0]["id"]))
    subject.require(known.found, "No address of a single resource is known.")
    yield from _not_found(subject, "FET-03", [subject.beside(subject.absent)], "a resource that does not exist")


def _not_found(subject: Subject, rule: str, urls: list[str], what: str) -> Iterator[Finding]:
    """Say which answers to what does not exist are no 404.

    Raises:
        Skipped: where all are refused for a reason that may be another.
    """
    answers = [subject.get(url=url) for url in urls]
    told = [answer for answer in answers if not is_refused(answer)]
    subject.require(told, f"The answer to {what} is {answers[0].status}, which may be for another reason.")
    for answer in told:
        yield from answer.expect(rule, 404, to=what)


@checks("FET-04")
def relationships_give_their_linkage(subject: Subject) -> Iterator[Finding]:
    """Follow the `self` of relationships, and ask for some that do not exist."""
    links = [
        (link, (resource, name, relationship))
        for resource, name, relationship in subject.some_related(3)
        if (link := subject.link(relationship, "self"))
    ]
    subject.require_links(links, "No relationship has a self link.")
    for answer, (_, name, relationship) in telling(subject, links):
        yield from answer.expect("FET-04", 200, to="the self link of a relationship")
        yield from _linkage(answer, _kind(subject, name, relationship))
    link, (resource, name, _) = links[0]
    if link == subject.beside(resource["id"], "relationships", name):
        absent = ((subject.absent, name), (resource["id"], "made-up"))
        urls = [subject.beside(id_, "relationships", other) for id_, other in absent]
        yield from _not_found(subject, "FET-04", urls, "a relationship that does not exist")


def _linkage(answer: Answer, kind: str) -> Iterator[Finding]:
    if answer.status != _OK:
        return
    if not _has_data(answer):
        yield answer.breaks("FET-04", "The linkage of a relationship is no primary data.")
    elif any(_FULL & item.keys() for item in answer.resources):
        yield answer.breaks("FET-04", "The linkage of a relationship has whole resources.")
    elif kind and isinstance(answer.data, list) is not (kind == "many"):
        yield answer.breaks("FET-04", f"The linkage of a to-{kind} relationship is of the other kind.")


@checks("FET-05")
def http_is_kept(subject: Subject) -> Iterator[Finding]:
    """Ask by HEAD, and ask again for what is known already."""
    first = subject.get()
    subject.require(first.found, "The collection is not found.")
    head = subject.client.ask("HEAD", subject.url)
    yield from head.expect("FET-05", 200, to="HEAD where GET is found")
    length = head.headers.get("content-length", "")
    second = subject.get()
    lengths = {str(len(answer.body)) for answer in (first, second)}
    if head.status == first.status and length not in {"", *lengths}:
        yield head.breaks("FET-05", f"Content-Length is {length} for HEAD and {len(first.body)} for GET.")
    tag = first.headers.get("etag")
    # A tag that is another each time is of a document that changes.
    if tag and tag == second.headers.get("etag") == head.headers.get("etag", tag):
        again = subject.get(headers={"If-None-Match": tag})
        yield from again.expect("FET-05", 304, to="a request with If-None-Match and the ETag")
        if again.status == 304 and again.body:  # noqa: PLR2004
            yield again.breaks("FET-05", "An answer that nothing is modified has a body.")
        other = subject.get(headers={"If-None-Match": '"made-up"'})
        yield from other.expect("FET-05", 200, to="a request with another ETag")


FETCHING: Final[tuple[Check, ...]] = (
    a_collection_is_an_array,
    a_collection_of_one_is_an_array,
    single_resources_are_objects,
    what_is_related_is_one_or_many,
    an_absent_resource_is_not_found,
    relationships_give_their_linkage,
    http_is_kept,
)
