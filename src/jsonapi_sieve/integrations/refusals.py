"""What goes wrong, as documents: faults of a request, and the refusals of a framework itself.

What an exception says is for the log; a client is told what its status means.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, NamedTuple

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.methods import Address, check_method

__all__ = ["Refusals", "errors_of", "not_found"]

_KNOWN: Final[Mapping[int, tuple[str, str, str]]] = MappingProxyType(
    {
        400: ("bad-request", "Bad request", "The request could not be read."),
        401: (
            "unauthorized",
            "Authorization failed",
            "The request does not say who it is from.",
        ),
        403: ("forbidden", "Forbidden", "This is not allowed."),
        404: ("not-found", "Not found", "There is nothing at this address."),
        405: ("method-not-allowed", "Method not allowed", "The method is not supported here."),
        413: ("body-limit", "Limit exceeded", "The body is too long."),
        500: ("internal-error", "Internal server error", "The service could not answer."),
        503: ("unavailable", "Service unavailable", "The service cannot answer now; ask again."),
    }
)

# Headers of a framework's own refusal that are about its text, and not about the refusal.
_OF_THE_TEXT: Final = frozenset({"content-type", "content-length", "content-encoding", "etag"})


def errors_of(
    status: int, *, method: str = "GET", path: str = "", headers: Mapping[str, str] | None = None
) -> QueryErrors:
    """Give the errors that a status stands for which a framework answers with by itself.

    A method that the framework does not route is judged by `check_method`, with what `Allow` among the headers names:
    PATCH is an update wherever it is sent, and any change of a relationship is one too. Other headers go along.

    >>> errors_of(404).errors[0].detail
    'There is nothing at this address.'
    >>> errors_of(405, method="PATCH", path="/articles/1", headers={"Allow": "GET, HEAD"}).status
    403
    """
    sent = {_spelled(name): value for name, value in (headers or {}).items() if name.lower() not in _OF_THE_TEXT}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = sent.get("Allow", "").split(",")
        try:
            check_method(method, _address(method, path), {name.strip() for name in allowed} - {"", method})
        except QueryErrors as errors:
            return QueryErrors(errors.errors, headers={**sent, **errors.headers})
    general = (f"http-{status}", f"HTTP status {status}", "The request was refused.")
    code, title, detail = _KNOWN.get(status, general)
    return QueryErrors([ErrorObject(code, title, detail, status=status)], headers=sent)


def not_found(detail: str) -> QueryErrors:
    """Make the fault of something that is not there."""
    return QueryErrors([ErrorObject("not-found", "Not found", detail, status=404)])


def _spelled(name: str) -> str:
    """Give the name of a header as it is looked for, where it is one that is added to."""
    return name.capitalize() if name.lower() in ("allow", "vary") else name


def _address(method: str, path: str) -> Address:
    """Guess what stands at an address where the framework does not say: it has no path of JSON:API's own."""
    if path.rpartition("/")[0].endswith("/relationships"):
        return "relationship"
    return "resource" if method == "PATCH" else "collection"


class Refusals(NamedTuple):
    """How an application refuses.

    `top_level` is what all its documents have, and `headers` go with each refusal. What is not below `prefix` belongs
    to something else, and a framework's own pages there stay as they are.
    """

    top_level: TopLevel = TopLevel()
    prefix: str = "/"
    headers: Mapping[str, str] = {}  # a Mapping has nothing to change it by

    def answer(self, errors: QueryErrors, method: str) -> Answer:
        """Make the answer to a request that has faults."""
        return Answer.refusing(errors, top_level=self.top_level, headers=self.headers).to(method)

    def translated(self, status: int, headers: Mapping[str, str], *, method: str, path: str) -> Answer | None:
        """Make a document of a framework's own page; None for what is no refusal, no page of HTML, or elsewhere.

        >>> Refusals(prefix="/api").translated(404, {}, method="GET", path="/index.html") is None
        True
        """
        sent = {name.lower(): value for name, value in headers.items()}
        is_page = sent.get("content-type", "text/html").startswith("text/html")
        if status < HTTPStatus.BAD_REQUEST or not is_page or not path.startswith(self.prefix):
            return None
        return self.answer(errors_of(status, method=method, path=path, headers=headers), method)
