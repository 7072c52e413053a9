"""Query parameters (JSON:API 1.1, "Query Parameters" and its appendix)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.testing.conformance.addresses import encoded, escaped, query_of
from jsonapi_sieve.testing.conformance.answer import Answer, link_of
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.sections.documents import contents
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.links import PAGING
from jsonapi_sieve.testing.resources import field_names, fields_of

__all__ = ["QUERIES"]

_NO_MEMBERS: Final = (
    *("filter[_]", "filter[a-]", "filter[-a]", "filter[a+b]", "filter[a]b", "filter[", "filter[a", "filter]"),
    *("filter[a]][", "filter[a[b]]", "fields[_]", "page[_]"),
)
_SERVER_ERROR: Final = 500


def _one_field(subject: Subject) -> tuple[str, str, Answer]:
    """Give a type, an attribute of it, and the answer that has nothing else.

    Raises:
        Skipped: where fields cannot be chosen.
    """
    name = subject.attributes()[0]
    answer = subject.having(**{f"fields[{subject.type}]": name})
    shown = {field for item in answer.resources if item["type"] == subject.type for field in field_names(item)}
    is_chosen = answer.found and shown <= {name}
    subject.require(is_chosen, "The collection does not choose fields, by which queries are told apart.")
    return subject.type, name, answer


def _differs(subject: Subject, rule: str, query: str, plain: Answer) -> Iterator[Finding]:
    answer = subject.get(query)
    if contents(answer) != contents(plain):
        yield answer.breaks(rule, f"The answer is {answer.described()} and not that to {plain.request}.")


@checks("QRY-01")
def queries_are_forms(subject: Subject) -> Iterator[Finding]:
    """Spell one query in the ways that mean the same, and in some that do not."""
    type_, name, plain = _one_field(subject)
    value = f"%{ord(name[0]):02X}{escaped(name[1:])}" if name and name.isascii() else escaped(name)
    for query in (
        f"&&{encoded({f'fields[{type_}]': name})}&",
        f"%66ields%5B{escaped(type_)}%5D={escaped(name)}",
        f"fields%5B{escaped(type_)}%5D={value}",
    ):
        yield from _differs(subject, "QRY-01", query, plain)
    semicolon = subject.get(f"fields%5B{escaped(type_)}%5D={escaped(name)};madeUp=1")
    is_same = semicolon.found and contents(semicolon) == contents(plain)
    if is_same and any("attributes" in item for item in plain.resources):
        yield semicolon.breaks("QRY-01", "A semicolon parts parameters.")
    for text in ("%FF", "%", "%zz", "%00"):
        answer = subject.get(f"fields%5B{escaped(type_)}%5D={text}")
        if answer.status >= _SERVER_ERROR or answer.fault:
            yield answer.breaks("QRY-01", f"The answer is {answer.described()}; a bad escape is the client's fault.")


@checks("QRY-01")
def a_plus_is_a_blank(subject: Subject) -> Iterator[Finding]:
    """Spell the blanks in the values of filters in both ways."""
    blank = [query for query in subject.collection.filters if any(" " in text for _, text in query_of(f"?{query}"))]
    subject.require(blank, "The description has no filter with a blank in its value.")
    for query in blank:
        spelled = encoded(dict(query_of(f"?{query}")))
        yield from _differs(subject, "QRY-01", spelled, subject.get(spelled.replace("+", "%20")))


@checks("QRY-03")
def links_encode_brackets(subject: Subject) -> Iterator[Finding]:
    """Look at the queries of links, whichever way the request spelled its own."""
    answers = [subject.get(query) for query in ("", *([subject.sized(1)] if subject.sized(1) else []))]
    links = [
        (answer, link) for answer in answers for name in ("self", *PAGING) if (link := link_of(answer.document, name))
    ]
    subject.require([link for _, link in links if "?" in link], "No link has a query.")
    for answer, link in links:
        if not set("[] ").isdisjoint(link.partition("?")[2]):
            yield answer.breaks("QRY-03", f"The link {link} has a square bracket or a blank that is not encoded.")


@checks("QRY-04")
def brackets_mean_the_same(subject: Subject) -> Iterator[Finding]:
    """Spell the brackets of one query plain, encoded, and encoded in lower case."""
    type_, name, plain = _one_field(subject)
    yield from _differs(subject, "QRY-04", f"fields%5b{escaped(type_)}%5d={escaped(name)}", plain)
    # To refuse plain brackets is only not recommended; to read them otherwise is wrong.
    brackets = f"fields[{escaped(type_)}]={escaped(name)}"
    if subject.get(brackets).found:
        yield from _differs(subject, "QRY-04", brackets, plain)


@checks("QRY-05")
def members_are_read(subject: Subject) -> Iterator[Finding]:
    """Ask with the filters that the description has."""
    subject.require(subject.collection.filters, "The description has no filter.")
    for query in subject.collection.filters:
        yield from subject.get(query).expect("QRY-05", 200, to="a filter of the description")


@checks("QRY-06")
def no_other_members_are_read(subject: Subject) -> Iterator[Finding]:
    """Ask with names that look like members of a family."""
    for name in (*_NO_MEMBERS, "Filter[a]"):
        yield from subject.having(**{name: "1"}).expect("QRY-06", 400, to=f"a parameter {name}")


@checks("QRY-07")
def unknown_parameters_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask with parameters whose names are reserved, and that no server knows."""
    for query in ("madeup=1", "madeup", "fields=madeup"):
        yield from subject.get(query).expect("QRY-07", 400, to="an unknown parameter")


@checks("QRY-09")
def unknown_extensions_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask with a parameter of an extension that nobody knows."""
    yield from subject.get("madeup:name=1").expect("QRY-09", 400, to="a parameter of an unknown extension")


@checks("QRY-10")
def repeats_are_not_dropped(subject: Subject) -> Iterator[Finding]:
    """Ask for the fields of one type twice."""
    type_, _, _ = _one_field(subject)
    wanted = subject.attributes()[:2]
    subject.require(len(wanted) > 1, "No resource shows two attributes.")
    answer = subject.get("&".join(encoded({f"fields[{type_}]": name}) for name in wanted))
    shown = {name for item in answer.resources for name, _ in fields_of(item, "attributes")}
    if answer.found and not shown.issuperset(wanted):
        yield answer.breaks("QRY-10", "One of two parameters of the same name is dropped.")


@checks("QRY-10")
def filters_are_not_dropped(subject: Subject) -> Iterator[Finding]:
    """Give a filter a second value, before and behind its own; one that is dropped in silence makes a difference."""
    subject.require(subject.collection.filters, "The description has no filter.")
    query = subject.collection.filters[0]
    second = encoded({query_of(f"?{query}")[0][0]: "made-up"})
    plain, before, behind = (subject.get(text) for text in (query, f"{second}&{query}", f"{query}&{second}"))
    subject.require(plain.found, "The filter is not answered with 200.")
    if (contents(before) == contents(plain)) is not (contents(behind) == contents(plain)):
        dropping = before if contents(before) == contents(plain) else behind
        yield dropping.breaks("QRY-10", f"It is answered as {plain.request}: one of its two values is dropped.")


@checks("QRY-11")
def errors_name_their_parameter(subject: Subject) -> Iterator[Finding]:
    """Look at the sources of errors."""
    asked = ("madeup", "sort", "include", "filter[made-up]", "filter[_]", "page[made-up]")
    answers = [(name, subject.having(**{name: "made-up"})) for name in asked]
    refused = [(name, answer) for name, answer in answers if answer.errors]
    subject.require(refused, "No refusal of a parameter has errors.")
    for name, answer in refused:
        if name not in answer.parameters:
            yield answer.breaks("QRY-11", f"No error has {name} as its source.")


QUERIES: Final[tuple[Check, ...]] = (
    queries_are_forms,
    a_plus_is_a_blank,
    links_encode_brackets,
    brackets_mean_the_same,
    members_are_read,
    no_other_members_are_read,
    unknown_parameters_are_refused,
    unknown_extensions_are_refused,
    repeats_are_not_dropped,
    filters_are_not_dropped,
    errors_name_their_parameter,
)
