from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve.document import Link, encode, single
from jsonapi_sieve.testing import assert_document


@pytest.mark.rule("LNK-02")
def test_a_link_object_has_the_members_that_are_given() -> None:
    assert Link("/calls").to_dict() == {"href": "/calls"}
    link = Link(
        "https://example.org/calls?sort=id",
        rel="next",
        describedby=Link("/schema", type="application/schema+json"),
        title="Calls",
        type="application/vnd.api+json",
        hreflang=("en", "de-CH"),
        meta={"count": 1},
    )
    assert list(link.to_dict().items()) == [
        ("href", "https://example.org/calls?sort=id"),
        ("rel", "next"),
        ("describedby", {"href": "/schema", "type": "application/schema+json"}),
        ("title", "Calls"),
        ("type", "application/vnd.api+json"),
        ("hreflang", ["en", "de-CH"]),
        ("meta", {"count": 1}),
    ]
    assert_document({"data": None, "links": {"self": link.to_dict()}})
    assert Link("/calls", describedby="/schema", hreflang=()).to_dict() == {
        "href": "/calls",
        "describedby": "/schema",
        "hreflang": [],
    }
    assert encode(single(None, links={"self": Link("/a", hreflang="en")})) == (
        b'{"data":null,"links":{"self":{"href":"/a","hreflang":"en"}}}'
    )


@pytest.mark.rule("LNK-01", "LNK-02", "LNK-03")
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"href": "/calls?filter[id]=8"}, "is no URI reference"),
        ({"href": "two words"}, "is no URI reference"),
        ({"href": None}, "is no URI reference"),
        ({"href": "", "describedby": "two words"}, "is no URI reference"),
        ({"href": "", "rel": "Next"}, "is no relation type"),
        ({"href": "", "rel": "next prev"}, "is no relation type"),
        ({"href": "", "rel": ""}, "is no relation type"),
        ({"href": "", "hreflang": "de_CH"}, "is no language tag"),
        ({"href": "", "hreflang": ("en", "")}, "is no language tag"),
        ({"href": "", "hreflang": ""}, "is no language tag"),
    ],
)
def test_what_is_no_link_is_refused(members: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Link(**members)


@pytest.mark.rule("LNK-02")
def test_a_link_object_has_no_other_members() -> None:
    with pytest.raises(TypeError):
        Link("/calls", method="GET")  # type: ignore[call-arg]
