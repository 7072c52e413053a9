"""Methods of HTTP at the addresses of an API: which are refused, and how.

An update that is not supported is answered with 403, as JSON:API 1.1 asks ("Updating Resources" and "Updating
Relationships"); any other method that an address does not have with 405 (RFC 9110, 15.5.6, "405 Method Not Allowed").
A collection where nothing can be created is of the second kind: there the specification leaves the choice, and `Allow`
tells a client more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown

__all__ = ["Address", "check_method"]

Address: TypeAlias = Literal["collection", "resource", "related", "relationship"]
"""What stands at an address: `/articles`, `/articles/1`, `/articles/1/author` or `/articles/1/relationships/author`."""

_UPDATES: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {"resource": ("PATCH",), "relationship": ("PATCH", "POST", "DELETE")}
)


def check_method(method: str, address: Address, supported: Collection[str] = ("GET",)) -> None:
    """Check that an address supports the method of a request; HEAD is where GET is.

    Ask before anything else of a request is judged but who it is from and whether there is such an address.

    >>> check_method("HEAD", "collection", ["GET", "POST"])
    >>> check_method("PATCH", "resource")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: 'PATCH' is not supported here; GET and HEAD are.

    Raises:
        QueryErrors: with status 403 for an update of a resource or a relationship, else 405; `headers` has `Allow`.
        TypeError: for a text in the place of a collection.
        ValueError: for what is none of the kinds of addresses.
    """
    if address not in get_args(Address):
        raise ValueError(f"{address!r} is no kind of address; there are {', '.join(get_args(Address))}")
    if isinstance(supported, str):
        raise TypeError(f"supported methods are a collection, not the text {supported!r}")
    allowed = sorted({*supported, "HEAD"} if "GET" in supported else supported)
    if method in allowed:
        return
    *first, last = allowed or ["nothing"]
    told = f"{', '.join(first)} and {last} are" if first else f"{last} is"
    detail = f"{shown(method)} is not supported here; {told}."
    if method in _UPDATES.get(address, ()):
        error = ErrorObject("unsupported-update", "Unsupported update", detail, status=403, meta={"allowed": allowed})
    else:
        error = ErrorObject("method-not-allowed", "Method not allowed", detail, status=405, meta={"allowed": allowed})
    raise QueryErrors([error], headers={"Allow": ", ".join(allowed)})
