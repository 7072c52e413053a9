"""What the recommendations of JSON:API advise; every check here is only recommended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.conformance.answer import link_of
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.resources import fields_of

__all__ = ["RECOMMENDATIONS"]

_camel = re.compile("[a-z](?:[a-zA-Z0-9]*[a-z])?", re.ASCII).fullmatch
_like_a_time = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ Tt][0-9]{2}:[0-9]{2}.*", re.ASCII).fullmatch
_time = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
).fullmatch


def _attributes(subject: Subject) -> Iterator[tuple[str, Any]]:
    for resource in subject.listed:
        yield from fields_of(resource, "attributes")


@checks("REC-01")
def names_are_in_camel_case(subject: Subject) -> Iterator[Finding]:
    """Look at the names of fields."""
    names = [name for name, _ in _attributes(subject)] + [name for _, name, _ in subject.some_related(1)]
    subject.require(names, "No resource shows a field.")
    for name in dict.fromkeys(names):
        if not _camel(name):
            yield subject.first.breaks("REC-01", f"{name!r} is not in camel case.")


def _advised(subject: Subject) -> Iterator[tuple[str, str | None]]:
    """Give the paths that are advised, each with the link that is shown for it, if one is."""
    own = subject.listed[0]
    yield f"/{own['type']}/{own['id']}", subject.link(own, "self")
    for resource, name, relationship in subject.some_related(1):
        at = f"/{resource['type']}/{resource['id']}"
        yield f"{at}/relationships/{name}", subject.link(relationship, "self")
        yield f"{at}/{name}", subject.link(relationship, "related")


@checks("REC-02")
def addresses_are_built_of_names(subject: Subject) -> Iterator[Finding]:
    """Look at the paths of resources and relationships."""
    links = [(path, link) for path, link in _advised(subject) if link is not None]
    subject.require_links(links, "No resource and no relationship has a link.")
    for path, link in links:
        if not unquote(urlsplit(link).path).endswith(path):
            yield subject.first.breaks("REC-02", f"The path of {link} does not end with {shown(path)}.")


@checks("REC-04")
def everything_has_links(subject: Subject) -> Iterator[Finding]:
    """Look for links wherever some are advised."""
    if subject.listed and link_of(subject.first.document, "self") is None:
        yield subject.first.breaks("REC-04", "The top level has no self.")
    if link_of(subject.listed[0], "self") is None:
        yield subject.first.breaks("REC-04", "A resource has no self.")
    for _, name, relationship in subject.some_related(1):
        if link_of(relationship, "self") is None or link_of(relationship, "related") is None:
            yield subject.first.breaks("REC-04", f"The relationship {name!r} lacks self or related.")


@checks("REC-06")
def times_have_one_form(subject: Subject) -> Iterator[Finding]:
    """Look at the texts that begin as a date and a time do."""
    times = [(name, value) for name, value in _attributes(subject) if isinstance(value, str) and _like_a_time(value)]
    subject.require(times, "No attribute is a date with a time.")
    for name, value in times:
        if not _time(value):
            yield subject.first.breaks("REC-06", f"{name!r} is {value!r}, which is no time of ISO 8601 with a zone.")


RECOMMENDATIONS: Final[tuple[Check, ...]] = (
    names_are_in_camel_case,
    addresses_are_built_of_names,
    everything_has_links,
    times_have_one_form,
)
