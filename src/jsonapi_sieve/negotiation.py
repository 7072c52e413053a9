"""Content negotiation: whether a client takes JSON:API documents, and whether what it sends is one.

The rules are those of JSON:API 1.1, "Server Responsibilities"; headers are spelled as RFC 9110 says (5.6, 8.3.1 and
12.5.1). No extension is supported, so every one that a client asks for is refused. Profiles that a server does not
know are ignored, and this one knows none.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown

__all__ = ["MEDIA_TYPE", "check_accept", "check_content_type"]

MEDIA_TYPE: Final = "application/vnd.api+json"
"""The media type of JSON:API documents, to be sent as it stands: a `charset` behind it is not allowed."""

_LONGEST: Final = 16_384
"""Characters of a header that are read; reading takes about a microsecond for each of its items."""

_WILDCARDS: Final = ("application/*", "*/*")

_WORD: Final = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_PARAMETER: Final = rf'({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*")'

# Each pattern has one way to match, so its time grows with the text; quotes that do not close reach to the end.
_items = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL).findall
_media_range = re.compile(rf"[ \t]*({_WORD}/{_WORD})[ \t]*((?:;[ \t]*(?:{_PARAMETER}[ \t]*)?)*)", re.DOTALL).fullmatch
_parameters = re.compile(_PARAMETER, re.DOTALL).findall
_is_zero = re.compile(r"0(?:\.0*)?").fullmatch


class _MediaRange(NamedTuple):
    """A media type or a range of them; its name, and those of its parameters, are in lower case."""

    name: str
    parameters: list[tuple[str, str]]

    @property
    def admits(self) -> bool:
        """Whether somebody who takes it takes our documents; a malformed weight says nothing."""
        weights = [value for name, value in self.parameters if name == "q"]
        excluded = any(map(_is_zero, weights))
        return not excluded and (self.name in _WILDCARDS or self.fault("q") is None)

    def fault(self, *besides: str) -> str | None:
        """Tell what JSON:API's media type cannot have among its parameters, or may have and is not supported."""
        for name, value in self.parameters:
            if name == "ext" and value.strip('" \t'):
                return f"The extension {shown(value)} is not supported."
            if name not in ("ext", "profile", *besides):
                return f"{MEDIA_TYPE} has no parameter {shown(name)}."
        return None


def _read(text: str) -> _MediaRange | None:
    match = _media_range(text)
    if match is None:
        return None
    return _MediaRange(match[1].lower(), [(name.lower(), value) for name, value in _parameters(match[2])])


def check_accept(header: str | None) -> None:
    """Check that an `Accept` header admits JSON:API documents; None stands for no header, which admits all.

    An instance of the media type that has an extension, or a parameter other than `ext` and `profile`, is passed over.
    Where none is left, a wildcard beside it does not help. What is no media range is passed over too.

    >>> check_accept("text/html, application/*;q=0.8")
    >>> check_accept("application/vnd.api+json; charset=utf-8")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: Accept: The header does not admit application/vnd.api+json without parameters.

    Raises:
        QueryErrors: with status 406.
    """
    if header is not None and len(header) > _LONGEST:
        raise _refusal("not-acceptable", "Not acceptable", _too_long(header), "Accept", 406)
    items = [item for item in _items(header or "") if item.strip()]
    if items and not _admit([media_range for media_range in map(_read, items) if media_range is not None]):
        detail = f"The header does not admit {MEDIA_TYPE} without parameters."
        raise _refusal("not-acceptable", "Not acceptable", detail, "Accept", 406)


def _admit(ranges: list[_MediaRange]) -> bool:
    """Say whether our documents are admitted by those ranges that speak of them most closely."""
    for name in (MEDIA_TYPE, *_WILDCARDS):
        closest = [media_range for media_range in ranges if media_range.name == name]
        if closest:
            return any(media_range.admits for media_range in closest)
    return False


def check_content_type(header: str | None) -> None:
    """Check that the `Content-Type` of a body is JSON:API's; None stands for no header.

    Ask only where there is a body: clients send the header with GET too, where it says nothing.

    >>> check_content_type('application/vnd.api+json; profile="https://example.org/timestamps"')
    >>> check_content_type("application/json")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: Content-Type: 'application/json' is not application/vnd.api+json.

    Raises:
        QueryErrors: with status 415.
    """
    fault = "The body has no media type." if header is None else _content_fault(header)
    if fault is not None:
        raise _refusal("unsupported-media-type", "Unsupported media type", fault, "Content-Type", 415)


def _content_fault(header: str) -> str | None:
    if len(header) > _LONGEST:
        return _too_long(header)
    sent = _read(header)
    if sent is None or sent.name != MEDIA_TYPE:
        return f"{shown(header)} is not {MEDIA_TYPE}."
    return sent.fault()


def _too_long(header: str) -> str:
    return f"The header is {len(header)} characters long; at most {_LONGEST} are read."


def _refusal(code: str, title: str, detail: str, header: str, status: int) -> QueryErrors:
    return QueryErrors([ErrorObject(code, title, detail, header, "header", status, {"allowed": MEDIA_TYPE})])
