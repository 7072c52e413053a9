"""How a shape runs on rows that are read in one way: in stages at first, by code of its own from when that pays.

Compiling a function takes as long as testing some hundred rows. The code of a single test is soon there for good, since
a declaration has only so many; shapes, which clients vary without end, run from that until they have been asked of
enough rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

from jsonapi_sieve.backends.python.constants import Maker, converted, maker_of
from jsonapi_sieve.backends.python.guard import Guarded, guard, guard_source, unknown
from jsonapi_sieve.backends.python.rows import Access, reader, values_reader
from jsonapi_sieve.backends.python.selectivity import most_decisive_first
from jsonapi_sieve.backends.python.source import Code, compile_shape
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Group, Leaf, Shape, Some, conditions_of

__all__ = ["Program", "program_of", "select_in_stages"]

R = TypeVar("R")

_NULL_TESTS: Final = ("null", "not_null")
_STAGED_ROWS: Final = 2_000
_ROWS_OF_A_CALL: Final = 100
"""What a call costs in stages beside its rows, in rows."""


class Program:
    """Runs one shape on rows of one access.

    `compared` are the fields whose kind of values matters, and `makers` has for each constant the place of its field
    among them (-1 for tests of related rows, of which a flat shape has none) and what makes it.
    """

    __slots__ = (
        "_code",
        "_compared_names",
        "_staged",
        "access",
        "compared",
        "is_flat",
        "makers",
        "names",
        "read",
        "shape",
    )

    access: Access
    compared: tuple[Field[Any], ...]
    is_flat: bool
    makers: tuple[tuple[int, Maker], ...]
    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    shape: Shape

    def __init__(self, shape: Shape, access: Access) -> None:
        shape = _bare(shape)
        tests = list(conditions_of(shape))
        compared = [test.field for test in tests if isinstance(test, Leaf) and test.operator.name not in _NULL_TESTS]
        self.shape = shape
        self.access = access
        self.names = tuple(dict.fromkeys(map(_attribute, tests)))
        self.compared = tuple(dict.fromkeys(compared))
        self.is_flat = not any(isinstance(test, Some) for test in tests)
        self.makers = tuple([
            (-1, converted) if isinstance(test, Some) else (self.compared.index(test.field), maker_of(test))
            for test in tests
            if isinstance(test, Some) or test.takes_value
        ])  # fmt: skip
        self._compared_names = tuple([field.name for field in self.compared])
        self.read = values_reader(access, self._compared_names)
        self._staged = 0
        self._code = None if isinstance(shape, Group) and shape.members else compile_shape(shape, access)

    def samples(self, rows: Sequence[Any]) -> list[Any]:
        """Give the first value of each compared attribute that is not None, or None where all are."""
        values = list(self.read(rows[0]))
        for index, field in enumerate(self.compared):
            if values[index] is None:
                found = map(reader(self.access, field.name), rows)
                values[index] = next((value for value in found if value is not None), None)
        return values

    def guarded(self, row: object, classes: Sequence[type], constants: list[object]) -> Guarded:
        """Give the test for rows like one, if the shape has code and the class of a row tells how it is read."""
        by_class = not isinstance(self.access, tuple) or isinstance(getattr(type(row), "_fields", None), tuple)
        if self._code is None or not by_class:
            return unknown
        return guard(self.shape, self.access, self._compared_names, type(row), classes, constants)

    def guard_source(self) -> str:
        """Write the code of the test for rows like one."""
        return guard_source(self.shape, self.access, self._compared_names)

    def matches(self, row: object, constants: list[object]) -> bool:
        """Tell whether a row passes."""
        code = self._code or self._code_for(1)
        try:
            if code is not None:
                return code.matches(row, *constants)
            return bool(select_in_stages(self.shape, self.access, (row,), iter(constants)))
        except LookupError:
            if not isinstance(self.access, frozenset):
                raise
        return self._by_attribute().matches(row, constants)

    def select(self, rows: Sequence[R], constants: list[object]) -> list[R]:
        """Give those of the rows that pass."""
        code = self._code or self._code_for(len(rows))
        try:
            if code is None:
                return select_in_stages(self.shape, self.access, rows, iter(constants))
            shape, ordered = most_decisive_first(self.shape, constants, self.access, rows)
            if shape is not self.shape:
                code = compile_shape(shape, self.access)
            return code.select(rows, *ordered)
        except LookupError:
            if not isinstance(self.access, frozenset):
                raise
        return self._by_attribute().select(rows, constants)

    def _by_attribute(self) -> Program:
        """Give the program for instances that have not loaded all that is tested: expired or deferred columns."""
        return program_of(self.shape, "attribute")

    def _code_for(self, rows: int) -> Code | None:
        """Compile the shape if it has been asked of enough rows by now."""
        self._staged += rows + _ROWS_OF_A_CALL
        if self._staged > _STAGED_ROWS:
            self._code = compile_shape(self.shape, self.access)
        return self._code


@lru_cache(maxsize=256)
def program_of(shape: Shape, access: Access) -> Program:
    """Give the program of a shape, the same one for as long as it is asked for often enough."""
    return Program(shape, access)


def select_in_stages(shape: Shape, access: Access, rows: Sequence[R], constants: Iterator[object]) -> list[R]:
    """Give those of the rows that pass, by one comprehension for each single test; it takes its constants from all.

    A member of a conjunction is asked of the rows that passed those before it, one of a disjunction of those that did
    not: of the same rows as in code that is written in one.
    """
    if not isinstance(shape, Group) or not shape.members:
        code = compile_shape(_bare(shape), access)
        return code.select(rows, *islice(constants, code.parameters))
    if shape.conjunction:
        kept = rows
        for member in shape.members:
            kept = select_in_stages(member, access, kept, constants)
        return list(kept)
    passed: set[int] = set()
    for member in shape.members:
        left = [row for row in rows if id(row) not in passed]
        passed.update(map(id, select_in_stages(member, access, left, constants)))
    return [row for row in rows if id(row) in passed]


def _bare(shape: Shape) -> Shape:
    """Leave out what is asked of related rows: it is no part of the code, but of a constant."""
    return shape._replace(member=Group(True, ())) if isinstance(shape, Some) else shape


def _attribute(test: Leaf | Some) -> str:
    return test.field.name if isinstance(test, Leaf) else test.relationship.name
