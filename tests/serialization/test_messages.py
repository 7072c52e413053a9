from jsonapi_sieve.serialization.messages import messages_of


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
