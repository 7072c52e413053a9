"""Error objects (JSON:API 1.1, "Error Objects")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.links import check_links
from jsonapi_sieve.testing.members import Shape, check_meta
from jsonapi_sieve.testing.pointers import Finding, Place, is_pointer, leads_into

__all__ = ["check_errors"]

_MEMBERS: Final = ("id", "links", "status", "code", "title", "detail", "source", "meta")
_ERROR: Final = Shape("An error object", _MEMBERS, "ERR-02")
_LINKS: Final = Shape("The links of an error", ("about", "type"), "ERR-11")
_SOURCE: Final = Shape("The source of an error", ("pointer", "parameter", "header"))

_status = re.compile("[1-5][0-9]{2}")
# A token of RFC 9110, "Tokens".
_header = re.compile("[a-zA-Z0-9!#$%&'*+.^_`|~-]+")


def check_errors(value: object, at: Place, request: object) -> Iterator[Finding]:
    """Check `errors`; pointers have to lead into the document of the request, unless that is None."""
    if not isinstance(value, list):
        yield at.breaks("ERR-01", f"errors is {shown(value)}, and has to be an array.")
        return
    titles: dict[str, str] = {}
    for index, error in enumerate(value):
        place = at / index
        if not isinstance(error, dict):
            yield place.breaks("ERR-01", f"This is {shown(error)}, and has to be an error object.")
            continue
        yield from _check_error(error, place, request)
        match error:
            case {"code": str(code), "title": str(title)}:
                if titles.setdefault(code, title) != title:
                    yield (place / "title").breaks("ERR-05", f"Another error of code {shown(code)} has another title.")


def _check_error(error: dict[str, Any], at: Place, request: object) -> Iterator[Finding]:
    yield from _ERROR.check(error, at)
    if error.keys().isdisjoint(_MEMBERS):
        yield at.breaks("ERR-02", f"An error object needs one of {', '.join(_MEMBERS)}.")
    elif "status" not in error:
        yield at.breaks("ERR-03", "An error object should have a status.")
    for name in ("id", "code", "title", "detail"):
        if not isinstance(error.get(name, ""), str):
            yield (at / name).breaks("ERR-04", f"{name} is {shown(error[name])}, and has to be text.")
    status = error.get("status", "500")
    if not isinstance(status, str) or not _status.fullmatch(status):
        yield (at / "status").breaks("ERR-04", f"status is {shown(status)}, and has to be text such as '404'.")
    yield from check_links(error, at, _LINKS)
    yield from check_meta(error, at)
    if "source" in error:
        yield from _check_source(error["source"], at / "source", request)


def _check_source(source: object, at: Place, request: object) -> Iterator[Finding]:
    if not isinstance(source, dict):
        yield at.breaks("ERR-04", f"source is {shown(source)}, and has to be an object.")
        return
    yield from _SOURCE.check(source, at)
    if sum(name in source for name in _SOURCE.members) != 1:
        yield at.breaks("ERR-06", "A source should have one of pointer, parameter and header.")
    if "pointer" in source:
        yield from _check_pointer(source["pointer"], at / "pointer", request)
    if not isinstance(source.get("parameter", ""), str):
        yield (at / "parameter").breaks("ERR-08", f"parameter is {shown(source['parameter'])}, and has to be text.")
    header = source.get("header", "Accept")
    if not isinstance(header, str) or not _header.fullmatch(header):
        yield (at / "header").breaks("ERR-08", f"header is {shown(header)}, and has to be the name of one header.")


def _check_pointer(pointer: object, at: Place, request: object) -> Iterator[Finding]:
    if not isinstance(pointer, str) or not is_pointer(pointer):
        yield at.breaks("ERR-07", f"pointer is {shown(pointer)}, and has to be a JSON pointer.")
    elif request is not None and not leads_into(request, pointer):
        yield at.breaks("ERR-07", f"{shown(pointer)} leads to nothing in the request document.")
