"""Whatever the schema and the rows: the bytes are those that the schema's own dump gives, and so are the errors."""

import warnings
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.serialization import ResourceSchema
from tests.serialization.compiled.rows import rows
from tests.serialization.compiled.schemas import Made, schemas
from tests.serialization.encoding.outcomes import LIBRARIES, dumped, outcome, shown


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@given(st.data(), schemas(), st.sampled_from(LIBRARIES))
def test_bytes_and_errors_are_the_schema_s_own(data: st.DataObject, made: Made, library: Any) -> None:
    try:
        schema = ResourceSchema(made.cls)
    except DeclarationError:
        assume(condition=False)
    found = data.draw(rows(made.goods))
    members = data.draw(st.none() | st.sets(st.sampled_from([*schema.members, "other"])))
    fields = {} if members is None else {schema.type: members}
    url = data.draw(st.sampled_from(("https://api.example.org/x", "/x", 'http://a"b/x')))
    written = outcome(shown(schema, library, url=url, fields=fields).data, found)
    expected = outcome(lambda: dumped(schema, found, url=url, fields=fields)[0])
    # What is not shown is not looked at.
    assert written == expected or (members is not None and isinstance(expected, type))
