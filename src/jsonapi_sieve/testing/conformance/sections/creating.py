"""Creating resources (JSON:API 1.1, "Creating Resources"), where the description allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.testing.conformance.addresses import absent_id, has_common_form
from jsonapi_sieve.testing.conformance.answer import Answer, link_of
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import DONE, Subject

__all__ = ["CREATING"]

_CREATED: Final = 201
_ACCEPTED: Final = 202
_CONFLICT: Final = 409
_UNPROCESSABLE: Final = 422
_MOST_PAGES: Final = 60


def _is_refusal(answer: Answer) -> bool:
    """Whether an answer says that the client is wrong."""
    return answer.status // 100 == 4  # noqa: PLR2004


def _refused(answer: Answer, rule: str, what: str) -> Iterator[Finding]:
    if not _is_refusal(answer):
        yield answer.breaks(rule, f"The answer to {what} is {answer.described()}, and has to be a refusal.")


def _with(body: dict[str, Any], **members: object) -> dict[str, Any]:
    """Give a body whose resource has other members."""
    return {**body, "data": {**body["data"], **members}}


def _resource(subject: Subject) -> dict[str, Any]:
    """Give a new body, which has a resource.

    Raises:
        Skipped: where the description has none.
    """
    body = subject.body()
    subject.require(isinstance(body.get("data"), dict), "The description's body has no resource.")
    return body


def _linked(body: dict[str, Any]) -> list[str]:
    relationships = body["data"].get("relationships", {})
    return [name for name, value in relationships.items() if isinstance(value, dict) and value.get("data")]


def _relating(body: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    return _with(body, relationships={**body["data"]["relationships"], name: value})


@checks("CRE-05")
def what_is_created_is_answered(subject: Subject) -> Iterator[Finding]:
    """Create a resource, and look at what comes; one that keeps the id of the client needs no document."""
    answer = subject.created
    statuses = (201, 202, 204) if _has_id(answer.sent) else (201, 202)
    yield from answer.expect("CRE-05", *statuses, to="the description's body")
    subject.require(answer.status != _ACCEPTED, "What the description's body creates is only accepted.")
    if answer.status == _CREATED and [type_ for type_, _ in answer.ids] != [_resource(subject)["data"].get("type")]:
        yield answer.breaks("CRE-05", "The answer does not have the resource that is created.")


def _has_id(body: object) -> bool:
    match body:
        case {"data": {"id": _}}:
            return True
        case _:
            return False


def _created(subject: Subject) -> Answer:
    """Give the answer that something is created.

    Raises:
        Skipped: where none says so.
    """
    answer = subject.created
    subject.require(answer.status == _CREATED, "The description's body is not answered with 201.")
    return answer


@checks("CRE-06")
def what_is_created_has_a_location(subject: Subject) -> Iterator[Finding]:
    """Look for the header."""
    answer = _created(subject)
    if answer.address(answer.headers.get("location")) is None:
        yield answer.breaks("CRE-06", "The answer has no Location.")


@checks("CRE-07")
def the_location_leads_to_what_is_created(subject: Subject) -> Iterator[Finding]:
    """Compare the header with the `self` of the resource, and follow it."""
    answer = _created(subject)
    location = answer.address(answer.headers.get("location"))
    own = answer.address(link_of(answer.data, "self"))
    subject.require(location, "The answer has no Location.")
    if own is not None and own != location:
        yield answer.breaks("CRE-07", f"Location is {location}, and the self of the resource {own}.")
    elif subject.client.is_here(location):
        found = subject.get(url=location)
        if found.ids != answer.ids:
            yield found.breaks("CRE-07", "Location does not lead to the resource that is created.")
    else:
        subject.require(own, "Location leads to another origin, and the resource has no self to compare it with.")


@checks("DOC-07")
def new_documents_lead_to_themselves(subject: Subject) -> Iterator[Finding]:
    """Follow the top-level `self` of what is created."""
    top = subject.created.link("self")
    subject.require(subject.client.is_here(top), "The document of a new resource has no self.")
    # The link that has generated the document may be the collection, to which it was sent.
    if top != subject.url and subject.get(url=top).ids != subject.created.ids:
        yield subject.created.breaks("DOC-07", f"Its self, {top}, does not lead to the resource that is created.")


def _counted(subject: Subject) -> int:
    """Count the resources on all pages.

    Raises:
        Skipped: where the pages are too many, or one of them is not found.
    """
    count = 0
    for at, page in enumerate(subject.walk(subject.get(), _MOST_PAGES + 1)):
        subject.require(at < _MOST_PAGES, f"The resources are on more than {_MOST_PAGES} pages, and not counted.")
        subject.require(page.found, "The resources cannot be counted, for a page is not found.")
        count += len(page.ids)
    return count


@checks("CRE-01")
def what_fails_creates_nothing(subject: Subject) -> Iterator[Finding]:
    """Count the resources before and after a body that is taken, and after one that is refused."""
    body = _resource(subject)
    names = _linked(body)
    subject.require(names, "The description's body has no relationship.")
    before = _counted(subject)
    subject.post(_resource(subject))
    with_another = _counted(subject)
    subject.require(with_another > before, "What is created is not seen in the collection, or not on its pages.")
    wrong = _relating(body, names[0], {"data": _absent(body["data"]["relationships"][names[0]]["data"])})
    answer = subject.post(wrong)
    subject.require(_is_refusal(answer), "A relationship to nothing is not refused.")
    if _counted(subject) > with_another:
        yield answer.breaks("CRE-01", "The request is refused, and has created a resource.")


@checks("CRE-02")
def bodies_have_one_resource(subject: Subject) -> Iterator[Finding]:
    """Send bodies that have no resource object with a type."""
    body = _resource(subject)
    untyped = {name: value for name, value in body["data"].items() if name != "type"}
    bodies: tuple[object, ...] = (
        {**body, "data": [body["data"]]},
        {"meta": {}},
        {**body, "data": untyped},
        [],
        "made-up",
    )
    for wrong in bodies:
        yield from _refused(subject.post(wrong), "CRE-02", "a body without a resource object that has a type")


@checks("DOC-14")
def fields_are_objects(subject: Subject) -> Iterator[Finding]:
    """Send resources whose attributes and relationships are no objects."""
    for name in ("attributes", "relationships"):
        answer = subject.post(_with(_resource(subject), **{name: []}))
        yield from _refused(answer, "DOC-14", f"a resource whose {name} are an array")


@checks("CRE-03")
def relationships_have_data(subject: Subject) -> Iterator[Finding]:
    """Send relationships without data."""
    body = _resource(subject)
    names = _linked(body)
    subject.require(names, "The description's body has no relationship.")
    for name in names:
        values: tuple[dict[str, object], ...] = ({}, {"meta": {}})
        for value in values:
            answer = subject.post(_relating(_resource(subject), name, value))
            yield from _refused(answer, "CRE-03", f"a relationship {name!r} without data")


@checks("CRE-04")
def own_ids_are_taken_or_refused(subject: Subject) -> Iterator[Finding]:
    """Create a resource with an id."""
    there = subject.listed[0]["id"]
    subject.require(has_common_form(there), "The ids are neither numbers nor UUIDs, and may have a form of their own.")
    wanted = absent_id(there)
    answer = subject.post(_with(_resource(subject), id=wanted))
    # A number may be an ISBN, whose last digit is none of one's own choice.
    subject.require(
        answer.status != _UNPROCESSABLE, "An id that is made up is answered with 422, and may be no id here."
    )
    yield from answer.expect("CRE-04", 403, *DONE, to="a resource with an id of the client")
    if answer.status == _CREATED and [id_ for _, id_ in answer.ids] != [wanted]:
        yield answer.breaks("CRE-04", "The id of the client is passed over.")


def _absent(linkage: Any) -> Any:
    """Give linkage like another that leads to nothing."""
    if isinstance(linkage, list):
        return [_absent(item) for item in linkage[:1]]
    return {**linkage, "id": absent_id(str(linkage.get("id", "1")))}


@checks("CRE-09")
def absent_related_resources_are_not_found(subject: Subject) -> Iterator[Finding]:
    """Send relationships to resources that do not exist."""
    names = _linked(_resource(subject))
    subject.require(names, "The description's body has no relationship.")
    for name in names:
        body = _resource(subject)
        linkage = _absent(body["data"]["relationships"][name]["data"])
        answer = subject.post(_relating(body, name, {"data": linkage}))
        yield from answer.expect("CRE-09", 404, to=f"a {name!r} that does not exist")


def _conflicting(subject: Subject) -> tuple[Answer, Answer]:
    """Send a resource of another type, and one whose id there is."""
    other = subject.post(_with(_resource(subject), type="made-up"))
    return other, subject.post(_with(_resource(subject), id=subject.listed[0]["id"]))


@checks("CRE-10")
def conflicts_are_refused(subject: Subject) -> Iterator[Finding]:
    """Look at the statuses of conflicts."""
    other, existing = _conflicting(subject)
    yield from other.expect("CRE-10", 409, to="a resource of another type")
    yield from existing.expect("CRE-10", 403, 409, to="a resource whose id there is")


@checks("CRE-11")
def conflicts_have_details(subject: Subject) -> Iterator[Finding]:
    """Look at the errors of conflicts."""
    refused = [answer for answer in _conflicting(subject) if answer.status == _CONFLICT]
    subject.require(refused, "Nothing is refused with 409.")
    for answer in refused:
        if not any({"title", "detail", "source"} & error.keys() for error in answer.errors):
            yield answer.breaks("CRE-11", "A conflict is refused without details.")


@checks("DOC-05", "DOC-26")
def strange_members_are_ignored(subject: Subject) -> Iterator[Finding]:
    """Send a resource with a member that there is not, and one with an @-member in its attributes."""
    strange = {**_with(_resource(subject), madeUp=1), "madeUp": {}}
    answer = subject.post(strange)
    yield from answer.expect("DOC-05", *DONE, to="a body with unknown members, which are to be ignored")
    body = _resource(subject)
    marked = _with(body, attributes={**body["data"].get("attributes", {}), "@madeUp": 1}, **{"@madeUp": 1})
    yield from subject.post(marked).expect("DOC-26", *DONE, to="a body with @-members, which are to be ignored")


CREATING: Final[tuple[Check, ...]] = (
    what_is_created_is_answered,
    what_is_created_has_a_location,
    the_location_leads_to_what_is_created,
    new_documents_lead_to_themselves,
    what_fails_creates_nothing,
    bodies_have_one_resource,
    fields_are_objects,
    relationships_have_data,
    own_ids_are_taken_or_refused,
    absent_related_resources_are_not_found,
    conflicts_are_refused,
    conflicts_have_details,
    strange_members_are_ignored,
)
