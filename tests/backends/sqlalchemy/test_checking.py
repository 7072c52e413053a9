import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import check
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.filters import FilterSet
from tests.backends.sqlalchemy.models import FIELDS, Call, Filters

SQLITE = registry.load("sqlite")()


def test_a_fitting_target_passes() -> None:
    filters = Filters(list(FIELDS.values()))
    check(filters, Call)
    check(filters, Call.__table__, SQLITE)


def test_a_filter_set_is_such_a_declaration() -> None:
    class CallFilters(FilterSet):
        source = Field(types.Text(), nullable=True)
        target = Field(types.Text())

    with pytest.raises(CompileError, match=r"^target: Call has no such column; it has "):
        check(CallFilters(), Call)


TABLE = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.String),
    sa.Column("price", sa.Numeric(12, 4), nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
)
FINDINGS = [
    "id: calls.id is BigInteger(); Integer(bits=32) needs at most 32 bits: declare types.Integer(64)",
    "name: calls.name may be NULL; declare the field with nullable=True",
    "colour: calls has no such column; it has id, name, price, started_at",
]
FILTERS = Filters(
    [
        Field(types.Integer(32), name="id"),
        Field(types.Text(), name="name"),
        Field(types.Decimal(), name="price"),
        Field(types.Timestamp(), name="started_at"),
        Field(types.Text(), name="colour"),
    ]
)


def test_all_findings_are_in_one_error() -> None:
    with pytest.raises(CompileError) as found:
        check(FILTERS, TABLE)
    assert str(found.value).split("\n") == FINDINGS


def test_a_dialect_finds_more() -> None:
    with pytest.raises(CompileError) as found:
        check(FILTERS, TABLE, SQLITE)
    assert str(found.value).split("\n") == [
        *FINDINGS[:2],
        "SQLite keeps calls.price as floats; make it an ExactDecimal, or declare types.Decimal(exact=False)",
        "SQLite keeps calls.started_at without its zone; make it a UtcDateTime",
        FINDINGS[2],
    ]


def test_a_dialect_without_rules_is_found() -> None:
    with pytest.raises(CompileError, match="no rules for the dialect 'mysql'; there are for sqlite"):
        check(Filters([FIELDS["source"]]), Call, registry.load("mysql")())
