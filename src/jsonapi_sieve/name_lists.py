"""The faults of a list of names in a parameter: which are empty, which unknown, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from jsonapi_sieve.errors import ErrorObject
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import shown

__all__ = ["MOST_EXPLAINED", "Codes", "faults_of_names", "name_error", "unknown_name"]

# A request that is all mistakes gets no more than a few hints, for each costs time, and no long list of errors.
MOST_EXPLAINED: Final = 5


class Codes(NamedTuple):
    """The codes of the faults of one kind of list; their titles are the same words."""

    empty: str
    unknown: str
    too_many: str


def faults_of_names(
    names: Collection[str], known: Collection[str], *, at: str, noun: str, codes: Codes
) -> list[ErrorObject]:
    """Give an error for each different name that is empty or not known; one alone when there are too many names.

    `noun` says what the names are: "field of cdrs". Whatever is known, five names are looked at.

    >>> codes = Codes("empty-field", "unknown-field", "too-many-fields")
    >>> for fault in faults_of_names(["durtion"], ["duration"], at="fields[cdrs]", noun="field of cdrs", codes=codes):
    ...     print(fault.detail)
    'durtion' is no field of cdrs; did you mean duration?
    """
    most = max(len(known), MOST_EXPLAINED)
    if len(names) > most:
        detail = f"{len(names)} names were sent; at most {most} are taken."
        return [name_error(codes.too_many, detail, at, known)]
    faults: list[ErrorObject] = []
    for name in names:
        # The answer and its cost stay in proportion to the question: only the first faults tell what is allowed.
        told = known if len(faults) < MOST_EXPLAINED else ()
        if not name:
            faults.append(name_error(codes.empty, f"A name is empty; each is that of a {noun}.", at, told))
        elif name not in known:
            faults.append(unknown_name(name, told, at=at, noun=noun, code=codes.unknown))
    return faults


def unknown_name(name: str, known: Collection[str], *, at: str, noun: str, code: str) -> ErrorObject:
    """Give the error of a name that is none of those known, with the one that was perhaps meant.

    >>> unknown_name("cdr", ["cdrs"], at="fields[cdr]", noun="type", code="unknown-type").meta
    {'nearest': 'cdrs', 'allowed': ['cdrs']}
    """
    near = nearest(name, known)
    hint = f"; did you mean {near}?" if near else "."
    return name_error(code, f"{shown(name)} is no {noun}{hint}", at, known, near)


def name_error(code: str, detail: str, at: str, allowed: Collection[str], near: str | None = None) -> ErrorObject:
    """Give the error of a name, with the names that are allowed, if any are told; its title is the code's words.

    >>> name_error("empty-sort-key", "A sort key is empty.", "sort", ["status"]).title
    'Empty sort key'
    """
    meta: dict[str, object] = {"nearest": near} if near else {}
    meta |= {"allowed": list(allowed)} if allowed else {}
    return ErrorObject(code, code.replace("-", " ").capitalize(), detail, at, meta=meta)
