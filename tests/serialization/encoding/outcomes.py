"""What the encoders write, and what the schema itself dumps, arranged and encoded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import pytest

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization import ResourceSchema
from jsonapi_sieve.serialization.encoding.by_json import Standard
from jsonapi_sieve.serialization.encoding.by_msgspec import Msgspec
from jsonapi_sieve.serialization.encoding.by_orjson import Orjson
from jsonapi_sieve.serialization.encoding.documents import Shown
from jsonapi_sieve.serialization.encoding.library import Library

__all__ = ["LIBRARIES", "URL", "dumped", "outcome", "shown", "with_each_library"]

URL: Final = "https://api.example.org/calls?sort=id"
LIBRARIES: Final = (Msgspec(), Orjson(), Standard())

with_each_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: type(library).__name__)


def shown(
    schema: ResourceSchema, library: Library, *, url: str = URL, fields: Mapping[str, Collection[str]] | None = None
) -> Shown:
    return Shown(schema, url, fields or {}, library)


def dumped(
    schema: ResourceSchema,
    rows: Sequence[object],
    paths: Collection[str] = (),
    *,
    url: str = URL,
    fields: Mapping[str, Collection[str]] | None = None,
) -> tuple[bytes, bytes]:
    """Give the resource objects of rows, and those that paths lead to, by the schema's own dump."""
    fields = fields or {}
    data = schema.dump(rows, url=url, members=fields.get(schema.type))
    included = schema.include(data, rows, paths, url=url, fields=fields)
    return _json(data), _json(included)


def _json(resources: list[dict[str, object]]) -> bytes:
    return to_json(resources)[1:-1].encode()


def outcome(work: Callable[..., object], *arguments: Any, **options: Any) -> object:
    """Give a result, or the class of the error."""
    try:
        return work(*arguments, **options)
    except Exception as error:  # noqa: BLE001  (whatever it is)
        return type(error)
