"""Updates and deletions, sent to addresses where nothing is (JSON:API 1.1, "Updating" and "Deleting Resources")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.sections.documents import is_refused
from jsonapi_sieve.testing.conformance.subject import Skipped, Subject

__all__ = ["CHANGING"]

_NOT_ALLOWED: Final = 405
_OK: Final = 200
_DELETED: Final = (200, 202, 204, 403, 404, 405)
# A server may look at conflicts and conditions before it looks for the resource (RFC 9110, 13.2; RFC 6585, 3).
_CONDITIONS: Final = frozenset({409, 412, 428})


def _send(subject: Subject, method: str, path: tuple[str, ...], body: object) -> Answer:
    """Send a change of a resource that does not exist.

    Raises:
        Skipped: where nothing may be sent, or where it is not sure that there is no such resource.
    """
    subject.require(subject.description.create, "Nothing but GET and HEAD may be sent.")
    subject.require(subject.collection.create, "Nothing is changed where the description has no body that creates.")
    address = subject.beside(subject.absent)
    subject.require(subject.get(url=address).status == 404, "An absent resource is not answered with 404.")  # noqa: PLR2004
    return subject.client.ask(method, subject.beside(subject.absent, *path), {"Content-Type": MEDIA_TYPE}, body)


def _judged(answer: Answer, rule: str, *statuses: int, to: str) -> Iterator[Finding]:
    """Say what is wrong with the answer to a change of nothing.

    Raises:
        Skipped: where it is refused for a reason that tells nothing of that.
    """
    if answer.status not in statuses and (is_refused(answer) or answer.status in _CONDITIONS):
        raise Skipped(f"The answer to {to} is {answer.status}, which may be for another reason.")
    yield from answer.expect(rule, *statuses, to=to)


def _allow(answer: Answer) -> Iterator[Finding]:
    if answer.status == _NOT_ALLOWED and "allow" not in answer.headers:
        yield answer.breaks("FET-05", "A method is not allowed, and no Allow says which are.")


@checks("UPD-06", "FET-05")
def updates_of_nothing_are_refused(subject: Subject) -> Iterator[Finding]:
    """Update a resource that does not exist."""
    answer = _send(subject, "PATCH", (), {"data": {"type": subject.type, "id": subject.absent}})
    yield from _judged(answer, "UPD-06", 403, 404, to="an update of a resource that does not exist")
    yield from _allow(answer)


@checks("REL-06", "FET-05")
def changes_of_no_relationship_are_refused(subject: Subject) -> Iterator[Finding]:
    """Change the relationships of a resource that does not exist."""
    to_one, to_many = subject.to_one, subject.to_many
    subject.require(to_one or to_many, "No relationship is known.")
    changes: list[tuple[str, str, object]] = [("PATCH", name, None) for name in to_one[:1]]
    changes += [(method, name, []) for name in to_many[:1] for method in ("PATCH", "POST", "DELETE")]
    for method, name, data in changes:
        answer = _send(subject, method, ("relationships", name), {"data": data})
        yield from _judged(answer, "REL-06", 403, 404, to="a change of a relationship that does not exist")
        yield from _allow(answer)


@checks("DEL-01", "FET-05")
def deletions_of_nothing_are_answered(subject: Subject) -> Iterator[Finding]:
    """Delete a resource that does not exist."""
    answer = _send(subject, "DELETE", (), None)
    yield from _judged(answer, "DEL-01", *_DELETED, to="a deletion of a resource that does not exist")
    if answer.status == _OK and answer.member("meta") is None:
        yield answer.breaks("DEL-01", "A deletion that is answered with 200 has no meta.")
    yield from _allow(answer)


CHANGING: Final[tuple[Check, ...]] = (
    updates_of_nothing_are_refused,
    changes_of_no_relationship_are_refused,
    deletions_of_nothing_are_answered,
)
