"""Member names, character by character (JSON:API 1.1, "Allowed Characters" and "Reserved Characters")."""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing import check_document
from jsonapi_sieve.testing.members import name_fault

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
INSIDE = "-_ "
RESERVED = "+,.[]!\"#$%&'()*/:;<=>?@\\^`{|}~\x7f" + "".join(map(chr, range(0x20)))


def rule(name: str) -> str | None:
    fault = name_fault(name)
    return fault and fault[0]


def test_each_ascii_character_is_of_one_kind() -> None:
    assert sorted(LETTERS + INSIDE + RESERVED) == [chr(code) for code in range(0x80)]


@pytest.mark.parametrize("character", LETTERS + "\x80ß好\U0001f600\U0010ffff")
def test_allowed_everywhere(character: str) -> None:
    assert [rule(name) for name in (character, character + "a", "a" + character, f"a{character}a")] == [None] * 4


@pytest.mark.parametrize("character", INSIDE)
def test_allowed_inside(character: str) -> None:
    assert [rule(name) for name in (character, character + "a", "a" + character)] == ["MEM-02"] * 3
    assert rule(f"a{character}a") is None


@pytest.mark.parametrize("character", RESERVED)
def test_reserved(character: str) -> None:
    names = (character, character + "a", "a" + character, f"a{character}a")
    assert [rule(name) for name in names] == ["MEM-04"] * 4


@pytest.mark.parametrize("name", ["@id", "@a-b", "version:id", "V1:a b", "1:a"])
def test_members_outside_the_specification_may_stand_anywhere(name: str) -> None:
    inside = {name: {"": 1}}
    relationship = {"data": {"type": "y", "id": "1"} | inside} | inside
    resource = {"type": "x", "id": "1", "attributes": inside, "relationships": {"y": relationship} | inside} | inside
    document = {
        "data": resource,
        "links": {"self": {"href": "/"} | inside} | inside,
        "jsonapi": inside,
        "meta": inside,
    } | inside
    assert check_document(document) == []
    assert (
        check_document({"errors": [{"code": "a", "source": {"header": "Host"} | inside, "links": inside} | inside]})
        == []
    )


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("@", "MEM-01"),
        ("@a-", "MEM-02"),
        ("@-a", "MEM-02"),
        ("@a+b", "MEM-04"),
        ("@a:b", "MEM-04"),
        (":a", "DOC-27"),
        ("a:", "DOC-27"),
        ("a:-b", "DOC-27"),
        ("ü:b", "DOC-27"),
        ("a b:c", "DOC-27"),
        ("a:@b", "DOC-27"),
    ],
)
def test_members_outside_the_specification_have_names_too(name: str, broken: str) -> None:
    documents = [
        {"data": []} | {name: 1},
        {"meta": {name: 1}},
        {"data": {"type": "x", "id": "1", "attributes": {name: 1}}},
    ]
    assert [[found.rule for found in check_document(document)] for document in documents] == [[broken]] * 3
