"""Tells people where an answer differs from what Python answers, and how to see it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from jsonapi_sieve.predicate import And, Attribute, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.testing.same_rows.answer import Answer
from jsonapi_sieve.testing.same_rows.question import NUMBER, Question

__all__ = ["tell"]

_MOST_ROWS = 5
_MOST_CHARACTERS = 2_000


def tell(who: str, question: Question, answer: Answer, again: str) -> Iterator[str]:
    """Give the lines that tell of a difference, none if there is none; `again` are the arguments that ask again."""
    expected, selected = Counter(question.expected), Counter(answer.selected)
    missing, spare = list((expected - selected).elements()), list((selected - expected).elements())
    if missing or spare:
        yield f"{who} selects other rows than Python:"
        yield from _asked(question, answer)
        yield from _rows("missing", question, missing)
        yield from _rows("too many", question, spare)
        yield from _again(question, [*missing, *spare], again)
    elif question.order is not None and answer.selected != question.expected:
        yield f"{who} sorts otherwise than Python:"
        yield from _asked(question, answer)
        yield from _rows("expected", question, question.expected)
        yield from _rows("found", question, answer.selected)
        yield from _again(question, question.expected, again)


def _asked(question: Question, answer: Answer) -> Iterator[str]:
    yield _line("predicate", repr(question.predicate))
    if question.query_string is not None:
        yield _line("query string", question.query_string)
    if question.order is not None:
        yield _line("order", ", ".join(f"-{name}" if down else name for name, down in question.order))
    if answer.sql is not None:
        yield _line("SQL", " ".join(answer.sql.split()))
        yield _line("values", repr(answer.values))


def _line(title: str, text: str) -> str:
    shown = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..."
    return f"  {f'{title}:' if title else '':<14}{shown}"


def _rows(title: str, question: Question, numbers: Sequence[int | str]) -> Iterator[str]:
    titles = [title, *[""] * len(numbers)]
    for start, number in zip(titles, numbers[:_MOST_ROWS], strict=False):
        yield _line(start, f"row {number}: {_shown(question, number)}" if isinstance(number, int) else number)
    if len(numbers) > _MOST_ROWS:
        yield _line("", f"and {len(numbers) - _MOST_ROWS} more")


def _shown(question: Question, number: int) -> str:
    row = question.held[number - 1]
    return ", ".join(f"{name}={value!r}" for name, value in row.items() if name != NUMBER)


def _again(question: Question, numbers: Sequence[int | str], arguments: str) -> Iterator[str]:
    """Give the code that asks the question again, of the rows that differ alone."""
    held = [question.held[number - 1] for number in dict.fromkeys(numbers) if isinstance(number, int)]
    rows = [{name: value for name, value in row.items() if name != NUMBER} for row in held[:_MOST_ROWS]]
    order = "" if question.order is None else f", order={question.order!r}"
    yield _line("again", f"assert_same_rows({_code(question.predicate)}, {rows!r}, {arguments}{order})")


def _code(node: Predicate) -> str:
    """Write the code that makes a predicate."""
    match node:
        case Comparison():
            return f"{_named(node.field)}.compare({node.operator.name!r}, {node.value!r})"
        case And() | Or():
            return f"{type(node).__name__}({', '.join(map(_code, node.members))})"
        case Not():
            return f"Not({_code(node.member)})"
        case Related():
            return f"Related({_named(node.relationship)}, {_code(node.member)})"
        case _:
            assert_never(node)


def _named(attribute: Attribute) -> str:
    owner: Any = getattr(attribute, "owner", None)
    return attribute.name if owner is None else f"{owner.__name__}.{attribute.name}"
