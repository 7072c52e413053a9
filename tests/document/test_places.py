from __future__ import annotations

import pytest

from jsonapi_sieve.document.places import ROOT, Faults, Path, Place, deepest, path_of
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from tests.document.pointers import resolve

DOCUMENT = {"data": {"attributes": {"a/b": [{"c": 1}], "n": None}}}
FAULT = ErrorObject("invalid-json", "Invalid JSON", "The body is no JSON.")


def place(*tokens: str | int) -> Place:
    found = ROOT
    for token in tokens:
        found = found.member(token)
    return found


@pytest.mark.parametrize(
    ("tokens", "pointer"),
    [
        ((), ""),
        (("",), "/"),
        (("", ""), "//"),
        (("data", "attributes", "rows-count"), "/data/attributes/rows-count"),
        (("data", 0, 10), "/data/0/10"),
        (("a/b", "c~d", "~1", "~0/"), "/a~1b/c~0d/~01/~00~1"),
        (("é", " ", "\n", '"'), '/é/ /\n/"'),
        (("n" * 256,), "/" + "n" * 256),
    ],
)
def test_a_pointer_leads_to_its_place(tokens: tuple[str | int, ...], pointer: str) -> None:
    assert place(*tokens).pointer == pointer
    document: object = "here"
    for token in reversed(tokens):
        document = {token: document} if isinstance(token, str) else [None] * token + [document]
    assert resolve(pointer, document) == "here"


@pytest.mark.parametrize("name", ["\0", "a\0", "\ud800", "a\udfffb", "n" * 257])
def test_a_pointer_ends_before_a_name_that_cannot_be_shown(name: str) -> None:
    assert place(name).pointer == ""
    assert place("data", name).pointer == "/data"
    assert place("data", name, "x", 0).pointer == "/data"


def test_faults_are_raised_together() -> None:
    faults = Faults()
    faults.raise_any()
    faults.add(FAULT)
    faults.add(FAULT._replace(status=413))
    with pytest.raises(QueryErrors) as raised:
        faults.raise_any()
    assert raised.value.errors == (FAULT, FAULT._replace(status=413))


def test_no_more_than_a_hundred_faults_are_gathered() -> None:
    faults = Faults()
    for _ in range(99):
        faults.add(FAULT)
    with pytest.raises(QueryErrors) as raised:
        faults.add(FAULT)
    assert raised.value.errors == (FAULT,) * 100


@pytest.mark.parametrize(
    ("path", "pointer", "beyond"),
    [
        ((), "", ()),
        (("data", "attributes", "a/b", 0, "c"), "/data/attributes/a~1b/0/c", ()),
        (("data", "attributes", "a/b", 0, "c", "d"), "/data/attributes/a~1b/0/c", ("d",)),
        (("data", "attributes", "a/b", "0", "c"), "/data/attributes/a~1b/0/c", ()),
        (("data", "attributes", "a/b", 1, "c"), "/data/attributes/a~1b", (1, "c")),
        (("data", "attributes", "a/b", "1"), "/data/attributes/a~1b", ("1",)),
        (("data", "attributes", "a/b", "c"), "/data/attributes/a~1b", ("c",)),
        (("data", "attributes", "a/b", "9" * 5000), "/data/attributes/a~1b", ("9" * 5000,)),
        (("data", "attributes", "n", "x"), "/data/attributes/n", ("x",)),
        (("data", "relationships", "x"), "/data", ("relationships", "x")),
        (("meta",), "", ("meta",)),
    ],
)
def test_places_are_there(path: Path, pointer: str, beyond: Path) -> None:
    place, rest = deepest(DOCUMENT, path)
    assert (place.pointer, rest) == (pointer, beyond)


@pytest.mark.parametrize(
    ("pointer", "path"), [("", ()), ("/", ("",)), ("/data/0", ("data", "0")), ("/a~1b~01", ("a/b~1",))]
)
def test_pointers_are_paths(pointer: str, path: Path) -> None:
    assert path_of(pointer) == path
