"""What the kit is told of the full API."""

from __future__ import annotations

from typing import Any, Final

from jsonapi_sieve.testing.conformance import Collection, Description
from jsonapi_sieve.testing.conformance.every_answer import EVERYWHERE
from tests.conformance.app import TIMES

_NEW_ARTICLE: Final[dict[str, Any]] = {
    "data": {
        "type": "articles",
        "attributes": {"title": "Article {unique}", "words": 7},
        "relationships": {
            "author": {"data": {"type": "people", "id": "1"}},
            "tags": {"data": [{"type": "tags", "id": "2"}]},
        },
    }
}

_ARTICLES: Final = Collection(
    "/articles",
    type="articles",
    filters=("filter[words-gteq]=200", "filter[title-cont]=%26+B", "filter[author.name-eq]=Ann"),
    empty="filter[words-gteq]=1000000",
    sort=("words", "createdAt", "title"),
    include=("author", "editor", "comments.author", "tags"),
    to_one=("author", "editor"),
    to_many=("comments", "tags"),
    pages="numbered",
    create=_NEW_ARTICLE,
)
_COMMENTS: Final = Collection(
    "/comments",
    type="comments",
    filters=("filter[likes-eq]=1",),
    empty="filter[likes-gt]=1000000",
    sort=("likes", "body", "article.title"),
    include=("article.author", "author"),
    to_one=("article", "author"),
    pages="cursor",
)
_PEOPLE: Final = Collection(
    "/people",
    type="people",
    filters=("filter[name-in]=Ann,Bob",),
    empty="filter[name-eq]=nobody",
    sort=("name",),
    include=("articles",),
    to_many=("articles",),
    pages="offset",
    create={"data": {"type": "people", "attributes": {"name": "Person {unique}"}}},
)
_TAGS: Final = Collection("/tags", type="tags")

FULL: Final = Description((_ARTICLES, _COMMENTS, _PEOPLE, _TAGS), profiles=(TIMES,))
"""All of it."""


# Every answer is judged by some rules, and the fewer a kit is told of, the fewer it asks for.
_FEW_ANSWERS: Final = Collection("/articles", include=("author",), pages="numbered", create=_NEW_ARTICLE)


PARTS: Final = {
    name: Description((collection,), profiles=(TIMES,))
    for name, collection in {
        "articles": _ARTICLES,
        "few answers": _FEW_ANSWERS,
        "comments": _COMMENTS,
        "tags": _TAGS,
    }.items()
}
"""What faults are looked for in."""


def part_for(rule: str) -> Description:
    """Give as much of it as shows whether a rule is broken."""
    if rule in ("INC-01", "FIL-03", "ERR-05"):
        return PARTS["tags"]
    if rule.startswith("CUR") or rule == "SRT-05":
        return PARTS["comments"]
    return PARTS["few answers" if rule in EVERYWHERE else "articles"]
