"""Conditional requests: what a client has already is not sent to it again (RFC 9110, 13, "Conditional Requests")."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from jsonapi_sieve.negotiation import MEDIA_TYPE

__all__ = ["entity_tag", "is_current"]

_LONGEST: Final = 16_384
"""Characters of a header that are read."""

_DIGEST: Final = 16
"""Bytes that tell documents apart."""

_TAG: Final = r'(?:W/)?"([!#-~\x80-\xff]*)"'
_is_list = re.compile(rf"(?:[ \t,]*{_TAG})+[ \t,]*").fullmatch
_tags = re.compile(_TAG).findall


def entity_tag(body: bytes, media_type: str = MEDIA_TYPE) -> str:
    """Give the `ETag` of a document that is sent as it stands, as this media type (RFC 9110, 8.8.3, "ETag").

    It is a strong one: two documents with the same tag are the same, byte for byte. It costs some milliseconds for
    each mebibyte.

    >>> entity_tag(b'{"data":null}')
    '"26a9fafc9060d84709fa0dd57abb4e6b"'
    """
    digest = blake2b(media_type.encode() + b"\n", digest_size=_DIGEST)
    digest.update(body)
    return f'"{digest.hexdigest()}"'


def is_current(if_none_match: str | None, tag: str) -> bool:
    """Whether a client says, by `If-None-Match`, that it has the document of a tag (RFC 9110, 13.1.2).

    None stands for no header. `*` means whatever there is. Tags are compared weakly, as that section asks. A header
    that is malformed, or longer than 16,384 characters, says nothing: the document is then sent once more.

    >>> is_current('"a", W/"b"', '"b"'), is_current('"a"', '"b"'), is_current("*", '"b"'), is_current(None, '"b"')
    (True, False, True, False)
    """
    if if_none_match is None or len(if_none_match) > _LONGEST:
        return False
    if if_none_match.strip(" \t") == "*":
        return True
    return _is_list(if_none_match) is not None and not set(_tags(tag)).isdisjoint(_tags(if_none_match))
