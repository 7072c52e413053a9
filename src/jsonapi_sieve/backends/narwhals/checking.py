"""Whether a frame can answer what a declaration asks, found out from its schema, before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import narwhals as nw
from narwhals.dtypes import DType
from narwhals.typing import Frame, IntoFrame

from jsonapi_sieve.backends.declares import Declares
from jsonapi_sieve.backends.narwhals.collation import needed_texts
from jsonapi_sieve.backends.narwhals.fitting import needed
from jsonapi_sieve.backends.narwhals.own import refusal
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.own_operators import OwnOperator, Refused
from jsonapi_sieve.relationship import Relationship

__all__ = ["check", "check_fields", "no_related_rows"]

_ENGINES: Final[tuple[nw.Implementation, ...]] = (
    nw.Implementation.POLARS,
    nw.Implementation.PANDAS,
    nw.Implementation.PYARROW,
    nw.Implementation.DUCKDB,
    nw.Implementation.PYSPARK,
    nw.Implementation.PYSPARK_CONNECT,
)


def check(filters: Declares, frame: IntoFrame | Frame) -> None:
    """Check that a frame, native or of Narwhals, has a fitting column for each field.

    >>> import pyarrow as pa
    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     id = Field(types.Integer(64))
    ...     price = Field(types.Decimal(scale=2))
    >>> check(Filters(), pa.table({"id": [1], "price": [0.5]}))
    Traceback (most recent call last):
    jsonapi_sieve.errors.CompileError: price: the column is Float64; ...

    Raises:
        CompileError: with a line for each column that is missing or cannot stand for its field; or when no rules are
            known for frames of this kind.
    """
    declared = list(filters.declarations())
    for each in declared:
        if isinstance(each, Relationship):
            raise no_related_rows(each)
    refused = [finding for each in declared if isinstance(each, (Field, Several)) for finding in _refusals(each)]
    check_fields((each for each in declared if isinstance(each, Field)), nw.from_native(frame), refused)


def no_related_rows(relationship: Relationship) -> CompileError:
    """Make the error of a filter through a relationship: a frame holds one table."""
    return CompileError(f"{relationship.name}: a frame has no related rows; join them to it, and filter by columns")


def check_fields(fields: Iterable[Field[Any]], frame: Frame, others: Iterable[str] = ()) -> None:
    """Check the columns of some fields, and raise what is found with other findings; see `check`."""
    if frame.implementation not in _ENGINES:
        known = ", ".join(engine.value for engine in _ENGINES)
        raise CompileError(f"frames of {frame.implementation.value} have no rules; there are those of {known}")
    fields = list(fields)
    schema = frame.collect_schema()
    texts = needed_texts(frame, [field.name for field in fields if schema.get(field.name) == nw.String])
    findings = [finding for field in fields for finding in _findings(field, schema, texts, frame.implementation)]
    findings += others
    if findings:
        raise CompileError("\n".join(findings))


def _findings(
    field: Field[Any], schema: Mapping[str, DType], texts: Mapping[str, str], engine: nw.Implementation
) -> Iterator[str]:
    column = schema.get(field.name)
    if column is None:
        yield f"{field.name}: the frame has no such column; it has {', '.join(map(str, schema))}"
        return
    lacking = needed(field.type, column, engine) or texts.get(field.name)
    if lacking is not None:
        yield f"{field.name}: the column is {column}; {field.type!r} needs {lacking}"


def _refusals(opens: Field[Any] | Several) -> Iterator[str]:
    for operator in dict.fromkeys((*opens.operators, opens.bare)):
        if isinstance(operator, OwnOperator) and isinstance(refused := operator.backends.narwhals, Refused):
            yield f"{opens.name}: {refusal(operator, refused)}"
