import pytest

from jsonapi_sieve.serialization.messages import deepest, messages_of

DOCUMENT = {"data": {"attributes": {"a/b": [{"c": 1}], "n": None}}}


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ((), ""),
        (("data", "attributes", "a/b", 0, "c"), "/data/attributes/a~1b/0/c"),
        (("data", "attributes", "a/b", 0, "c", "d"), "/data/attributes/a~1b/0/c"),
        (("data", "attributes", "a/b", 1), "/data/attributes/a~1b"),
        (("data", "attributes", "a/b", "0"), "/data/attributes/a~1b"),
        (("data", "attributes", "n", "x"), "/data/attributes/n"),
        (("data", "relationships", "x"), "/data"),
        (("meta",), ""),
    ],
)
def test_places_are_there(path: tuple[str | int, ...], pointer: str) -> None:
    assert deepest(DOCUMENT, path).pointer == pointer


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
