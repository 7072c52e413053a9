"""Content negotiation: whether a client takes JSON:API documents, whether what it sends is one, and in which terms.

The rules are those of JSON:API 1.1, "Server Responsibilities"; headers are spelled as RFC 9110 says (5.6, 8.3.1 and
12.5.1). An extension is refused unless the application names it among those that it supports. Profiles that it does not
name are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown

__all__ = ["MEDIA_TYPE", "MediaType", "check_accept", "check_content_type"]

MEDIA_TYPE: Final = "application/vnd.api+json"
"""The media type of JSON:API documents, without extensions and profiles: a `charset` behind it is not allowed."""

_LONGEST: Final = 16_384
"""Characters of a header that are read; reading takes about a microsecond for each of its items."""

_WILDCARDS: Final = ("application/*", "*/*")

_WORD: Final = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_PARAMETER: Final = rf'({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*")'

# Each pattern has one way to match, so its time grows with the text; quotes that do not close reach to the end.
_items = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+', re.DOTALL).findall
_media_range = re.compile(rf"[ \t]*({_WORD}/{_WORD})[ \t]*((?:;[ \t]*(?:{_PARAMETER}[ \t]*)?)*)", re.DOTALL).fullmatch
_parameters = re.compile(_PARAMETER, re.DOTALL).findall
_unescape = re.compile(r"\\(.)", re.DOTALL).sub
_is_weight = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?").fullmatch
_is_plain = re.compile(r"[!#-\[\]-~]+").fullmatch


class MediaType(NamedTuple):
    """JSON:API's media type with the URIs of the extensions and profiles that hold.

    As text it is a `Content-Type`.

    >>> str(MediaType(profiles=("https://example.org/timestamps", "https://example.org/cursors")))
    'application/vnd.api+json; profile="https://example.org/timestamps https://example.org/cursors"'
    >>> str(MediaType())
    'application/vnd.api+json'
    """

    extensions: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    def __str__(self) -> str:
        written = [MEDIA_TYPE]
        for name, uris in (("ext", self.extensions), ("profile", self.profiles)):
            for uri in uris:
                if not _is_plain(uri):
                    raise ValueError(f"{uri!r} is no URI: it is empty, or has a character that URIs escape")
            if uris:
                written.append(f'{name}="{" ".join(uris)}"')
        return "; ".join(written)


class _MediaRange(NamedTuple):
    """A media type or a range of them; its name, and those of its parameters, are in lower case."""

    name: str
    parameters: list[tuple[str, str]]

    @property
    def weight(self) -> float:
        """How much a client wants it, by RFC 9110, 12.4.2; a malformed weight says nothing."""
        weights = [float(value) for name, value in self.parameters if name == "q" and _is_weight(value)]
        return min(weights, default=1.0)

    def uris(self, wanted: str) -> Iterator[str]:
        """Give the URIs that a parameter lists."""
        for name, value in self.parameters:
            if name == wanted:
                yield from (_unescape(r"\1", value[1:-1]) if value[0] == '"' else value).split()

    def fault(self, extensions: Collection[str], *besides: str) -> str | None:
        """Tell what JSON:API's media type cannot have among its parameters, or may have and is not supported."""
        for name, _ in self.parameters:
            if name not in ("ext", "profile", *besides):
                return f"{MEDIA_TYPE} has no parameter {shown(name)}."
        for uri in self.uris("ext"):
            if uri not in extensions:
                return f"The extension {shown(uri)} is not supported."
        return None

    def terms(self, profiles: Collection[str]) -> MediaType:
        """Give the extensions that it lists, and those of its profiles that are known."""
        if self.name != MEDIA_TYPE:
            return MediaType()
        known = (uri for uri in self.uris("profile") if uri in profiles)
        return MediaType(tuple(dict.fromkeys(self.uris("ext"))), tuple(dict.fromkeys(known)))


def _read(text: str) -> _MediaRange | None:
    match = _media_range(text)
    if match is None:
        return None
    return _MediaRange(match[1].lower(), [(name.lower(), value) for name, value in _parameters(match[2])])


def check_accept(header: str | None, *, extensions: Collection[str] = (), profiles: Collection[str] = ()) -> MediaType:
    """Check that an `Accept` header admits JSON:API documents; None stands for no header, which admits all.

    `extensions` are the URIs of those that the application supports, `profiles` of those that it applies on request.
    The result has the extensions and profiles that the client asks for: of several that are admitted, those with the
    greatest weight.

    An instance of the media type that has an extension that is not supported, or a parameter other than `ext` and
    `profile`, is passed over. Where none is left, a wildcard beside it does not help. What is no media range is passed
    over too.

    >>> check_accept("text/html, application/*;q=0.8")
    MediaType(extensions=(), profiles=())
    >>> dated = "https://example.org/timestamps"
    >>> check_accept(f'application/vnd.api+json; profile="{dated} https://example.org/x"', profiles=[dated]).profiles
    ('https://example.org/timestamps',)
    >>> check_accept("application/vnd.api+json; charset=utf-8")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: Accept: The header does not admit application/vnd.api+json without parameters.

    Raises:
        QueryErrors: with status 406.
        TypeError: for a text in the place of a collection.
    """
    _check_collections(extensions, profiles)
    if header is not None and len(header) > _LONGEST:
        raise _refusal("not-acceptable", "Not acceptable", _too_long(header), "Accept", 406)
    items = [item for item in _items(header or "") if item.strip()]
    if not items:
        return MediaType()
    ranges = [media_range for media_range in map(_read, items) if media_range is not None]
    admitted = [each for each in _closest(ranges) if each.weight and _is_offered(each, extensions)]
    if not admitted:
        terms = "without parameters, or with extensions that are supported" if extensions else "without parameters"
        detail = f"The header does not admit {MEDIA_TYPE} {terms}."
        raise _refusal("not-acceptable", "Not acceptable", detail, "Accept", 406, extensions)
    return max(admitted, key=lambda each: each.weight).terms(profiles)


def _closest(ranges: list[_MediaRange]) -> list[_MediaRange]:
    """Give those ranges that speak of our documents most closely."""
    for name in (MEDIA_TYPE, *_WILDCARDS):
        closest = [media_range for media_range in ranges if media_range.name == name]
        if closest:
            return closest
    return []


def _is_offered(media_range: _MediaRange, extensions: Collection[str]) -> bool:
    return media_range.name in _WILDCARDS or media_range.fault(extensions, "q") is None


def check_content_type(
    header: str | None, *, extensions: Collection[str] = (), profiles: Collection[str] = (), strict: bool = True
) -> MediaType:
    """Check that the `Content-Type` of a body is JSON:API's; None stands for no header.

    `extensions` and `profiles` are those of `check_accept`; the result has those of them that hold for the body.
    Without `strict` a body of another media type, or of none, is taken for JSON:API's too: the specification asks to
    refuse wrong parameters only. Ask only where there is a body: clients send the header with GET too, where it says
    nothing.

    >>> check_content_type('application/vnd.api+json; profile="https://example.org/timestamps"')
    MediaType(extensions=(), profiles=())
    >>> check_content_type("application/json")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: Content-Type: 'application/json' is not application/vnd.api+json.

    Raises:
        QueryErrors: with status 415.
        TypeError: for a text in the place of a collection.
    """
    _check_collections(extensions, profiles)
    fault, terms = None, MediaType()
    if header is not None and len(header) > _LONGEST:
        fault = _too_long(header)
    elif (sent := _read(header or "")) is not None and sent.name == MEDIA_TYPE:
        fault, terms = sent.fault(extensions), sent.terms(profiles)
    elif strict:
        fault = "The body has no media type." if header is None else f"{shown(header)} is not {MEDIA_TYPE}."
    if fault is not None:
        raise _refusal("unsupported-media-type", "Unsupported media type", fault, "Content-Type", 415, extensions)
    return terms


def _check_collections(*several: Collection[str]) -> None:
    for uris in several:
        if isinstance(uris, str):
            raise TypeError(f"extensions and profiles are collections of URIs, not the text {uris!r}")


def _too_long(header: str) -> str:
    return f"The header is {len(header)} characters long; at most {_LONGEST} are read."


def _refusal(
    code: str, title: str, detail: str, header: str, status: int, extensions: Collection[str] = ()
) -> QueryErrors:
    meta: dict[str, object] = {"allowed": MEDIA_TYPE}
    if extensions:
        meta["extensions"] = list(extensions)
    return QueryErrors([ErrorObject(code, title, detail, header, "header", status, meta)])
