"""The engines that can be asked, by name or as databases; each is imported only when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.testing.same_rows.answer import Answer
from jsonapi_sieve.testing.same_rows.question import Question

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["Engine", "Query", "answers_of_query", "ask", "name_of"]

Engine: TypeAlias = "str | sa.URL | sa.Engine"
"""The name of an engine, or a database: its URL or an engine of SQLAlchemy."""

Query: TypeAlias = "Callable[[Sequence[Any]], Iterable[Any]] | sa.Select[Any]"
"""A query of your own: a function of the rows that gives those it selects, or their keys; or a statement."""

_FRAMES: Final = ("duckdb", "pandas", "polars", "pyarrow")
_SQLITE: Final = "sqlite://"


def name_of(engine: Engine) -> str:
    """Name an engine, without the password of a database.

    >>> name_of("polars"), name_of("postgresql+psycopg://me:secret@localhost/calls")
    ('polars', 'postgresql')
    """
    if isinstance(engine, str):
        return engine.partition("://")[0].partition("+")[0]
    url: Any = getattr(engine, "url", engine)
    return str(url.get_backend_name())


def ask(engine: Engine, question: Question) -> Answer:
    """Ask an engine; gives numbers of rows.

    Raises:
        ValueError: for a name that is none, and related rows where an engine has but one table.
        ModuleNotFoundError: for what is not installed.
    """
    if engine == "python":
        return Answer(question.arranged(compile_python(question.predicate).select(question.held)))
    if question.relationships:
        followed = ", ".join(question.relationships)
        raise ValueError(
            f"{followed} leads to related rows, and {name_of(engine)} is given one table: ask engines=['python'], and "
            "hold a query of your own against it"
        )
    if engine in _FRAMES:
        with _installed(f'"jsonapi-sieve[narwhals]" pyarrow {engine}'):
            from jsonapi_sieve.testing.same_rows import frames  # noqa: PLC0415  (only where it is asked)

            return frames.select_by(str(engine), question)
    with _installed('"jsonapi-sieve[sqlalchemy]" and the driver'):
        from jsonapi_sieve.testing.same_rows import databases  # noqa: PLC0415

        with databases.database(_database(engine)) as connection:
            return databases.select_by(connection, question)


def answers_of_query(query: Query, engines: Iterable[Engine], rows: Sequence[Any], key: str) -> Iterator[Answer]:
    """Ask a query of one's own, a statement on each database among some engines; gives rows or keys."""
    if callable(query):
        yield Answer(list(query(rows)))
        return
    from jsonapi_sieve.testing.same_rows import databases  # noqa: PLC0415

    on = [engine for engine in engines if engine not in ("python", *_FRAMES)]
    for engine in on or ["sqlite"]:
        with databases.database(_database(engine)) as connection:
            yield databases.select_from(connection, query, rows, key)


def _database(engine: Engine) -> Engine:
    if engine == "sqlite":
        return _SQLITE
    if isinstance(engine, str) and "://" not in engine:
        known = ", ".join(("python", "sqlite", *_FRAMES))
        raise ValueError(f"{engine!r} is no engine; there are {known}, and databases by URL")
    return engine


@contextmanager
def _installed(packages: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{error}; install it with pip install {packages}") from error
