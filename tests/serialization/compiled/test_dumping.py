"""What a compiled schema gives, against what the schema itself gives: schemas and rows at random."""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.serialization.compiled.schema import CompiledSchema
from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.compiled.rows import rows
from tests.serialization.compiled.schemas import Made, pick, schemas
from tests.serialization.compiled.values import outcome


def _broken(rows: list[Any]) -> Iterator[Any]:
    yield from rows
    raise LookupError("no more rows")


def _first(rows: list[Any]) -> Any:
    return rows[0] if rows else None


SHAPES: list[Callable[[list[Any]], Any]] = [
    list,
    list,
    tuple,
    iter,
    _broken,
    lambda rows: dict(enumerate(rows)),
    _first,
]


def _of_class(made: Made) -> tuple[Any, Any]:
    return made.cls(), made.cls


def _of_instance(made: Made) -> tuple[Any, Any]:
    return made.instance(), made.instance()


def _of_fresh(made: Made) -> tuple[Any, Any]:
    return fresh(made.cls, **made.options), fresh(made.cls, **made.options)


@given(st.data(), schemas(), st.sampled_from((_of_class, _of_instance, _of_fresh)))
def test_results_and_errors_are_the_schema_s_own(data: st.DataObject, made: Made, pair: Any) -> None:
    own, ours = pair(made)
    found = data.draw(rows(made.goods))
    many = pick(data.draw, (None, True, True, False))
    shape = pick(data.draw, SHAPES) if many or (many is None and own.many) else _first
    assert outcome(CompiledSchema(ours).dump, shape(found), many=many) == outcome(own.dump, shape(found), many=many)
