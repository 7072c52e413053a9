"""Tests of text: by the text itself where it holds no letter, else by a regular expression with both cases of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

import narwhals as nw

from jsonapi_sieve.backends.narwhals.dialect import Dialect
from jsonapi_sieve.backends.narwhals.joining import joined
from jsonapi_sieve.backends.narwhals.patterns import alternations, like, needle
from jsonapi_sieve.normal import Leaf
from jsonapi_sieve.operators import Quantifier

__all__ = ["text_test"]

# What stands around a regular expression. DuckDB makes a LIKE of its own of what it takes for one. That fails where
# the text before the first wildcard ends in certain characters, and many wildcards take it for ever. {1} prevents it.
_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {"cont": "{}", "start": r"\A{}", "end": r"{}\z", "matches": r"(?s)(?:\A{}\z){{1}}"}
)
_LITERAL: Final[Mapping[str, Callable[[nw.Expr, str], nw.Expr]]] = MappingProxyType(
    {
        "cont": lambda column, text: column.str.contains(text, literal=True),
        "start": lambda column, text: column.str.starts_with(text),
        "end": lambda column, text: column.str.ends_with(text),
    }
)


def text_test(leaf: Leaf, column: nw.Expr, value: str | Sequence[str], dialect: Dialect) -> nw.Expr:
    """Give the test of a leaf that looks into text; of NULL it may say anything."""
    operator = leaf.operator
    positive = operator if operator.base.name in _FORMS else operator.complement
    base = positive.base.name
    write = partial(like if base == "matches" else needle, dialect=dialect)
    texts = [value] if isinstance(value, str) else value
    if positive.quantifier is Quantifier.ANY:
        test = joined(False, [_found(base, column, items) for items in alternations(map(write, texts))])
    elif leaf.folded or base not in _LITERAL:
        test = joined(True, [_found(base, column, write(text)) for text in texts])
    else:
        test = joined(True, [_LITERAL[base](column, text) for text in texts])
    return test if positive is operator else ~test


def _found(base: str, column: nw.Expr, expression: str) -> nw.Expr:
    return column.str.contains(_FORMS[base].format(expression))
