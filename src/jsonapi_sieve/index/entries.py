"""One conjunction of a stored filter, as segments hold it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from jsonapi_sieve.backends.python import PythonPredicate, compile_python
from jsonapi_sieve.index.conjunctions import Conjunction, conjunctions_of
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.predicate import Predicate

__all__ = ["Entry", "entries_of"]


class Entry:
    """A conjunction with the key and the values of its filter; `segment` and `number` say where it is found."""

    __slots__ = ("_compiled", "conjunction", "key", "number", "predicate", "segment", "values")

    def __init__(self, key: Hashable, predicate: Predicate, conjunction: Conjunction, values: tuple[Any, ...]) -> None:
        self.key: Any = key
        self.predicate: Predicate = predicate
        self.conjunction: Conjunction = conjunction
        self.values: tuple[Any, ...] = values
        self.segment: Any = None
        self.number: int = 0
        self._compiled: PythonPredicate | None = None

    def passes(self, record: object) -> bool:
        """Test a record by the whole predicate, which is compiled when it is first needed."""
        compiled = self._compiled
        if compiled is None:
            compiled = self._compiled = compile_python(self.predicate)
        return compiled(record)


def entries_of(key: Hashable, predicate: Predicate) -> tuple[Entry, ...]:
    """Give the conjunctions of a filter.

    Raises:
        CompileError: for a predicate that no backend takes.
    """
    shape, values = normalize(predicate)
    return tuple([Entry(key, predicate, conjunction, values) for conjunction in conjunctions_of(shape)])
