"""A check: a small function that asks one collection, and tells what breaks a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject

__all__ = ["Check", "checks"]

Run: TypeAlias = Callable[[Subject], Iterator[Finding]]


class Check(NamedTuple):
    """The rules that a function looks at, and the function, which raises `Skipped` for what it cannot look at.

    It may ask for answers in which `provoked` rules can be seen, those that every answer is held to, and looks no
    further: whether they were seen, the answers tell.
    """

    rules: tuple[str, ...]
    run: Run
    provoked: tuple[str, ...] = ()


def checks(*rules: str, provokes: tuple[str, ...] = ()) -> Callable[[Run], Check]:
    """Make a check of a function.

    >>> @checks("FET-01")
    ... def a_collection_is_found(subject: Subject) -> Iterator[Finding]:
    ...     yield from subject.first.expect("FET-01", 200)
    >>> a_collection_is_found.rules
    ('FET-01',)
    """
    return lambda run: Check(rules, run, provokes)
