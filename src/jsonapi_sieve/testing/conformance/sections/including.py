"""Inclusion of related resources (JSON:API 1.1, "Inclusion of Related Resources")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.sections.documents import is_refused, telling
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.resources import fields_of

__all__ = ["INCLUDING"]

_DEEP: Final = 100


def _paths(subject: Subject) -> tuple[str, ...]:
    subject.require(subject.include, "No path to include is known.")
    return subject.include


@checks("INC-01")
def nothing_to_include_is_refused(subject: Subject) -> Iterator[Finding]:
    """Ask a collection without relationships to include something."""
    related = subject.include or subject.to_one or subject.to_many or subject.relationships()
    subject.require(not related, "The collection has relationships.")
    yield from subject.having(include="made-up").expect("INC-01", 400, to="include where nothing can be")


@checks("INC-01")
def relationships_include_or_refuse(subject: Subject) -> Iterator[Finding]:
    """Ask a relationship to include what it leads to, which it does or refuses."""
    links = [(link, name) for _, name, held in subject.some_related(1) if (link := subject.link(held, "self"))]
    subject.require_links(links, "No relationship has a self link.")
    asked = [subject.having(plain.url, include=name) for plain, name in telling(subject, links) if plain.found]
    answers = [answer for answer in asked if not is_refused(answer)]
    subject.require(answers, "No relationship that answers tells whether it includes something.")
    for answer in answers:
        yield from answer.expect("INC-01", 200, 400, to="the include of a relationship")
        if answer.found and "included" not in answer.document:
            yield answer.breaks(
                "INC-01", "The include of a relationship is passed over, and has to be refused with 400."
            )


@checks("INC-02", provokes=("INC-03",))
def included_is_there(subject: Subject) -> Iterator[Finding]:
    """Ask the collection and an empty one for each path; the documents are judged as all are."""
    for path in _paths(subject):
        yield from subject.having(include=path).expect("INC-02", 200, to=f"include={path}")
    if subject.collection.empty:
        subject.get(f"{subject.collection.empty}&include={_paths(subject)[0]}")


@checks("INC-02", provokes=("INC-03",))
def included_is_there_for_one(subject: Subject) -> Iterator[Finding]:
    """Ask a single resource for each path, which is another endpoint and may refuse what the collection includes."""
    answers = [subject.having(subject.one.url, include=path) for path in _paths(subject)]
    for answer in answers:
        if not is_refused(answer):
            yield from answer.expect("INC-02", 200, 400, to="the include of a single resource")
    subject.require(any(answer.found for answer in answers), "A single resource includes nothing.")


@checks("INC-04")
def paths_are_a_list(subject: Subject) -> Iterator[Finding]:
    """Ask for no path, for all paths at once, and for what is no list of paths."""
    paths = _paths(subject)
    nothing = subject.having(include="")
    yield from nothing.expect("INC-04", 200, to="an empty include")
    if nothing.found and nothing.member("included"):
        yield nothing.breaks("INC-04", "An empty include includes something.")
    yield from subject.having(include=",".join(paths)).expect("INC-04", 200, to="a list of paths")
    for text in (",", f"{paths[0]},,{paths[0]}", f"{paths[0]}.", f".{paths[0]}"):
        yield from subject.having(include=text).expect("INC-04", 400, to=f"include={text}")


@checks("INC-05")
def unknown_paths_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask for relationships that there are not."""
    paths = subject.include
    subject.require(paths or subject.relationships(), "The collection has no relationships.")
    for path in ("made-up", *(f"{path}.made-up" for path in paths[:1])):
        yield from subject.having(include=path).expect("INC-05", 400, to=f"include={path}")
    for name in {path.partition(".")[0] for path in paths[:1]}:
        yield from subject.having(include=f"{name}.{name}").expect("INC-05", 200, 400, to=f"include={name}.{name}")


@checks("INC-06")
def whole_paths_are_included(subject: Subject) -> Iterator[Finding]:
    """Look for each resource along the paths, as far as the linkage tells."""
    told = False
    for path in _paths(subject):
        answer = subject.having(include=path)
        told |= any(_linked(item, path.partition(".")[0]) for item in answer.resources)
        yield from _missing(answer, path)
    subject.require(told, "No linkage along a path is shown.")


def _missing(answer: Answer, path: str) -> Iterator[Finding]:
    known = {(item["type"], item["id"]): item for item in (*answer.resources, *answer.included)}
    at = answer.resources
    for name in path.split("."):
        linked = {key for item in at for key in _linked(item, name)}
        for type_, id_ in sorted(linked - known.keys()):
            yield answer.breaks("INC-06", f"{type_} {id_} is linked by {name!r}, and not included.")
        at = [known[key] for key in linked if key in known]


def _linked(resource: dict[str, Any], name: str) -> list[tuple[str, str]]:
    relationship = dict(fields_of(resource, "relationships")).get(name)
    return Answer("", "", "", document=relationship).ids


@checks("INC-07")
def depth_has_a_limit(subject: Subject) -> Iterator[Finding]:
    """Ask for a path that no document could need."""
    path = ".".join([_paths(subject)[0].partition(".")[0]] * _DEEP)
    answer = subject.having(include=path)
    if answer.status != 400:  # noqa: PLR2004
        yield answer.breaks("INC-07", f"The answer to a path of {_DEEP} names is {answer.described()}.")


INCLUDING: Final[tuple[Check, ...]] = (
    nothing_to_include_is_refused,
    relationships_include_or_refuse,
    included_is_there,
    included_is_there_for_one,
    paths_are_a_list,
    unknown_paths_are_refused,
    whole_paths_are_included,
    depth_has_a_limit,
)
