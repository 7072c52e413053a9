"""Sorting (JSON:API 1.1, "Sorting")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.order import ascending, comparable, together
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.resources import fields_of

__all__ = ["SORTING"]

_MOST_ROWS: Final = 500


def _fields(subject: Subject) -> tuple[str, ...]:
    subject.require(subject.sort, "No field to sort by is known.")
    return subject.sort


def _asked(subject: Subject, sort: str, name: str) -> Answer:
    """Ask in an order, with what the name of its field leads to, if that can be included."""
    path = name.rpartition(".")[0]
    shown = subject.having(sort=sort, include=path) if path else None
    return shown if shown is not None and shown.found else subject.having(sort=sort)


def _values(answer: Answer, *names: str) -> list[tuple[Any, ...]]:
    """Give the values of fields, without the resources that lack one or have null."""
    known = {(item["type"], item["id"]): item for item in (*answer.included, *answer.resources)}
    rows = [tuple(_value(item, name, known) for name in names) for item in answer.resources[:_MOST_ROWS]]
    return [row for row in rows if all(value is not None for value in row)]


def _value(item: dict[str, Any] | None, name: str, known: Mapping[tuple[str, str], dict[str, Any]]) -> Any:
    """Give an attribute, or that of a related resource that the document shows."""
    *path, last = name.split(".")
    for hop in path:
        relationship = dict(fields_of(item or {}, "relationships")).get(hop)
        linkage = relationship.get("data") if isinstance(relationship, dict) else None
        item = known.get((str(linkage.get("type")), str(linkage.get("id")))) if isinstance(linkage, dict) else None
    return dict(fields_of(item or {}, "attributes")).get(last)


def _known(rows: Sequence[tuple[Any, ...]]) -> bool:
    return all(comparable(column) for column in zip(*rows, strict=True))


def _in_order(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether the values of one field can be in an order: are, where it is beyond doubt, else that equal ones meet."""
    return ascending(rows) if _known(rows) else together([value for (value,) in rows])


def _telling(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether values tell their order."""
    return any(row != rows[0] for row in rows) and (
        _known(rows) or any(row in rows[:at] for at, row in enumerate(rows))
    )


@checks("SRT-01", "SRT-04")
def data_is_sorted(subject: Subject) -> Iterator[Finding]:
    """Sort by each field in both directions, and look at the values where their order is beyond doubt."""
    told = False
    for field in _fields(subject):
        up, down = (_asked(subject, f"{sign}{field}", field) for sign in ("", "-"))
        yield from up.expect("SRT-04", 200, to=f"sort={field}")
        yield from down.expect("SRT-01", 200, to=f"sort=-{field}")
        rising, falling = _values(up, field), _values(down, field)
        told |= not (up.found and down.found) or _telling(rising)
        if not _in_order(rising):
            yield up.breaks("SRT-04", f"The values of {field!r} are not in order.")
        if not _in_order(falling[::-1]):
            yield down.breaks("SRT-01", f"The values of {field!r} do not descend after a minus.")
        if any(row != rising[0] for row in rising) and up.ids == down.ids:
            yield down.breaks("SRT-01", "The minus changes nothing.")
    subject.require(told, "No values that tell their order are shown.")


@checks("SRT-02")
def fields_are_applied_in_turn(subject: Subject) -> Iterator[Finding]:
    """Sort by two fields, in both orders of them."""
    fields = _fields(subject)
    subject.require(len(fields) > 1, "No two fields to sort by are known.")
    told = False
    for names in (fields[:2], fields[1::-1]):
        answer = subject.having(sort=",".join(names))
        subject.require(answer.found, "The collection is not sorted by two fields.")
        rows = _values(answer, *names)
        told |= _known(rows) and _telling(rows)
        if _known(rows) and not ascending(rows):
            yield answer.breaks("SRT-02", f"The data is not in the order of {names[0]!r} and then {names[1]!r}.")
    subject.require(told, "No values that tell their order are shown.")


@checks("SRT-03")
def unknown_fields_are_refused(subject: Subject) -> Iterator[Finding]:
    """Sort by a field that there is not."""
    for field in ("made-up", "-made-up", *(f"{name},made-up" for name in subject.sort[:1])):
        yield from subject.having(sort=field).expect("SRT-03", 400, to=f"sort={field}")


@checks("SRT-05")
def paths_are_sorted_by(subject: Subject) -> Iterator[Finding]:
    """Sort by the paths that the description has, and look at the related values where they are shown."""
    paths = [field for field in _fields(subject) if "." in field]
    subject.require(paths, "No path to sort by is known.")
    told = False
    for path in paths:
        answer = _asked(subject, path, path)
        yield from answer.expect("SRT-05", 200, to=f"sort={path}")
        rows = _values(answer, path)
        told |= _telling(rows)
        if not _in_order(rows):
            yield answer.breaks("SRT-05", f"The data is not in the order of {path!r}.")
    subject.require(told, "No related values that tell their order are shown.")


@checks("SRT-06")
def malformed_fields_are_refused(subject: Subject) -> Iterator[Finding]:
    """Sort by what is no field, or by one twice."""
    field = _fields(subject)[0]
    for text in ("", "-", f"{field},{field}", f"{field},-{field}", f"--{field}", f"+{field}", f"{field},"):
        yield from subject.having(sort=text).expect("SRT-06", 400, to=f"sort={text}")


SORTING: Final[tuple[Check, ...]] = (
    data_is_sorted,
    fields_are_applied_in_turn,
    unknown_fields_are_refused,
    paths_are_sorted_by,
    malformed_fields_are_refused,
)
