import pytest

from jsonapi_sieve.serialization.messages import Path, deepest, messages_of, path_of

DOCUMENT = {"data": {"attributes": {"a/b": [{"c": 1}], "n": None}}}


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


def test_messages_of_every_shape() -> None:
    messages = {
        "a": "one",
        "b": ["two", {"c": ("three",)}],
        "_schema": {"d": ["four"]},
        "e": {0: {"_schema": ["five"]}},
    }
    assert list(messages_of(messages)) == [
        (("a",), "one"),
        (("b",), "two"),
        (("b", "c"), "three"),
        (("d",), "four"),
        (("e", 0), "five"),
    ]


@pytest.mark.parametrize(
    ("pointer", "path"), [("", ()), ("/", ("",)), ("/data/0", ("data", "0")), ("/a~1b~01", ("a/b~1",))]
)
def test_pointers_are_paths(pointer: str, path: Path) -> None:
    assert path_of(pointer) == path
