"""Content negotiation (JSON:API 1.1, "Content Negotiation")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.media_types import uris
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import DONE, Subject

__all__ = ["NEGOTIATION"]

_UNKNOWN: Final = "https://example.com/made-up"
_EXTENDED: Final = f'{MEDIA_TYPE};ext="{_UNKNOWN}"'
_PROFILED: Final = f'{MEDIA_TYPE};profile="{_UNKNOWN}"'


def _accepting(subject: Subject, accept: str | None) -> Answer:
    return subject.get(headers={"Accept": accept})


def _expect(subject: Subject, rule: str, accept: str | None, *statuses: int) -> Iterator[Finding]:
    told = "a request without Accept" if accept is None else f"Accept: {accept}"
    yield from _accepting(subject, accept).expect(rule, *statuses, to=told)


@checks(provokes=("CN-01", "CN-02", "CN-03"))
def refusals_are_documents(subject: Subject) -> Iterator[Finding]:
    """Ask for what is refused in several ways; what comes is judged as every answer is."""
    subject.get("madeup=1")
    subject.get(url=subject.beside(subject.absent))
    _accepting(subject, f"{MEDIA_TYPE};made-up=1")
    yield from ()


@checks("CN-04")
def applied_profiles_are_named(subject: Subject) -> Iterator[Finding]:
    """Ask for each profile that the description has; and what a document says of itself, its header says too."""
    answers = [_accepting(subject, f'{MEDIA_TYPE};profile="{uri}"') for uri in subject.description.profiles]
    for answer, uri in zip(answers, subject.description.profiles, strict=True):
        if answer.found and uri not in uris(answer.headers.get("content-type", ""), "profile"):
            yield answer.breaks("CN-04", f"{uri} is applied, and the media type does not name it.")
    told = False
    for answer in (subject.first, *answers):
        about = answer.member("jsonapi")
        for name in ("ext", "profile"):
            listed = about.get(name) if isinstance(about, dict) else None
            if isinstance(listed, list):
                told = True
                missing = {uri for uri in listed if isinstance(uri, str)} - uris(
                    answer.headers.get("content-type", ""), name
                )
                for uri in sorted(missing):
                    yield answer.breaks("CN-04", f"jsonapi has {uri} as {name}, and the media type does not.")
    subject.require(answers or told, "The description has no profile.")
    subject.require(told or any(answer.found for answer in answers), "No request for a profile is answered with 200.")


@checks("CN-05")
def parameters_of_a_body_are_refused(subject: Subject) -> Iterator[Finding]:
    """Send bodies whose media type has a parameter that it cannot have."""
    for parameter in ("charset=utf-8", "made-up=1"):
        answer = subject.post(subject.body(), f"{MEDIA_TYPE}; {parameter}")
        yield from answer.expect("CN-05", 415, to=f"a body with {parameter}")


@checks("CN-06")
def extensions_of_a_body_are_refused(subject: Subject) -> Iterator[Finding]:
    """Send a body with an extension that nobody knows."""
    yield from subject.post(subject.body(), _EXTENDED).expect("CN-06", 415, to="a body with an unknown extension")


@checks("CN-07")
def parameters_in_accept_are_passed_over(subject: Subject) -> Iterator[Finding]:
    """Ask with `Accept` headers that do and do not have an instance without parameters."""
    for accept in (f"{MEDIA_TYPE};made-up=1", f"{MEDIA_TYPE};charset=utf-8", f"{MEDIA_TYPE};a=1, {MEDIA_TYPE};b=1"):
        yield from _expect(subject, "CN-07", accept, 406)
    for admitting in (f"{MEDIA_TYPE};made-up=1, {MEDIA_TYPE}", "*/*", "application/*", None):
        yield from _expect(subject, "CN-07", admitting, 200)


@checks("CN-08")
def extensions_in_accept_are_passed_over(subject: Subject) -> Iterator[Finding]:
    """Ask with an unknown extension, with and without an instance beside it."""
    yield from _expect(subject, "CN-08", _EXTENDED, 406)
    yield from _expect(subject, "CN-08", f"{_EXTENDED}, {MEDIA_TYPE}", 200)


@checks("CN-09", "CN-14")
def unknown_profiles_are_ignored(subject: Subject) -> Iterator[Finding]:
    """Ask with an unknown profile, and with one beside each that is known."""
    answer = _accepting(subject, _PROFILED)
    for rule in ("CN-09", "CN-14"):
        yield from answer.expect(rule, 200, to=f"Accept: {_PROFILED}")
    yield from _not_echoed(answer)
    for uri in subject.description.profiles:
        answer = _accepting(subject, f'{MEDIA_TYPE};profile="{_UNKNOWN} {uri}"')
        yield from answer.expect("CN-09", 200, to="a known profile beside an unknown one")
        yield from _not_echoed(answer)


def _not_echoed(answer: Answer) -> Iterator[Finding]:
    if _UNKNOWN in uris(answer.headers.get("content-type", ""), "profile"):
        yield answer.breaks("CN-09", "The answer names an unknown profile as applied.")


@checks("CN-14")
def a_body_with_a_profile_is_taken(subject: Subject) -> Iterator[Finding]:
    """Send a body with a profile that nobody knows."""
    answer = subject.post(subject.body(), _PROFILED)
    yield from answer.expect("CN-14", *DONE, to="a body with an unknown profile")


@checks("CN-10")
def answers_vary_by_accept(subject: Subject) -> Iterator[Finding]:
    """Look for `Vary` on good answers and on refusals, with a profile and without."""
    known = subject.description.profiles
    subject.require(known, "The description has no profile.")
    for answer in (
        _accepting(subject, MEDIA_TYPE),
        _accepting(subject, f'{MEDIA_TYPE};profile="{known[0]}"'),
        _accepting(subject, _EXTENDED),
        subject.get("madeup=1"),
        subject.get(url=subject.beside(subject.absent)),
    ):
        named = {name.strip().lower() for name in answer.headers.get("vary", "").split(",")}
        if answer.status and named.isdisjoint({"accept", "*"}):
            yield answer.breaks("CN-10", f"The {answer.status} answer has no Vary: Accept.")


@checks("CN-11")
def weights_are_no_parameters(subject: Subject) -> Iterator[Finding]:
    """Ask with weights."""
    yield from _expect(subject, "CN-11", f"{MEDIA_TYPE};q=0.5", 200)
    yield from _expect(subject, "CN-11", f"{MEDIA_TYPE};q=0", 406)


@checks("CN-12")
def bodies_negotiate_nothing(subject: Subject) -> Iterator[Finding]:
    """Send a body that names an extension and a profile where only headers may."""
    body = {**subject.body(), "jsonapi": {"version": "1.1", "ext": [_UNKNOWN], "profile": [_UNKNOWN]}}
    answer = subject.post(body)
    yield from answer.expect("CN-12", *DONE, to="a body whose jsonapi object names an extension")
    for name in ("ext", "profile"):
        if _UNKNOWN in uris(answer.headers.get("content-type", ""), name):
            yield answer.breaks("CN-12", f"The answer takes its {name} from the body.")


@checks("CN-13")
def a_get_may_have_a_content_type(subject: Subject) -> Iterator[Finding]:
    """Ask with a `Content-Type`, as many clients do."""
    answer = subject.get(headers={"Content-Type": MEDIA_TYPE})
    yield from answer.expect("CN-13", 200, to="a GET with a Content-Type")


NEGOTIATION: Final[tuple[Check, ...]] = (
    refusals_are_documents,
    applied_profiles_are_named,
    parameters_of_a_body_are_refused,
    extensions_of_a_body_are_refused,
    parameters_in_accept_are_passed_over,
    extensions_in_accept_are_passed_over,
    unknown_profiles_are_ignored,
    a_body_with_a_profile_is_taken,
    answers_vary_by_accept,
    weights_are_no_parameters,
    bodies_negotiate_nothing,
    a_get_may_have_a_content_type,
)
