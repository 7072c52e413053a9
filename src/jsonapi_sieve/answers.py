"""Answers as they go over HTTP: a document with its status and headers, whole or as much of it as a client needs."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

from jsonapi_sieve.conditional import entity_tag, is_current
from jsonapi_sieve.document import TopLevel, encode, error_document
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.negotiation import MEDIA_TYPE, MediaType

__all__ = ["Answer"]

_NOTHING: Final = TopLevel()


class Answer(NamedTuple):
    """A document, the status to send it with, and its headers.

    >>> answer = Answer.of(b'{"data":null}')
    >>> answer.status, answer.headers
    (200, {'Content-Type': 'application/vnd.api+json', 'Vary': 'Accept'})
    """

    body: bytes
    status: int
    headers: Mapping[str, str]

    @classmethod
    def of(
        cls,
        body: bytes,
        status: int = 200,
        *,
        media_type: str = MEDIA_TYPE,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make the answer that carries a document.

        Whatever the status, it is the same for those who `Accept` the same only (JSON:API 1.1, "Server
        Responsibilities"); a `Vary` among the headers names what else it depends on.

        >>> Answer.of(b'{"data":null}', headers={"Vary": "Origin"}).headers["Vary"]
        'Accept, Origin'
        """
        sent = {"Content-Type": media_type, "Vary": "Accept", **(headers or {})}
        if sent["Vary"] != "Accept":
            sent["Vary"] = f"Accept, {sent['Vary']}"
        return cls(body, int(status), sent)

    @classmethod
    def refusing(
        cls, errors: QueryErrors, *, top_level: TopLevel = _NOTHING, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Make the answer to a request that has faults; `top_level` is what all documents of the API have.

        >>> from jsonapi_sieve.methods import check_method
        >>> try:
        ...     check_method("PUT", "resource")
        ... except QueryErrors as errors:
        ...     answer = Answer.refusing(errors)
        >>> answer.status, answer.headers["Allow"]
        (405, 'GET, HEAD')
        """
        terms = MediaType(profiles=errors.profiles)
        body = encode(error_document(errors, jsonapi=top_level.jsonapi(terms)))
        return cls.of(body, errors.status, media_type=str(terms), headers={**(headers or {}), **errors.headers})

    def to(self, method: str, *, if_none_match: str | None = None) -> Answer:
        """Give what is sent to a request of this method, whose `If-None-Match` is this.

        A document that answers GET gets an `ETag`; who has it already gets a 304 in its place, without a body (RFC
        9110, 15.4.5). HEAD gets all but the body, the length of which its headers tell (RFC 9110, 9.3.2).

        >>> answer = Answer.of(b'{"data":null}').to("GET")
        >>> Answer.of(b'{"data":null}').to("GET", if_none_match=answer.headers["ETag"])
        Answer(body=b'', status=304, headers={'Vary': 'Accept', 'ETag': '"..."'})
        """
        if method not in ("GET", "HEAD"):
            return self
        headers = dict(self.headers)
        if self.status == HTTPStatus.OK:
            headers["ETag"] = entity_tag(self.body, headers["Content-Type"])
            if is_current(if_none_match, headers["ETag"]):
                del headers["Content-Type"]
                return Answer(b"", HTTPStatus.NOT_MODIFIED.value, headers)
        if method == "HEAD":
            return Answer(b"", self.status, {**headers, "Content-Length": str(len(self.body))})
        return Answer(self.body, self.status, headers)
