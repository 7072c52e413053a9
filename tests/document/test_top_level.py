from __future__ import annotations

import pytest

from jsonapi_sieve.document import Link, TopLevel
from jsonapi_sieve.negotiation import MediaType

PLAIN = MediaType()
DATED = MediaType(profiles=("https://a.org/dates",))


@pytest.mark.rule("DOC-24")
@pytest.mark.parametrize(
    ("top", "terms", "jsonapi"),
    [
        (TopLevel(), PLAIN, None),
        (TopLevel(), DATED, None),
        (TopLevel(version="1.1"), PLAIN, {"version": "1.1"}),
        (TopLevel(meta={"build": 7}), PLAIN, {"meta": {"build": 7}}),
        (
            TopLevel(version="1.1", meta={"build": 7}),
            MediaType(("urn:a",), ("https://a.org/dates",)),
            {"version": "1.1", "ext": ["urn:a"], "profile": ["https://a.org/dates"], "meta": {"build": 7}},
        ),
    ],
)
def test_the_jsonapi_object(top: TopLevel, terms: MediaType, jsonapi: dict[str, object] | None) -> None:
    made = top.jsonapi(terms)
    assert made == jsonapi
    assert list(made or {}) == list(jsonapi or {})


@pytest.mark.rule("DOC-07", "DOC-08", "REC-04")
@pytest.mark.parametrize(
    ("top", "terms", "links"),
    [
        (TopLevel(), DATED, {}),
        (TopLevel(self_link=True), PLAIN, {"self": "/calls?sort=id&page%5Bsize%5D=5"}),
        (
            TopLevel(self_link=True, described_by="/openapi.json"),
            DATED,
            {
                "self": Link(
                    "/calls?sort=id&page%5Bsize%5D=5",
                    type='application/vnd.api+json; profile="https://a.org/dates"',
                ),
                "describedby": "/openapi.json",
            },
        ),
        (
            TopLevel(self_link=True),
            MediaType(("urn:a",)),
            {"self": Link("/calls?sort=id&page%5Bsize%5D=5", type='application/vnd.api+json; ext="urn:a"')},
        ),
        (TopLevel(described_by=Link("/openapi.json")), PLAIN, {"describedby": Link("/openapi.json")}),
    ],
)
def test_the_links_of_a_document(top: TopLevel, terms: MediaType, links: dict[str, object]) -> None:
    assert top.links("/calls?sort=id&page[size]=5", terms) == links
