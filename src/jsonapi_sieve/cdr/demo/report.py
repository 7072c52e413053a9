"""What the demonstration prints: plain text, in lines of at most 100 columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from textwrap import indent, wrap
from typing import Any, Final

from sqlalchemy import Dialect, Row

from jsonapi_sieve import Comparison, QueryErrors
from jsonapi_sieve.cdr.demo.answer import Answer
from jsonapi_sieve.cdr.demo.question import FILTERS, SORT, Question
from jsonapi_sieve.cdr.demo.table import draw
from jsonapi_sieve.names import spell

__all__ = ["answered", "counted", "errors_shown", "first_rows", "section", "understood"]

WIDTH: Final = 100
_LABEL: Final = 11
_ROWS: Final = 8
_JSON_WIDTH: Final = 85  # of a value, which its name stands before
_LISTED: Final = 4
_USUAL_COLUMNS: Final = ("duration", "customer_price", "dst_prefix_routing", "src_name_in", "lega_disconnect_code")

_shorten_columns = re.compile(r"\ASELECT (\S+, \S+), .*, (\S+)\s*\nFROM", re.DOTALL).sub
_FIELDS: Final = {field.name: field for field in FILTERS.fields}


def section(label: str, lines: Iterable[str]) -> str:
    """Lay out lines behind a label, each wrapped where it is too long.

    >>> print(section("Rows", ["3 of 5", "all of 2"]))
    Rows       3 of 5
               all of 2
    """
    wrapped = [part for line in lines for part in _wrap(line)]
    return f"{label:{_LABEL}}{indent(chr(10).join(wrapped), ' ' * _LABEL)[_LABEL:]}"


def _wrap(line: str) -> list[str]:
    margin = " " * (len(line) - len(line.lstrip()) + 4)
    broken = line.replace("&", "& ")  # a query string may be broken behind an ampersand
    parts = wrap(broken, WIDTH - _LABEL, subsequent_indent=margin, break_long_words=True, break_on_hyphens=False)
    return [part.replace("& ", "&") for part in parts]


def understood(question: Question) -> Iterator[str]:
    """Show what a query string was read as, and how it is written in one canonical way."""
    nodes = question.predicate.members
    yield section("Predicate", ["And(", *(f"    {node!r}," for node in nodes), ")"] if nodes else ["TRUE"])
    canonical = [FILTERS.render(question.predicate), f"sort={SORT.render(question.order)}"]
    yield section("Canonical", ["&".join(filter(None, canonical))])


def answered(answer: Answer, dialect: Dialect) -> Iterator[str]:
    """Show the SQL with its values, and the Python code."""
    sql = _shorten_columns(r"SELECT \1, ..., \2\nFROM", str(answer.statement.compile(dialect=dialect)))
    yield section("SQL", sql.replace(" AND ", "\n    AND ").replace(" ORDER BY ", "\nORDER BY ").splitlines())
    yield section("Values", [f"{name} = {value!r}" for name, value in answer.values.items()] or ["none"])
    matches, _, _ = answer.python_source.partition("\n\n\n")
    yield section("Python", matches.replace(" and ", "\n        and ").splitlines())


def counted(answer: Answer) -> str:
    """Show how many rows were found, and whether both engines agree."""
    verdict = "the same, in the same order" if answer.agrees else "OTHERS, by a fault"
    return section(
        "Rows",
        [
            f"{len(answer.rows):,} of {answer.total:,} calls",
            f"from SQLite in {answer.sql_ms:,.1f} ms (whole rows, read from the file)",
            f"from plain Python in {answer.python_ms:,.1f} ms (over all calls, in memory): {verdict}",
        ],
    )


def first_rows(question: Question, answer: Answer) -> list[str]:
    """Show the first rows as a table, led by what was asked about."""
    if not answer.rows:
        return []
    names = _columns(question)
    table = draw(
        [spell(name, "dash") for name in names],
        [[_shown(name, row) for name in names] for row in answer.rows[:_ROWS]],
        [_FIELDS[name].type.name in ("integer", "decimal") for name in names],
        WIDTH,
    )
    more = len(answer.rows) - _ROWS
    return ["", *table, *([f"... and {more:,} more"] if more > 0 else [])]


def _columns(question: Question) -> list[str]:
    asked = [node.field.name for node in question.predicate.members if isinstance(node, Comparison)]
    return list(dict.fromkeys(["id", "time_start", *asked, *(key.name for key in question.order), *_USUAL_COLUMNS]))


def _shown(name: str, row: Row[Any]) -> str:
    value = row._mapping[name]  # noqa: SLF001  (the public name of this attribute)
    return "null" if value is None else _FIELDS[name].type.render(value)


def errors_shown(errors: QueryErrors) -> str:
    """Show faults as the document that an API would answer with; long lists of what is allowed are cut."""
    return _json({"errors": [error.to_dict() for error in errors.errors]}, margin="")


def _json(value: object, margin: str) -> str:
    """Write JSON on one line where it fits, and one member a line where it does not."""
    if isinstance(value, list) and len(value) > _LISTED and isinstance(value[0], str):
        value = [*value[:_LISTED], f"... and {len(value) - _LISTED} more"]
    line = json.dumps(value, ensure_ascii=False)
    if not margin or len(margin) + len(line) > _JSON_WIDTH:
        inner = margin + "  "
        if isinstance(value, dict):
            members = [f"{inner}{json.dumps(name)}: {_json(member, inner)}" for name, member in value.items()]
            return "\n".join(["{", ",\n".join(members), margin + "}"])
        if isinstance(value, list):
            items = [inner + _json(item, inner) for item in value]
            return "\n".join(["[", ",\n".join(items), margin + "]"])
    return line
