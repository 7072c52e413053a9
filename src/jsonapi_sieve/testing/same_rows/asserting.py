"""`assert_same_rows`: one question to Python, to engines and to a query of one's own."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.sorting import Order
from jsonapi_sieve.testing.same_rows.engines import Engine, Query, answers_of_query, ask, name_of
from jsonapi_sieve.testing.same_rows.question import Question, declared_for
from jsonapi_sieve.testing.same_rows.telling import tell

__all__ = ["assert_same_rows"]


def assert_same_rows(
    predicate: Predicate,
    rows: Iterable[Any],
    *,
    engines: Iterable[Engine] | None = None,
    query: Query | None = None,
    order: Order | None = None,
    filters: FilterSet | None = None,
    key: str = "id",
) -> None:
    """Check that a predicate selects the same rows on every engine, and that a query of your own selects them too.

    `rows` are dictionaries or objects. What is right is what `compile_python` says of each row. `engines` are, by
    default the first two, and none besides a query,

    * `python`: all rows at once, as `select` and `compile_python_order` take them;
    * `sqlite` in memory, or any database, by its URL or an engine of SQLAlchemy: `compile_select` on a temporary table
      of the recommended column types, of which nothing is left afterwards;
    * `duckdb`, `pandas`, `polars`, `pyarrow`: `compile_narwhals` on a frame of the recommended types.

    `query` is given the rows and gives those that it selects, or the `key` of each. A SQLAlchemy `Select` from one
    table is executed on each database among the engines, SQLite if there is none, with the rows in a temporary table of
    that name; it selects the column `key`. With an `order`, the sequence has to be the same too; of rows that are equal
    in it, the number decides as a primary key would, in the direction of the last key. `filters` is the declaration,
    where it is not the class that declares the predicate's fields.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     number = Field(types.Text())
    >>> calls = [{"id": 1, "number": "49123"}, {"id": 2, "number": "43%"}]
    >>> assert_same_rows(CallFilters.number.cont("%"), calls, query=lambda calls: [2])
    >>> assert_same_rows(CallFilters.number.cont("%"), calls, query=lambda calls: [1, 2])
    Traceback (most recent call last):
    AssertionError: The query selects other rows than Python:
      predicate:    number contains '%'
      query string: filter%5Bnumber-cont%5D=%25
      too many:     row 1: number='49123', id=1
      again:        assert_same_rows(CallFilters.number.compare('cont', '%'), [{'number': '49123', 'id': 1}], query=...)

    Raises:
        AssertionError: which tells of each engine the rows that differ, and the SQL.
        ValueError: for an engine that does not exist, rows that the declaration does not allow, and a question that
            cannot be asked of one table, such as one of related rows.
        TypeError: for rows that hold values of another kind than the field's type takes, engines that are no list, and
            what is no query.
        ModuleNotFoundError: for an engine that is not installed; its message says how to install it.
    """
    if isinstance(engines, str):
        raise TypeError(f"engines= takes a list of engines: [{engines!r}]")
    declared = filters or declared_for(predicate)
    question = Question(predicate, list(rows), order, declared, None if query is None else key)
    asked = list(engines if engines is not None else () if query is not None else ("python", "sqlite"))
    lines = [line for engine in asked for line in _of_engine(engine, question)]
    if query is not None:
        lines += _of_query(query, asked, question, key)
    if lines:
        raise AssertionError("\n".join(lines))


def _of_engine(engine: Engine, question: Question) -> Iterator[str]:
    name = name_of(engine)
    with _noted(name, question):
        answer = ask(engine, question)
    return tell(name, question, answer, f"engines=[{name!r}]")


@contextmanager
def _noted(who: str, question: Question) -> Iterator[None]:
    """Add to an error what was asked, for an engine tells of its own words alone."""
    try:
        yield
    except Exception as error:
        error.add_note(f"{who} was asked for {question.predicate!r}")
        raise


def _of_query(query: Query, engines: Iterable[Engine], question: Question, key: str) -> Iterator[str]:
    by_key, by_identity = question.numbers_by_key(key), {id(row): place for place, row in enumerate(question.rows, 1)}

    def number_of(selected: Any) -> int | str:
        if id(selected) in by_identity:
            return by_identity[id(selected)]
        if not isinstance(selected, Hashable):
            raise TypeError(f"the query gives {selected!r}, and has to give rows, or the {key} of each")
        return by_key.get(question.comparable(key, selected), f"{key}={selected!r}, which no row has")

    with _noted("the query", question):
        answers = list(answers_of_query(query, engines, question.rows, key))
    for answer in answers:
        numbers = [number_of(selected) for selected in answer.selected]
        yield from tell("The query", question, answer._replace(selected=numbers), "query=...")
