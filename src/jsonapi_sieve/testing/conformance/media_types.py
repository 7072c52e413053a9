"""Media types as answers have them (RFC 9110, 8.3.1 and 5.6.6)."""

from __future__ import annotations

import re
from itertools import starmap
from typing import Final, NamedTuple

__all__ = ["MediaType", "Parameter", "media_type", "uris"]

_WORD: Final = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
# A URI without quotes is no word; it is read so that what is wrong with it can be told.
_LOOSE: Final = r';[ \t]*([^=;" \t]+)=(?:("(?:[^"\\]|\\.)*")[ \t]*|([^;"]*))'

_type = re.compile(rf"[ \t]*({_WORD}/{_WORD})[ \t]*((?:{_LOOSE})*)", re.ASCII).fullmatch
_parameters = re.compile(_LOOSE, re.ASCII).findall


class Parameter(NamedTuple):
    """A parameter of a media type, and whether its value was quoted."""

    name: str
    value: str
    quoted: bool


class MediaType(NamedTuple):
    """A media type, its name and those of its parameters in lower case."""

    name: str
    parameters: tuple[Parameter, ...] = ()


def media_type(header: str) -> MediaType | None:
    """Read a `Content-Type`; None for what is none.

    >>> media_type('application/vnd.api+json; profile="https://example.com/a"')
    MediaType(name='application/vnd.api+json', parameters=(Parameter(name='profile', ...
    """
    match = _type(header)
    if match is None:
        return None
    return MediaType(match[1].lower(), tuple(starmap(_parameter, _parameters(match[2]))))


def uris(header: str, name: str) -> frozenset[str]:
    """Give the URIs that the media type of a header has as `ext` or `profile`.

    >>> sorted(uris('application/vnd.api+json;profile="https://a.example https://b.example"', "profile"))
    ['https://a.example', 'https://b.example']
    """
    kind = media_type(header) or MediaType("")
    return frozenset(uri for each in kind.parameters if each.name == name for uri in each.value.split())


def _parameter(name: str, quoted: str, plain: str) -> Parameter:
    return Parameter(name.lower(), re.sub(r"\\(.)", r"\1", quoted[1:-1]) or plain.rstrip(), bool(quoted))
