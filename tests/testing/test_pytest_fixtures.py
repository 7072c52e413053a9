"""What the plugin of pytest brings for the queries of an application."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jsonapi_sieve.testing import assert_same_rows
from jsonapi_sieve.testing.same_rows import databases, frames
from jsonapi_sieve.testing.sessions import filled_session

TESTS = """
    from hypothesis import given, settings
    from sqlalchemy import Column, Integer, select
    from sqlalchemy.orm import DeclarativeBase

    from jsonapi_sieve import Field, FilterSet, types
    from jsonapi_sieve.testing.strategies import cases

    class CallFilters(FilterSet):
        duration = Field(types.Integer(32), nullable=True)

    class Base(DeclarativeBase):
        pass

    class Call(Base):
        __tablename__ = "calls"
        id = Column(Integer, primary_key=True)
        duration = Column(Integer)

    CALLS = [{"id": 1, "duration": 60}, {"id": 2, "duration": None}]

    @settings(max_examples=2, database=None, deadline=None)
    @given(case=cases(CallFilters))
    def test_same_rows(case, same_rows):
        same_rows(*case)

    def test_engines(same_rows, same_rows_engines):
        assert [*same_rows_engines] == ENGINES
        same_rows(CallFilters.duration.gt(0), CALLS, query=lambda calls: [1])

    def test_session(filled_session, jsonapi_query):
        asked = CallFilters().parse(jsonapi_query(filter={"duration-gt": 0}, sort=["-id"], include="account"))
        assert asked == CallFilters().parse("filter[duration-gt]=0")
        with filled_session(Base.metadata) as session:
            assert session.scalars(select(Call.id)).all() == []
        with filled_session(Call, (Call(**call) for call in CALLS)) as session:
            assert session.scalars(select(Call.id).where(Call.duration > 0)).all() == [1]
            assert session.get_bind().dialect.name == "sqlite"
"""


# A run within a run forgets the modules that it has imported, which SQLAlchemy does not take.
LOADED = (assert_same_rows, databases, frames, filled_session)


def run(pytester: pytest.Pytester, engines: list[str]) -> pytest.RunResult:
    pytester.makepyfile(f"    ENGINES = {engines!r}\n{TESTS}")
    return pytester.runpytest_inprocess("-p", "jsonapi_sieve_pytest", "-p", "no:cacheprovider")


def test_fixtures_work_with_hypothesis(pytester: pytest.Pytester) -> None:
    run(pytester, ["python", "sqlite"]).assert_outcomes(passed=3)


def test_engines_are_chosen_in_the_configuration(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsame_rows_engines = polars pyarrow")
    run(pytester, ["polars", "pyarrow"]).assert_outcomes(passed=3)


def test_engines_are_chosen_by_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def same_rows_engines():
            return ["sqlite+pysqlite://"]
        """
    )
    run(pytester, ["sqlite+pysqlite://"]).assert_outcomes(passed=3)


def test_checks_of_documents_and_rows_need_no_hypothesis_and_no_engine() -> None:
    script = """if True:
        import sys
        from jsonapi_sieve import Field, types
        from jsonapi_sieve.testing import assert_same_rows
        rows = [{"id": 1, "name": "a"}]
        assert_same_rows(Field(types.Text(), name="name").eq("a"), rows, engines=["python"], query=lambda rows: [1])
        print(sys.modules.keys() & {"hypothesis", "sqlalchemy", "narwhals", "pyarrow", "polars", "pytest"})
    """
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout == "set()\n"
