"""Finding what a JSON pointer points to, as RFC 6901 says it."""

import re


def resolve(pointer: str, document: object) -> object:
    """Give the value at a pointer; raises LookupError, or AssertionError for what is no pointer."""
    assert re.fullmatch("(?:/(?:[^~/]|~[01])*)*", pointer, re.DOTALL)
    value = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        match value:
            case dict():
                value = value[name]
            case list():
                assert re.fullmatch("0|[1-9][0-9]*", name)
                value = value[int(name)]
            case _:
                raise LookupError(pointer)
    return value
