"""What an API is described by, in code and in files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jsonapi_sieve.testing.conformance import Collection, Description

FILE = """
base = "/api"
profiles = ["https://example.com/a"]
create = false

[headers]
Authorization = "Bearer secret"

[[collections]]
path = "/articles"
type = "articles"
filters = ["filter[title]=A"]
sort = ["title"]
pages = "cursor"

[collections.create.data]
type = "articles"

[[collections]]
path = "/people"
"""


def test_a_file_has_what_the_members_have(tmp_path: Path) -> None:
    file = tmp_path / "api.toml"
    file.write_text(FILE)
    articles = Collection(
        "/articles",
        type="articles",
        filters=("filter[title]=A",),
        sort=("title",),
        pages="cursor",
        create={"data": {"type": "articles"}},
    )
    assert Description.load(file) == Description(
        (articles, Collection("/people")),
        base="/api",
        headers={"Authorization": "Bearer secret"},
        profiles=("https://example.com/a",),
        create=False,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("base = 1", "base is 1, and has to be a text."),
        ("create = 1", "create is 1, and has to be true or false."),
        ("profiles = [1]", "profiles is [1], and has to be a list of texts."),
        ("headers = {a = 1}", "headers is {'a': 1}, and has to be a table of texts."),
        ("headers = 1", "headers is 1, and has to be a table of texts."),
        ("other = 1", "a description has no 'other', only collections, base, headers, profiles, create."),
        ("collections = 1", "collections is a list of tables, [[collections]] each."),
        ("collections = [1]", "a collection is a table."),
        ("[[collections]]", "a collection needs a path."),
        (
            '[[collections]]\npath = "/a"\npages = "all"',
            "pages is 'all', and has to be one of numbered, offset, cursor.",
        ),
        ('[[collections]]\npath = "/a"\npages = []', "pages is [], and has to be one of numbered, offset, cursor."),
        (
            '[[collections]]\npath = "/a"\ncreate = 1',
            "create is 1, and has to be a table of JSON values, in which dates and times are texts.",
        ),
        ('[[collections]]\npath = "/a"\ncreate = {day = 2024-02-29}', "has to be a table of JSON values"),
        ('[[collections]]\npath = "/a"\ncreate = {size = nan}', "has to be a table of JSON values"),
        ('[[collections]]\npath = "/a"\nfilters = [""]', "'' is no filter, which is a query string such as"),
        ("=", "is no description: "),
        (None, "is no description: "),
    ],
)
def test_what_is_wrong_with_a_file_is_told(text: str | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "api.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ValueError, match=re.escape(told)):
        Description.load(file)
