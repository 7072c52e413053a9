"""What an explorer sends: documents, JSON and files, with the headers that keep a page to itself.

The page may load nothing but the explorer's own files, be framed by nobody, and send nothing elsewhere. The page that a
link leads to has a form, and no script.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import encode, error_document
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.integrations.refusals import Refusals
from jsonapi_sieve.integrations.request import Request
from jsonapi_sieve.negotiation import MEDIA_TYPE

__all__ = [
    "OF_FORMS",
    "REFUSALS",
    "check_form",
    "check_own",
    "fresh",
    "only",
    "origin_of",
    "redirect",
    "refusal",
    "refused",
    "reply",
    "sent",
    "text",
]


def _policy(*loaded: str, form: str) -> str:
    own = (f"{kind}-src 'self'" for kind in loaded)
    return "; ".join(("default-src 'none'", *own, "frame-ancestors 'none'", "base-uri 'none'", f"form-action '{form}'"))


_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy("script", "style", "img", "connect", form="none"),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)
"""The headers of every answer that says nothing else."""

OF_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": _policy("style", "img", form="self"),
        # Without any referrer a form's own site would be "null" (Fetch, "Append a request `Origin` header").
        "Referrer-Policy": "strict-origin",
    }
)
"""The headers of a page that has a form."""

REFUSALS: Final = Refusals(headers=_HEADERS)
"""How a request is refused that the explorer does not see."""


def sent(answer: Answer, method: str) -> Answer:
    """Give an answer with the headers of all; HEAD gets no body, and is told its length."""
    headers = {**_HEADERS, **answer.headers}
    if method != "HEAD" or not answer.body:
        return Answer(answer.body, answer.status, headers)
    return Answer(b"", answer.status, {**headers, "Content-Length": str(len(answer.body))})


def fresh(body: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with something of a media type, which nobody may keep unless the headers say so."""
    return Answer(body, status, {"Content-Type": media_type, **(headers or {})})


def reply(value: Mapping[str, Any]) -> Answer:
    """Answer with JSON."""
    return fresh(json.dumps(value, separators=(",", ":"), default=str).encode(), "application/json")


def text(body: str, status: int) -> Answer:
    """Answer with a text for people."""
    return fresh(body.encode(), "text/plain; charset=utf-8", status)


def redirect(location: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Send a browser elsewhere, by GET (RFC 9110, 15.4.4, "303 See Other")."""
    return Answer(b"", HTTPStatus.SEE_OTHER.value, {**(headers or {}), "Location": location})


def refused(errors: QueryErrors) -> Answer:
    """Answer with the document of a request's faults."""
    return fresh(encode(error_document(errors)), MEDIA_TYPE, errors.status, errors.headers)


def refusal(status: int, code: str, title: str, detail: str, headers: Mapping[str, str] | None = None) -> QueryErrors:
    """Make the one fault of a request."""
    return QueryErrors([ErrorObject(code, title, detail, status=status)], headers=headers)


def only(method: str, *allowed: str) -> None:
    """Check that an address has a method.

    Raises:
        QueryErrors: 405 for another.
    """
    if method not in allowed:
        detail = f"This address takes {' and '.join(allowed)} only."
        raise refusal(405, "method-not-allowed", "Method not allowed", detail, {"Allow": ", ".join(allowed)})


def check_own(request: Request) -> None:
    """Check that a request to change something was sent by the page, or by no browser.

    Raises:
        QueryErrors: 403 for another: no other site can add the header, which browsers ask about beforehand (Fetch,
            "CORS-preflight fetch").
    """
    if "x-explorer" not in request.headers or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise refusal(403, "forbidden", "Forbidden", "Only the explorer's own page may ask for this.")


def origin_of(request: Request) -> str:
    """Give the origin of the site that a request was sent to (RFC 6454, 6.2)."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(request.url))


def check_form(request: Request) -> None:
    """Check that a form was sent from a page of the explorer's own site, or by no browser.

    Raises:
        QueryErrors: 403 for another site's, which could sign somebody in as somebody else. Browsers say where a request
            comes from by `Sec-Fetch-Site`, or where that is too new for them, or there is no TLS, by `Origin`.
    """
    own = origin_of(request)
    site = request.headers.get("sec-fetch-site")
    is_foreign = request.headers.get("origin", own) != own if site is None else site != "same-origin"
    if is_foreign:
        raise refusal(403, "forbidden", "Forbidden", "Open the link itself, and press the button on its page.")
