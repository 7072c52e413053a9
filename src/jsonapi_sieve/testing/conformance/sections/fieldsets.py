"""Sparse fieldsets (JSON:API 1.1, "Sparse Fieldsets")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.resources import field_names

__all__ = ["FIELDSETS"]

_REFUSED: Final = 400


def _choosing(subject: Subject, *names: str) -> Answer:
    """Ask for some fields only.

    Raises:
        Skipped: where fields cannot be chosen.
    """
    plain = subject.having(**{f"fields[{subject.type}]": subject.attributes()[0]})
    subject.require(plain.found, "The collection does not take fields.")
    return subject.having(**{f"fields[{subject.type}]": ",".join(names)})


@checks("FLD-01", provokes=("FLD-03",))
def fields_are_chosen(subject: Subject) -> Iterator[Finding]:
    """Ask for an attribute, for a relationship, and for both; what is too much is told of every answer."""
    attribute = subject.attributes()[0]
    for names in ([attribute], *([name] for name in subject.relationships()[:1])):
        answer = _choosing(subject, *names)
        yield from answer.expect("FLD-01", 200, to=f"fields={names[0]}")
        if answer.found and not any(set(field_names(item)).issuperset(names) for item in answer.resources):
            yield answer.breaks("FLD-01", f"No resource has the field {names[0]!r} that is asked for.")


@checks("FLD-02")
def no_fields_are_none(subject: Subject) -> Iterator[Finding]:
    """Ask for no fields."""
    answer = _choosing(subject)
    yield from answer.expect("FLD-02", 200, to="an empty list of fields")
    if any(field_names(item) for item in answer.resources if item["type"] == subject.type):
        yield answer.breaks("FLD-02", "An empty list of fields gives some.")


@checks("FLD-05")
def unknown_fields_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask for a field that there is not."""
    yield from _choosing(subject, "made-up").expect("FLD-05", 400, to="a field that does not exist")


@checks("FLD-06")
def fields_of_included_are_chosen(subject: Subject) -> Iterator[Finding]:
    """Ask for no fields of what is included."""
    subject.require(subject.include, "No path to include is known.")
    path = subject.include[0]
    types = sorted({item["type"] for item in subject.having(include=path).included} - {subject.type})
    subject.require(types, "Nothing of another type is included.")
    answer = subject.having(**{"include": path, f"fields[{types[0]}]": ""})
    yield from answer.expect("FLD-06", 200, 400, to="fields of an included type")
    subject.require(answer.status != _REFUSED, "The collection does not take fields of what it includes.")
    included = [item for item in answer.included if item["type"] == types[0]]
    subject.require(included or not answer.found, "Nothing is included where its fields are chosen.")
    if any(map(field_names, included)):
        yield answer.breaks("FLD-06", f"Included {types[0]} have fields that are not asked for.")


FIELDSETS: Final[tuple[Check, ...]] = (
    fields_are_chosen,
    no_fields_are_none,
    unknown_fields_are_refused,
    fields_of_included_are_chosen,
)
