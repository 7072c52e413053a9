"""Documents that break one rule each, and nothing besides."""

from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve.testing import RULES, check_document
from jsonapi_sieve.testing.document_rules import DOCUMENT_RULES


def cdr(**members: object) -> dict[str, Any]:
    return {"data": {"type": "cdrs", "id": "8"} | members}


def related(relationship: object) -> dict[str, Any]:
    return cdr(relationships={"account": relationship})


def linking(link: object) -> dict[str, Any]:
    return {"data": [], "links": {"self": link}}


def failed(**members: object) -> dict[str, Any]:
    return {"errors": [{"status": "400"} | members]}


ACCOUNT = {"type": "accounts", "id": "1"}
OTHER = {"type": "accounts", "id": "2"}
CREATE = {"kind": "create"}
UPDATE = {"kind": "update"}
RELATIONSHIP = {"kind": "relationship"}
RECOMMENDED = {"recommended": True}
COMPOUND = related({"data": ACCOUNT}) | {"included": [ACCOUNT]}

BROKEN: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("DOC-01", "", [], {}),
    ("DOC-01", "", None, {}),
    ("DOC-01", "", "data", CREATE),
    ("DOC-02", "", {}, {}),
    ("DOC-02", "", {"links": {"self": "/cdrs"}, "@data": 1}, {}),
    ("DOC-03", "", {"data": None, "errors": []}, {}),
    ("DOC-04", "/included", {"meta": {}, "included": [ACCOUNT]}, {}),
    ("DOC-05", "/count", {"data": [], "count": 1}, {}),
    ("DOC-05", "/data/name", cdr(name="x"), {}),
    ("DOC-05", "/data/", cdr(**{"": "x"}), {}),
    ("DOC-05", "/data/links/related", cdr(links={"related": "/cdrs/8/account"}), {}),
    ("DOC-05", "/data/relationships/account/type", related({"data": None, "type": "accounts"}), {}),
    (
        "DOC-05",
        "/data/relationships/account/links/about",
        related({"links": {"self": "/cdrs/8/relationships/account", "about": "/help"}}),
        {},
    ),
    ("DOC-05", "/data/relationships/account/data/attributes", related({"data": ACCOUNT | {"attributes": {}}}), {}),
    ("DOC-05", "/errors/0/source/cookie", failed(source={"parameter": "sort", "cookie": "x"}), {}),
    ("DOC-06", "/data", {"data": "x"}, {}),
    ("DOC-06", "/data/1", {"data": [ACCOUNT, None]}, {}),
    ("DOC-08", "/links/about", {"data": [], "links": {"about": "/help"}}, {}),
    ("DOC-09", "/data", {"data": {"id": "8"}}, {}),
    ("DOC-09", "/data", {"data": {"type": "cdrs"}}, {}),
    ("DOC-09", "/data", {"data": {"type": "cdrs", "lid": "a"}}, {}),
    ("DOC-09", "/data", {"data": {"type": "cdrs"}}, UPDATE),
    ("DOC-09", "/data", {"data": {"attributes": {}}}, CREATE),
    ("DOC-09", "/included/0", related({"data": ACCOUNT}) | {"included": [{"type": "accounts"}]}, {}),
    ("DOC-10", "/data/id", cdr(id=8), {}),
    ("DOC-10", "/data/id", cdr(id=None), CREATE),
    ("DOC-10", "/data/type", cdr(type=["cdrs"]), {}),
    ("DOC-10", "/data/lid", cdr(lid=1), CREATE),
    ("DOC-10", "/data/relationships/account/data/id", related({"data": ACCOUNT | {"id": 1}}), {}),
    (
        "DOC-11",
        "/included/0/lid",
        related({"data": ACCOUNT | {"lid": "a"}}) | {"included": [ACCOUNT | {"lid": "b"}]},
        {},
    ),
    ("DOC-12", "/data/type", cdr(type="calls/cdrs"), {}),
    ("DOC-12", "/data/type", cdr(type=""), {}),
    ("DOC-12", "/data/relationships/account/data/type", related({"data": ACCOUNT | {"type": "_accounts"}}), {}),
    ("DOC-13", "/data/attributes/id", cdr(attributes={"id": "8"}), {}),
    ("DOC-13", "/data/attributes/type", cdr(attributes={"type": "x"}), {}),
    ("DOC-13", "/data/relationships/type", cdr(relationships={"type": {"data": None}}), {}),
    ("DOC-13", "/data/relationships/x", cdr(attributes={"x": 1}, relationships={"x": {"data": None}}), {}),
    ("DOC-14", "/data/attributes", cdr(attributes=[]), {}),
    ("DOC-14", "/data/relationships", cdr(relationships=None), {}),
    ("DOC-14", "/links", {"data": [], "links": None}, {}),
    ("DOC-14", "/data/relationships/account/links", related({"links": "/cdrs/8/account"}), {}),
    ("DOC-16", "/data/relationships/account", related({}), {}),
    ("DOC-16", "/data/relationships/account", related({"@data": None}), {}),
    ("DOC-16", "/data/relationships/account", related(None), {}),
    ("DOC-16", "/data/relationships/account", related({"links": {}}), {}),
    ("DOC-16", "/data/relationships/account", related({"links": {"first": "/cdrs/8/relationships/account"}}), {}),
    ("DOC-17", "/data/relationships/account/data", related({"data": "1"}), {}),
    ("DOC-17", "/data/relationships/account/data/0", related({"data": [None]}), {}),
    ("DOC-17", "/data", {"data": "1"}, RELATIONSHIP),
    ("DOC-21", "/data/relationships/account/data", related({"data": {"id": "1"}}), {}),
    ("DOC-21", "/data/relationships/account/data", related({"data": {"type": "accounts"}}), {}),
    ("DOC-21", "/data/relationships/account/data/0", related({"data": [{"type": "accounts", "lid": "a"}]}), {}),
    ("DOC-21", "/data/0", {"data": [{"type": "accounts"}]}, RELATIONSHIP),
    ("DOC-22", "/included", cdr() | {"included": None}, {}),
    ("DOC-22", "/included/0", cdr() | {"included": [1]}, {}),
    ("DOC-22", "/included/0", cdr() | {"included": [ACCOUNT]}, {}),
    ("DOC-22", "/included/0", {"data": [], "included": [ACCOUNT]}, {}),
    ("DOC-22", "/included/1", COMPOUND | {"included": [ACCOUNT, OTHER]}, {"url": "/cdrs/8?fields[contacts]=name"}),
    ("DOC-23", "/data/1", {"data": [cdr(attributes={})["data"], cdr()["data"]]}, {}),
    ("DOC-23", "/included/1", COMPOUND | {"included": [ACCOUNT, ACCOUNT]}, {}),
    ("DOC-23", "/included/0", cdr(links={}) | {"included": [cdr()["data"]]}, {}),
    ("DOC-24", "/jsonapi", {"data": [], "jsonapi": "1.1"}, {}),
    ("DOC-24", "/jsonapi/version", {"data": [], "jsonapi": {"version": 1.1}}, {}),
    ("DOC-24", "/jsonapi/name", {"data": [], "jsonapi": {"name": "x"}}, {}),
    ("DOC-24", "/jsonapi/ext", {"data": [], "jsonapi": {"ext": "https://jsonapi.org/ext/atomic"}}, {}),
    ("DOC-24", "/jsonapi/profile/0", {"data": [], "jsonapi": {"profile": ["cursor-pagination"]}}, {}),
    ("DOC-25", "/meta", {"meta": []}, {}),
    ("DOC-25", "/data/meta", cdr(meta=None), {}),
    ("DOC-25", "/data/relationships/account/data/meta", related({"data": ACCOUNT | {"meta": 1}}), {}),
    ("DOC-25", "/links/self/meta", linking({"href": "/cdrs", "meta": "x"}), {}),
    ("DOC-27", "/data/version:", cdr(**{"version:": 1}), {}),
    ("DOC-27", "/data/:id", cdr(**{":id": 1}), {}),
    ("DOC-27", "/data/my-version:id", cdr(**{"my-version:id": 1}), {}),
    ("DOC-27", "/data/attributes/a:b:c", cdr(attributes={"a:b:c": 1}), {}),
    ("LNK-01", "/links/self", linking(8), {}),
    ("LNK-01", "/links/self", linking("two words"), {}),
    ("LNK-01", "/data/links/self", cdr(links={"self": ["/cdrs/8"]}), {}),
    ("LNK-01", "/links/self/describedby", linking({"href": "/cdrs", "describedby": True}), {}),
    ("LNK-02", "/links/self", linking({}), {}),
    ("LNK-02", "/links/self/href", linking({"href": None}), {}),
    ("LNK-02", "/links/self/method", linking({"href": "/cdrs", "method": "GET"}), {}),
    ("LNK-02", "/links/self/title", linking({"href": "/cdrs", "title": 1}), {}),
    ("LNK-02", "/links/self/type", linking({"href": "/cdrs", "type": None}), {}),
    ("LNK-02", "/links/self/hreflang", linking({"href": "/cdrs", "hreflang": "de_CH"}), {}),
    ("LNK-02", "/links/self/hreflang/1", linking({"href": "/cdrs", "hreflang": ["de", 1]}), {}),
    ("LNK-02", "/links/self/describedby/href", linking({"href": "/cdrs", "describedby": {"href": 1}}), {}),
    ("LNK-03", "/links/self/rel", linking({"href": "/cdrs", "rel": "next last"}), {}),
    ("LNK-03", "/links/self/rel", linking({"href": "/cdrs", "rel": ["next"]}), {}),
    ("PAG-01", "/links/next", cdr() | {"links": {"next": "/cdrs"}}, {}),
    ("PAG-01", "/data/relationships/account/links/first", related({"data": None, "links": {"first": "/cdrs"}}), {}),
    ("MEM-01", "/meta/", {"meta": {"": 1}}, {}),
    ("MEM-02", "/meta/-count", {"meta": {"-count": 1}}, {}),
    ("MEM-02", "/data/attributes/rate_", cdr(attributes={"rate_": 1}), {}),
    ("MEM-02", "/data/attributes/@_", cdr(attributes={"@_": 1}), {}),
    ("MEM-04", "/data/attributes/a.b", cdr(attributes={"a.b": 1}), {}),
    ("MEM-04", "/data/attributes/a/0/b~0c", cdr(attributes={"a": [{"b~c": 1}]}), {}),
    ("MEM-04", "/data/relationships/a~1b", cdr(relationships={"a/b": {"data": None}}), {}),
    ("MEM-04", "/@a@b", {"data": [], "@a@b": 1}, {}),
    ("MEM-05", "/meta/total count", {"meta": {"total count": 1}}, RECOMMENDED),
    ("MEM-05", "/meta/größe", {"meta": {"größe": 1}}, RECOMMENDED),
    ("ERR-01", "/errors", {"errors": {}}, {}),
    ("ERR-01", "/errors/0", {"errors": ["wrong"]}, {}),
    ("ERR-02", "/errors/0", {"errors": [{}]}, {}),
    ("ERR-02", "/errors/0/message", failed(message="It is wrong."), {}),
    ("ERR-03", "/errors/0", {"errors": [{"title": "Wrong"}]}, RECOMMENDED),
    ("ERR-04", "/errors/0/status", failed(status=400), {}),
    ("ERR-04", "/errors/0/status", failed(status="Bad Request"), {}),
    ("ERR-04", "/errors/0/status", failed(status=None), {}),
    ("ERR-04", "/errors/0/code", failed(code=7), {}),
    ("ERR-04", "/errors/0/title", failed(title={"en": "Wrong"}), {}),
    ("ERR-04", "/errors/0/source", failed(source="sort"), {}),
    (
        "ERR-05",
        "/errors/1/title",
        {"errors": [{"status": "400", "code": "x", "title": title} for title in ("One", "Two")]},
        RECOMMENDED,
    ),
    ("ERR-06", "/errors/0/source", failed(source={}), RECOMMENDED),
    ("ERR-06", "/errors/0/source", failed(source={"pointer": "", "parameter": "sort"}), RECOMMENDED),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": 1}), {}),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": "data"}), {}),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": "/data/a~b"}), {}),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": "/data/attributes"}), {"request": cdr()}),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": "/data/01"}), {"request": {"data": [1, 2]}}),
    ("ERR-07", "/errors/0/source/pointer", failed(source={"pointer": "/data/2"}), {"request": {"data": [1, 2]}}),
    ("ERR-08", "/errors/0/source/parameter", failed(source={"parameter": ["sort"]}), {}),
    ("ERR-08", "/errors/0/source/header", failed(source={"header": 1}), {}),
    ("ERR-08", "/errors/0/source/header", failed(source={"header": "Accept, Content-Type"}), {}),
    ("ERR-11", "/errors/0/links/self", failed(links={"self": "/errors/1"}), {}),
    ("INC-02", "", {"data": []}, {"url": "/cdrs?include=account"}),
    ("INC-02", "", cdr(), {"url": "/cdrs?include="}),
    ("INC-03", "/included/0", COMPOUND, {"url": "https://example.com/cdrs/8?include="}),
    ("INC-03", "/included/0", COMPOUND, {"url": "/cdrs/8?include=contact.account,accounts&sort=id#include=account"}),
    ("FLD-03", "/data/attributes/rate", cdr(attributes={"rate": 1, "name": "x"}), {"url": "/cdrs/8?fields[cdrs]=name"}),
    ("FLD-03", "/data/relationships/account", related({"meta": {}}), {"url": "/cdrs/8?fields%5Bcdrs%5D="}),
    ("CRE-02", "", {"meta": {}}, CREATE),
    ("CRE-02", "/data", {"data": [{"type": "cdrs"}]}, CREATE),
    ("CRE-03", "/data/relationships/account", related({"meta": {}}), CREATE),
    ("UPD-01", "", {"meta": {}}, UPDATE),
    ("UPD-01", "/data", {"data": None}, UPDATE),
    ("UPD-03", "/data/relationships/account", related({"links": {"self": "/cdrs/8/relationships/account"}}), UPDATE),
    ("REL-01", "", {"meta": {}}, RELATIONSHIP),
]


@pytest.mark.parametrize(("rule", "pointer", "document", "options"), BROKEN)
def test_a_document_breaks_just_this(rule: str, pointer: str, document: Any, options: dict[str, Any]) -> None:
    assert [(found.rule, found.pointer) for found in check_document(document, **options)] == [(rule, pointer)]


@pytest.mark.parametrize("document", [document for rule, _, document, _ in BROKEN if RULES[rule].recommended])
def test_what_is_recommended_counts_only_when_asked(document: Any) -> None:
    assert check_document(document) == []


def test_each_rule_is_broken() -> None:
    assert {rule for rule, *_ in BROKEN} == set(DOCUMENT_RULES)
