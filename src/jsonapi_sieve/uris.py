"""URIs, URI references (RFC 3986), relation types (RFC 8288) and language tags (RFC 5646), by their syntax."""

from __future__ import annotations

import re

__all__ = ["is_language_tag", "is_relation_type", "is_uri", "is_uri_reference"]


def _of(characters: str) -> str:
    """Write a pattern for any number of these characters and of escapes."""
    plain = f"[a-zA-Z0-9._~!$&'()+*,;={characters}-]*"
    return f"{plain}(?:%[0-9A-Fa-f]{{2}}{plain})*"


_scheme = "[a-zA-Z][a-zA-Z0-9+.-]*:"
_authority = rf"(?:{_of(':')}@)?(?:\[[0-9a-zA-Z:.]+\]|{_of('')})(?::[0-9]*)?"
_rest = rf"(?://{_authority}(?:/{_of(':@/')})?|(?!//){_of(':@/')})(?:\?{_of(':@/?')})?(?:#{_of(':@/?')})?"

_uri = re.compile(_scheme + _rest)
# Without a scheme, the first segment of a path has no colon, for it would be read as one.
_relative = re.compile("(?![^:/?#]*:)" + _rest)
_relation = re.compile("[a-z][a-z0-9.-]*")
_language = re.compile("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")


def is_uri(value: object) -> bool:
    """Whether a value is a URI, one with a scheme.

    >>> is_uri("https://example.com/cdrs?page%5Bsize%5D=50"), is_uri("/cdrs"), is_uri("https://example.com/?a[b]")
    (True, False, False)
    """
    return isinstance(value, str) and _uri.fullmatch(value) is not None


def is_uri_reference(value: object) -> bool:
    """Whether a value is a URI, or a reference relative to one.

    >>> is_uri_reference("/cdrs/8"), is_uri_reference("//example.com"), is_uri_reference("two words")
    (True, True, False)
    """
    return is_uri(value) or (isinstance(value, str) and _relative.fullmatch(value) is not None)


def is_relation_type(value: object) -> bool:
    """Whether a value is the relation type of a link: a registered name, or a URI.

    >>> is_relation_type("next"), is_relation_type("https://example.com/rel"), is_relation_type("Next")
    (True, True, False)
    """
    return is_uri(value) or (isinstance(value, str) and _relation.fullmatch(value) is not None)


def is_language_tag(value: object) -> bool:
    """Whether a value has the form of a language tag; whether there is such a language is not asked.

    >>> is_language_tag("de-CH"), is_language_tag("de_CH")
    (True, False)
    """
    return isinstance(value, str) and _language.fullmatch(value) is not None
