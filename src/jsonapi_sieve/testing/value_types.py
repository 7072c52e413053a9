"""A check of the laws that a value type keeps, for types of users' own."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.field import Field
from jsonapi_sieve.operand import shown
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.predicate import TRUE, Comparison
from jsonapi_sieve.sorting import SortKey
from jsonapi_sieve.types import Fit, InvalidValue, ValueType

__all__ = ["assert_value_type"]

AnyType: TypeAlias = ValueType[Any, Any]


def assert_value_type(
    type: AnyType, texts: Sequence[str], *, refused: Sequence[str] = (), rows: Sequence[Any] = (), column: Any = None
) -> None:
    """Check that a value type keeps the laws of all types, so that all backends can rely on it.

    `texts` are spellings of different constants, in ascending order where the type has an order, and `refused` is text
    that is no spelling. `rows` are those constants as rows hold them, where that is in another way. `column` is a type
    of SQLAlchemy. What has to hold is that

    * a constant comes back from `render`, `dump` and `accept`;
    * different constants differ, and ascend as the texts do;
    * `place` leaves a constant that the column holds as it is;
    * a type that is made again with its settings is the same;
    * rows are found in Python, and in the column on SQLite, where they are sorted too.

    >>> from jsonapi_sieve import types
    >>> assert_value_type(types.Date(), ["2019-12-31", "2020-01-01"], refused=["2019-02-29", "tomorrow"])
    >>> assert_value_type(types.Integer(), ["10", "9"])
    Traceback (most recent call last):
    AssertionError: Integer(bits=64): the constants of '10', '9' do not ascend: 10, 9

    Raises:
        AssertionError: with a line for each law that is broken.
    """
    if broken := [f"{type!r}: {law}" for law in _broken(type, texts, refused, rows, column)]:
        raise AssertionError("\n".join(broken))


def _broken(
    type: AnyType, texts: Sequence[str], refused: Sequence[str], rows: Sequence[Any], column: Any
) -> Iterator[str]:
    constants: list[Any] = []
    for text in texts:
        try:
            constants.append(type.parse(text))
        except InvalidValue as error:
            yield f"{shown(text)} is refused: it {error}"
    for constant in constants:
        yield from _lost(type, constant)
    yield from _taken(type, refused)
    yield from _unequal(type)
    if len(constants) < len(texts):
        return
    if (disorder := _disorder(type, texts, constants)) is not None:
        yield disorder
    else:
        yield from _unfound(type, constants, rows or constants, column)


def _lost(type: AnyType, constant: Any) -> Iterator[str]:
    """Tell on which ways a constant gets lost."""
    ways: dict[str, Callable[[], object]] = {
        "parse(render({}))": lambda: type.parse(type.render(constant)),
        "load(dump({}))": lambda: type.load(type.dump(constant)),
        "accept({})": lambda: type.accept(constant),
    }
    for way, back in ways.items():
        told = way.format(repr(constant))
        try:
            again = back()
        except (TypeError, ValueError) as error:
            yield f"{told} raises {error!r}"
            return
        if again != constant:
            yield f"{told} is {again!r}"
    fit, held = type.place(constant)
    if type.unbounded and fit is not Fit.EXACT:
        yield f"place({constant!r}) is {fit.name}, and the type says that it is unbounded"
    elif fit is Fit.EXACT and type.place(held) != (fit, held):
        yield f"place({constant!r}) gives {held!r}, whose place is another"


def _taken(type: AnyType, refused: Sequence[str]) -> Iterator[str]:
    for text in refused:
        try:
            yield f"{shown(text)} is taken for {type.parse(text)!r}"
        except InvalidValue:
            pass
        except Exception as error:  # noqa: BLE001  (whatever it is, a client would see it)
            yield f"{shown(text)} raises {error!r} in the place of InvalidValue"


def _unequal(type: AnyType) -> Iterator[str]:
    try:
        same = copy.deepcopy(type)
    except TypeError as error:
        yield f"it cannot be made again with what _settings() names: {error}"
        return
    if same != type or hash(same) != hash(type) or same.__getstate__() != type.__getstate__():
        yield f"made again with what _settings() names it is another type: {same!r}"


def _disorder(type: AnyType, texts: Sequence[str], constants: list[Any]) -> str | None:
    told = f"the constants of {', '.join(map(repr, texts))}"
    given = ", ".join(map(repr, constants))
    try:
        if len(set(constants)) < len(constants):
            return f"{told} do not differ: {given}"
        return f"{told} do not ascend: {given}" if _has_order(type) and constants != sorted(constants) else None
    except TypeError as error:
        return f"{told} cannot be compared: {error}"


def _has_order(type: AnyType) -> bool:
    return any(operator.name == "gt" for operator in offered_by(type.name))


def _unfound(type: AnyType, constants: list[Any], rows: Sequence[Any], column: Any) -> Iterator[str]:
    """Tell what is not found by constants, each of which stands in the row of its place."""
    field = Field(type, name="value")
    held = [{"id": number, "value": row} for number, row in enumerate(rows)]
    questions: list[tuple[Comparison, list[int]]] = []
    try:
        for number, constant in enumerate(constants):
            questions.append((field.compare("in", (constant,)), [number]))
            if _has_order(type):
                questions.append((field.compare("gt", constant), list(range(number + 1, len(constants)))))
        for question, expected in questions:
            if (found := [row["id"] for row in compile_python(question).select(held)]) != expected:
                yield f"in Python, {question!r} finds the rows {found} and not {expected}"
        if column is not None:
            yield from _unfound_in_column(column, held, questions, sorts=_has_order(type))
    except Exception as error:  # noqa: BLE001  (rows of no kind, columns that do not fit, values that they refuse)
        yield f"rows cannot be asked: {error}"


def _unfound_in_column(
    column: Any, held: list[dict[str, Any]], questions: list[tuple[Comparison, list[int]]], *, sorts: bool
) -> Iterator[str]:
    import sqlalchemy as sa  # noqa: PLC0415  (only who has it gives a column)

    from jsonapi_sieve.backends.sqlalchemy import compile_select  # noqa: PLC0415

    target = sa.Table(
        "held", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("value", column, nullable=False)
    )
    asked: list[tuple[Any, list[int]]] = [*questions]
    if sorts:
        asked.append((TRUE, [row["id"] for row in held]))
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            target.create(connection)
            connection.execute(target.insert(), held)
            for question, expected in asked:
                statement, values = compile_select(question, target, (SortKey("value" if sorts else "id"),))
                if (found := [row.id for row in connection.execute(statement, values)]) != expected:
                    yield f"in the column, {question!r} finds the rows {found} and not {expected}"
    finally:
        engine.dispose()
