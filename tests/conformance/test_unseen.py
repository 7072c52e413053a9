"""Rules that requests cannot show to be broken, as far as no test of the library's parts proves them."""

from __future__ import annotations

import pytest

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.filters import FILTER_GROUPS
from jsonapi_sieve.resource import Resource
from tests.conformance.resources import ARTICLES


@pytest.mark.rule("FIL-05", "CN-04")
def test_the_profile_of_groups_is_named_where_a_request_has_some() -> None:
    grouped = ARTICLES.parse("filter[or][1][words-gt]=100&filter[or][2][title-cont]=a")
    assert Resource.media_type(grouped) == f'application/vnd.api+json; profile="{FILTER_GROUPS}"'
    assert Resource.media_type(ARTICLES.parse("filter[words-gt]=100")) == "application/vnd.api+json"


class _AuthorFilters(FilterSet):
    author = Field(types.Text(), operators=(), bare="in")
    words = Field(types.Integer(32))


@pytest.mark.rule("REC-03", "FIL-02")
def test_a_relationship_is_filtered_by_its_name() -> None:
    filters = _AuthorFilters()
    rows = [{"author": author, "words": words} for author in ("1", "2", "3") for words in (1, 9)]
    assert compile_python(filters.parse("filter[author]=1,3")).select(rows) == [rows[0], rows[1], rows[4], rows[5]]
    assert compile_python(filters.parse("filter[author]=1,3&filter[words-gt]=5")).select(rows) == [rows[1], rows[5]]
