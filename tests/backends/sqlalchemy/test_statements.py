from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.sqlalchemy import compile_select, compile_sqlalchemy
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.predicate import FALSE, TRUE, And, Comparison, Or, Predicate
from jsonapi_sieve.sorting import SortKey
from tests.backends.sqlalchemy.models import FIELDS, Call

TABLE = Call.__table__
ID, SOURCE, DURATION = FIELDS["id"], FIELDS["source"], FIELDS["duration"]
PRICE, QUALITY, STATE = FIELDS["price"], FIELDS["quality"], FIELDS["state"]


def compare(name: str, operator: str, value: Any) -> Comparison:
    return FIELDS[name].compare(operator, value)


SHAPES: list[Callable[[int], Predicate]] = [
    DURATION.eq,
    lambda n: DURATION.eq(n) & PRICE.gteq(n),
    lambda n: DURATION.in_(range(n + 1)),
    lambda n: QUALITY.not_in(range(n + 1)),
    lambda n: STATE.eq("Pending" if n % 2 else "Failed"),
    lambda n: SOURCE.cont(f"a{n}"),
    lambda n: SOURCE.start(f"{n}") | SOURCE.end(f"{n}"),
    lambda n: SOURCE.matches(f"%{n}"),
    lambda n: compare("source", "cont_any", [f"a{i}" for i in range(n + 2)]),
    lambda n: compare("source", "does_not_match_all", [f"{i}%" for i in range(n + 2)]),
]


@pytest.mark.parametrize("predicate_of", SHAPES)
def test_one_statement_and_one_compilation_for_each_shape(
    connection: sa.Connection, predicate_of: Callable[[int], Predicate]
) -> None:
    cache: dict[object, object] = {}
    caching = connection.execution_options(compiled_cache=cache)
    statements = set()
    for number in range(1, 40):
        statement, values = compile_select(predicate_of(number), TABLE, ())
        caching.execute(statement, values).all()
        statements.add(statement)
    assert len(statements) == len(cache) == 1


def test_one_compilation_for_all_orders_of_conjuncts_and_lengths_of_lists(connection: sa.Connection) -> None:
    cache: dict[object, object] = {}
    caching = connection.execution_options(compiled_cache=cache)
    for number, length in enumerate((1, 2, 1000)):
        conjuncts = (DURATION.gt(number), SOURCE.not_in(map(str, range(length))), SOURCE.cont("a") | PRICE.eq(number))
        for order in permutations((*conjuncts, ~QUALITY.lteq(number))):
            statement, values = compile_select(And(*order), TABLE)
            caching.execute(statement, values).all()
    assert len(cache) == 1


@pytest.mark.parametrize("predicate_of", SHAPES)
def test_clauses_of_one_shape_are_compiled_once(
    connection: sa.Connection, predicate_of: Callable[[int], Predicate]
) -> None:
    cache: dict[object, object] = {}
    caching = connection.execution_options(compiled_cache=cache)
    for number in range(1, 40):
        clause = compile_sqlalchemy(predicate_of(number), TABLE)
        caching.execute(sa.select(TABLE.c.id).where(clause)).all()
    assert len(cache) == 1


def test_variants_of_one_test_are_told_apart_in_the_cache(connection: sa.Connection) -> None:
    cache: dict[object, object] = {}
    caching = connection.execution_options(compiled_cache=cache)
    names = ("cont", "not_cont", "start", "not_start", "end", "not_end", "matches", "does_not_match")
    for name in names:
        for operator in (name, f"{name}_any", f"{name}_all"):
            for needle in ("a", "1"):
                value = needle if operator == name else [needle, f"{needle}{needle}"]
                statement, values = compile_select(compare("source", operator, value), TABLE)
                caching.execute(statement, values).all()
    assert len(cache) == len(names) * 3 * 2


def test_clauses_stand_side_by_side(session: Session) -> None:
    first, second = compile_sqlalchemy(ID.gteq(3), Call), compile_sqlalchemy(ID.lt(5), Call)
    statement = sa.select(Call.id).where(first, second, sa.not_(compile_sqlalchemy(SOURCE.cont("A"), Call)))
    assert session.scalars(statement).all() == [
        call.id
        for call in session.scalars(sa.select(Call))
        if call.id in (3, 4) and "a" not in (call.source or "").lower()
    ]


def test_a_statement_can_be_built_on(session: Session) -> None:
    statement, values = compile_select(SOURCE.cont("a"), Call, (SortKey("id", descending=True),))
    everything = session.scalars(statement, values).all()
    assert len(everything) > 3
    page = session.scalars(statement.where(Call.id < everything[0].id).limit(2), values).all()
    assert page == everything[1:3]
    assert session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()), values) == len(everything)


def test_constants_are_no_part_of_the_statement() -> None:
    statement, values = compile_select(SOURCE.in_(["x'; --"]) & DURATION.eq(7), TABLE)
    assert values == {"p0": 7, "p1": ("x'; --",)}
    assert "x'" not in str(statement)


def test_no_order_is_written_unless_it_is_asked_for() -> None:
    assert "ORDER BY" not in str(compile_select(TRUE, TABLE)[0])
    assert "ORDER BY calls.id ASC" in str(compile_select(TRUE, TABLE, ())[0])


@pytest.mark.parametrize(("predicate", "count"), [(TRUE, True), (FALSE, False)])
def test_true_and_false_need_no_values(session: Session, predicate: Predicate, count: bool) -> None:
    statement, values = compile_select(predicate, Call)
    assert values == {}
    assert bool(session.scalars(statement, values).all()) is count


def test_a_clause_can_be_selected_and_joined_on(session: Session) -> None:
    clause = compile_sqlalchemy(SOURCE.start("a") & compare("source", "cont_any", ["%", "_"]), Call)
    flags = dict(session.execute(sa.select(Call.source, clause)).all())
    assert flags["a%b"] is True
    assert flags["ab"] is False
    assert not flags[None]
    other = sa.orm.aliased(Call)
    joined = sa.select(Call.source).join(other, sa.and_(other.id == Call.id, clause))
    assert set(session.scalars(joined)) == {"a%b", "a_b"}


def test_printed_without_an_engine_a_construct_shows_its_name() -> None:
    folded = compile_sqlalchemy(SOURCE.not_cont("a"), TABLE)
    assert str(folded) == "Fails(Contains(AsciiLower(calls.source), :param_1))"
    clause = compile_sqlalchemy(compare("source", "matches_all", ["1", "2"]) & PRICE.in_([1]), TABLE)
    assert str(clause) == (
        "OneOf(calls.price, :param_1) AND calls.source IS NOT NULL"
        " AND Fails(SomeItem(:param_2, Ordered(calls.source), Fails(Matches(Tested(), Item()))))"
    )


@pytest.mark.parametrize("predicate", [SOURCE.eq("a"), SOURCE.cont("a"), DURATION.in_([1]), SOURCE.matches("1")])
def test_a_dialect_without_rules_is_refused(predicate: Predicate) -> None:
    statement, _ = compile_select(predicate, TABLE)
    with pytest.raises(CompileError, match="no rules for the dialect 'oracle'; there are for sqlite"):
        statement.compile(dialect=sa.dialects.registry.load("oracle")())


def test_a_deep_tree_is_refused() -> None:
    predicate: Predicate = DURATION.eq(1)
    for _ in range(40):
        predicate = (predicate & DURATION.eq(2)) | DURATION.eq(3)
    with pytest.raises(CompileError, match="levels deep"):
        compile_select(predicate, Call)


@pytest.mark.parametrize("count", [101, 1500, 10_500])
def test_thousands_are_joined_without_a_deep_nest(connection: sa.Connection, count: int) -> None:
    wide = Or(*[ID.eq(number) for number in range(count)])
    statement, values = compile_select(wide, TABLE, ())
    every = connection.execute(statement, values).all()
    assert every == connection.execute(sa.select(TABLE).order_by(TABLE.c.id)).all()
    none, values = compile_select(And(*[ID.not_eq(number) for number in range(count)]), TABLE, ())
    assert connection.execute(none, values).all() == []
