"""What an answer has to hold, so that each rule that is judged in every answer can be seen in it.

An answer without a link keeps the rules of links as an empty page keeps those of spelling; nothing is told by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.asking import asked
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.media_types import MediaType, media_type
from jsonapi_sieve.testing.members import has_extension, is_foreign
from jsonapi_sieve.testing.resources import field_names, fields_of

__all__ = ["EVIDENCE", "Evidence", "is_judged", "looked_at"]

_FULL: Final = frozenset({"attributes", "relationships", "links"})


class _Held:
    """The parts of an answer that rules speak of, as far as they have the form for it."""

    def __init__(self, answer: Answer) -> None:
        self.body = answer.body
        self.kind = media_type(answer.headers.get("content-type", "")) or MediaType("")
        self.asked = asked(answer.target if answer.method == "GET" else "")
        self.is_object = isinstance(answer.document, dict)
        self.document: dict[str, Any] = answer.document if self.is_object else {}
        self.included = _objects(self.document.get("included"))
        self.resources = _objects(self.document.get("data")) + self.included
        fields = [pair for each in self.resources for pair in fields_of(each, "relationships")]
        self.relationships = [value for _, value in fields if isinstance(value, dict)]
        self.linkage = [value["data"] for value in self.relationships if "data" in value]
        self.identifiers = [each for data in self.linkage for each in _objects(data)]
        self.errors = answer.errors
        self.sources = [error["source"] for error in self.errors if isinstance(error.get("source"), dict)]

    def linking(self) -> list[dict[str, Any]]:
        """Give the objects that have links."""
        return [each for each in (self.document, *self.resources, *self.relationships, *self.errors) if "links" in each]

    def links(self) -> list[object]:
        """Give the links of all of them."""
        held = [each["links"] for each in self.linking() if isinstance(each["links"], dict)]
        return [link for links in held for name, link in links.items() if not is_foreign(name)]

    def link_objects(self) -> list[dict[str, Any]]:
        """Give the links that are objects."""
        return [link for link in self.links() if isinstance(link, dict)]

    def metas(self) -> list[object]:
        """Give each meta."""
        holders = (*self.resources, *self.relationships, *self.identifiers, *self.errors, *self.link_objects())
        more = _objects(self.document.get("jsonapi"))
        return [each["meta"] for each in (self.document, *holders, *more) if "meta" in each]

    def members(self) -> Iterator[str]:
        """Give the names that the server has chosen: those of fields, and those in metas."""
        for resource in self.resources:
            yield from field_names(resource)
        for meta in self.metas():
            yield from meta if isinstance(meta, dict) else ()

    def chosen(self) -> list[dict[str, Any]]:
        """Give the resources whose fields the request has chosen."""
        return [
            each for each in self.resources if isinstance(each.get("type"), str) and each["type"] in self.asked.fields
        ]

    def linked(self) -> list[dict[str, Any]]:
        """Give what is included, where the request has left the links to it in their places."""
        return [] if self.asked.fields else self.included

    def alone(self) -> list[dict[str, Any]]:
        """Give the objects with links beside data that is no collection."""
        return [each for each in self.linking() if "data" in each and not isinstance(each["data"], list)]

    def repeated_codes(self) -> list[str]:
        """Give the codes that several errors with a title have."""
        codes = Counter(error["code"] for error in self.errors if _is_named(error))
        return [code for code, count in codes.items() if count > 1]

    def several_statuses(self) -> bool:
        """Whether several errors have a status."""
        return sum("status" in error for error in self.errors) > 1


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _is_named(error: dict[str, Any]) -> bool:
    return isinstance(error.get("code"), str) and isinstance(error.get("title"), str)


def _has_extension_within(value: object) -> bool:
    """Whether an extension has a member anywhere but in what is outside the specification."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if has_extension(value):
                return True
            waiting.extend(member for name, member in value.items() if not is_foreign(name))
        elif isinstance(value, list):
            waiting.extend(value)
    return False


class Evidence(NamedTuple):
    """What an answer needs, in words and as a question to it."""

    what: str
    is_in: Callable[[_Held], object]


_BODY: Final = Evidence("a body that has to be of the media type", lambda held: held.body)
_SENT: Final = Evidence("the media type of JSON:API", lambda held: held.kind.name == MEDIA_TYPE)
_OBJECT: Final = Evidence("an object as its document", lambda held: held.is_object)
_RESOURCE: Final = Evidence("a resource", lambda held: held.resources)
_NAMES: Final = Evidence("a name of a field, or of a member of meta", lambda held: any(True for _ in held.members()))
_ERROR: Final = Evidence("an error object", lambda held: held.errors)

EVIDENCE: Final[Mapping[str, Evidence]] = MappingProxyType(
    {
        "CN-01": _BODY,
        "CN-02": _SENT,
        "CN-03": Evidence(
            "ext or profile in its media type",
            lambda held: any(each.name in ("ext", "profile") for each in held.kind.parameters),
        ),
        "DOC-01": _SENT,
        "DOC-02": _OBJECT,
        "DOC-03": Evidence("data or errors", lambda held: held.document.keys() & {"data", "errors"}),
        "DOC-04": Evidence("included", lambda held: "included" in held.document),
        "DOC-05": _OBJECT,
        "DOC-06": Evidence("data", lambda held: "data" in held.document),
        "DOC-08": Evidence("links at the top level", lambda held: "links" in held.document),
        "DOC-09": _RESOURCE,
        "DOC-10": _RESOURCE,
        "DOC-11": Evidence("a lid", lambda held: any("lid" in each for each in (*held.resources, *held.identifiers))),
        "DOC-12": _RESOURCE,
        "DOC-13": Evidence(
            "a resource with fields",
            lambda held: any(each.keys() & {"attributes", "relationships"} for each in held.resources),
        ),
        "DOC-14": Evidence(
            "attributes, relationships or links",
            lambda held: held.linking() or any(each.keys() & _FULL for each in held.resources),
        ),
        "DOC-16": Evidence("a relationship", lambda held: held.relationships),
        "DOC-17": Evidence("the linkage of a relationship", lambda held: held.linkage),
        "DOC-21": Evidence("a resource identifier object", lambda held: held.identifiers),
        "DOC-22": Evidence("an included resource, where all fields were asked for", lambda held: held.linked()),
        "DOC-23": Evidence(
            "several resource objects", lambda held: sum(bool(each.keys() & _FULL) for each in held.resources) > 1
        ),
        "DOC-24": Evidence("jsonapi", lambda held: "jsonapi" in held.document),
        "DOC-25": Evidence("a meta", lambda held: held.metas()),
        "DOC-27": Evidence("a member of an extension", lambda held: _has_extension_within(held.document)),
        "LNK-01": Evidence("a link", lambda held: held.links()),
        "LNK-02": Evidence("a link object", lambda held: held.link_objects()),
        "LNK-03": Evidence("a link object with rel", lambda held: any("rel" in each for each in held.link_objects())),
        "MEM-01": _NAMES,
        "MEM-02": _NAMES,
        "MEM-04": _NAMES,
        "MEM-05": _NAMES,
        "INC-02": Evidence(
            "data for a request with include", lambda held: "data" in held.document and held.asked.include is not None
        ),
        "INC-03": Evidence(
            "an included resource for a request with include, where all fields were asked for",
            lambda held: held.asked.include is not None and held.linked(),
        ),
        "FLD-03": Evidence("a resource of a type whose fields were chosen", lambda held: held.chosen()),
        "PAG-01": Evidence("links beside data that is no collection", lambda held: held.alone()),
        "ERR-01": Evidence("errors", lambda held: "errors" in held.document),
        "ERR-02": _ERROR,
        "ERR-03": _ERROR,
        "ERR-04": _ERROR,
        "ERR-05": Evidence("several errors of one code", lambda held: held.repeated_codes()),
        "ERR-06": Evidence("the source of an error", lambda held: held.sources),
        "ERR-07": Evidence("a pointer as the source of an error", lambda held: _named(held, "pointer")),
        "ERR-08": Evidence(
            "a parameter or a header as the source of an error", lambda held: _named(held, "parameter", "header")
        ),
        "ERR-09": Evidence("several errors with a status", lambda held: held.several_statuses()),
        "ERR-11": Evidence("an error with links", lambda held: any("links" in error for error in held.errors)),
    }
)
"""By rule, what an answer has to hold; a rule is kept only where some answer did."""


def _named(held: _Held, *names: str) -> bool:
    return any(name in source for source in held.sources for name in names)


def is_judged(answer: Answer) -> bool:
    """Whether an answer has a body that says or has to say that it is of JSON:API's media type.

    A request that does not name the media type may be answered in another (RFC 9110, 12.5.1).

    >>> (
    ...     is_judged(Answer("GET", "", "", 200, body=b"<html>")),
    ...     is_judged(Answer("GET", "", "", 200, body=b"<html>", accept="*/*")),
    ... )
    (True, False)
    """
    kind = media_type(answer.headers.get("content-type", "")) or MediaType("")
    return bool(answer.body) and (kind.name == MEDIA_TYPE or MEDIA_TYPE in answer.accept.lower())


def looked_at(answer: Answer) -> frozenset[str]:
    """Give the rules that are seen in an answer by itself, kept or broken; there are none where it is not judged.

    >>> from httpx import Headers
    >>> errors = {"errors": [{"status": "404"}]}
    >>> sent = Headers({"content-type": "application/vnd.api+json"})
    >>> sorted(looked_at(Answer("GET", "", "", 404, sent, b"...", document=errors)))
    ['CN-01', 'CN-02', 'DOC-01', 'DOC-02', 'DOC-03', 'DOC-05', 'ERR-01', 'ERR-02', 'ERR-03', 'ERR-04']
    """
    if not is_judged(answer):
        return frozenset()
    held = _Held(answer)
    return frozenset(rule for rule, evidence in EVIDENCE.items() if evidence.is_in(held))
