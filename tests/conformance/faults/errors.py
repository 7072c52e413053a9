"""Faults of error documents: section ERR of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count, cycle
from typing import Final

from tests.conformance.exchange import Answer, Document, Fault, Request, misspoken, miswritten


def _each_error(change: Callable[[Document], object]) -> Fault:
    """Change each error object in place."""
    return miswritten(lambda document: [change(error) for error in document.get("errors", ())])


def _has_errors(document: Document) -> bool:
    return "errors" in document


def _says_where_twice(error: Document) -> None:
    error["source"] = {"parameter": "sort", "header": "Accept"}


def _points_to_nothing(error: Document) -> None:
    error["source"] = {"pointer": "/data/attributes/nobody"}


def _names_headers_vaguely(error: Document) -> None:
    if "header" in error.get("source", {}):
        error["source"]["header"] = ["Accept", "Content-Type"]


def _picks_a_status(_request: Request, answer: Answer) -> Answer:
    return replace(answer, status=418) if answer.status == 400 else answer


def _turns_errors_round() -> Fault:
    """Give errors in another order every other time."""
    turns = cycle((1, -1))
    return miswritten(lambda document: document.update(errors=document["errors"][:: next(turns)]), only=_has_errors)


def _numbers_titles() -> Fault:
    numbers = count(1)
    return _each_error(lambda error: error.update(title=f"Problem {next(numbers)}"))


FAULTS: Final[dict[str, Fault]] = {
    "ERR-01": miswritten(lambda document: document.update(errors=document["errors"][0]), only=_has_errors),
    "ERR-02": _each_error(lambda error: error.update(message="It is wrong")),
    "ERR-03": _each_error(lambda error: error.pop("status")),
    "ERR-04": _each_error(lambda error: error.update(code=100)),
    "ERR-05": _numbers_titles(),
    "ERR-06": _each_error(_says_where_twice),
    "ERR-07": _each_error(_points_to_nothing),
    "ERR-08": _each_error(_names_headers_vaguely),
    "ERR-09": misspoken(_picks_a_status),
    "ERR-10": _turns_errors_round(),
    "ERR-11": _each_error(lambda error: error.update(links={"help": "https://example.org/errors"})),
}
