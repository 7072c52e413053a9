"""From the bytes of a body to the value that its JSON says (RFC 8259), refusing what others may read in another way.

Refused are repeated names, NaN and infinities, texts that cannot be stored and sent anywhere, and numbers out of all
proportion. Budgets are checked before the work that they bound.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate
from typing import Final

from jsonapi_sieve.decoding import Undecodable, check_text
from jsonapi_sieve.document.places import ROOT, Faults, Place
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.operand import shown

__all__ = ["parse_body"]

_LONGEST_NUMBER: Final = 100

_has_short_exponent = re.compile(r"[^eE]*(?:[eE][+-]?[0-9]{1,3})?").fullmatch

_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ALL_BUT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in _STEPS)


def parse_body(body: bytes, limits: Limits) -> object:
    """Read a body as JSON. Objects are dict, arrays list, whole numbers int.

    Other numbers are float where the shortest text of the float is the same number, and `decimal.Decimal` elsewhere, so
    that no digit is lost.

    >>> parse_body(b'{"data": [0.5, 0.30000000000000000001]}', Limits())
    {'data': [0.5, Decimal('0.30000000000000000001')]}

    Raises:
        QueryErrors: with status 413 for a body over its budget, else 400: with one error that has no pointer for nests
            over their budget and for what is no JSON, or with all errors of the values in it.
    """
    if len(body) > limits.body:
        # It may be longer than the part that a server keeps of it.
        detail = f"The body is longer than {limits.body} bytes; no more are read."
        raise QueryErrors([limits.exceeded("body", detail, status=413)])
    if _depth(body) > limits.json_depth:
        raise _too_deep(limits)
    try:
        return _decode(body)
    except RecursionError:  # the budget is greater than the stack
        raise _too_deep(limits) from None


def _depth(body: bytes) -> int:
    """Count how deep arrays and objects are nested, up to the first fault of the syntax at least."""
    texts_end_at_quotes = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(texts_end_at_quotes.split(b'"')[::2])
    return max(accumulate(map(_STEPS.__getitem__, outside.translate(None, _ALL_BUT_BRACKETS))), default=0)


def _decode(body: bytes) -> object:
    try:
        value: object = _DECODER.decode(body.decode())
    except UnicodeDecodeError as error:
        raise QueryErrors([_invalid(f"The body is no UTF-8 from byte {error.start + 1} on.")]) from None
    except json.JSONDecodeError as error:
        detail = f"The body is no JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise QueryErrors([_invalid(detail)]) from None
    faults = Faults()
    _check(value, ROOT, faults)
    faults.raise_any()
    return value


class _Refused(str):
    """Stands where a number was that is not taken, and says why."""

    __slots__ = ()


class _Repeating(dict[str, object]):
    """Stands where an object was that repeats names; it holds the last member of each."""

    repeated: list[str]


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    by_name = dict(members)
    if len(by_name) == len(members):
        return by_name
    repeating = _Repeating(by_name)
    counts = Counter(name for name, _ in members)
    repeating.repeated = [name for name, count in counts.items() if count > 1]
    return repeating


def _integer(text: str) -> object:
    return int(text) if len(text) <= _LONGEST_NUMBER else _too_long(text)


def _number(text: str) -> object:
    if len(text) > _LONGEST_NUMBER:
        return _too_long(text)
    number = float(text)
    shortest = repr(number)
    if shortest == text:
        return number
    if not _has_short_exponent(text):
        return _Refused(f"The exponent of {text} has more than three digits.")
    exact = Decimal(text)
    return number if Decimal(shortest) == exact else exact


def _too_long(text: str) -> _Refused:
    return _Refused(f"A number is {len(text)} characters long; at most {_LONGEST_NUMBER} are read.")


def _constant(name: str) -> object:
    return _Refused(f"{name} is no number of JSON.")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def _check(value: object, place: Place, faults: Faults) -> None:
    """Add the faults of a value and of all that it holds, in the order of the document."""
    match value:
        case _Refused():
            faults.add(_invalid(str(value), place))
        case str():
            _check_text(value, "The text", place, faults)
        case list():
            _check_held(enumerate(value), place, faults)
        case dict():
            _check_names(value, place, faults)
            _check_held(value.items(), place, faults)
        case _:
            pass


def _check_held(held: Iterable[tuple[str | int, object]], place: Place, faults: Faults) -> None:
    for token, value in held:
        if value and isinstance(value, (str, list, dict)):
            _check(value, place.member(token), faults)


def _check_names(members: dict[str, object], place: Place, faults: Faults) -> None:
    for name in members:
        _check_text(name, f"The name {shown(name)}", place, faults)
    if isinstance(members, _Repeating):
        for name in members.repeated:
            detail = f"The member {shown(name)} is there more than once."
            faults.add(_error("repeated-member", "Repeated member", detail, place.member(name)))


def _check_text(text: str, subject: str, place: Place, faults: Faults) -> None:
    try:
        check_text(text)
    except Undecodable as error:
        faults.add(_error("invalid-encoding", "Invalid encoding", f"{subject} {error}.", place))


def _too_deep(limits: Limits) -> QueryErrors:
    detail = f"Arrays and objects are nested too deep; at most {limits.json_depth} levels are read."
    return QueryErrors([limits.exceeded("json_depth", detail)])


def _invalid(detail: str, place: Place | None = None) -> ErrorObject:
    return _error("invalid-json", "Invalid JSON", detail, place)


def _error(code: str, title: str, detail: str, place: Place | None) -> ErrorObject:
    return ErrorObject(code, title, detail, None if place is None else place.pointer, "pointer")
