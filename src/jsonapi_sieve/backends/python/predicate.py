"""A predicate that runs on Python rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from jsonapi_sieve.backends.python.constants import constant, kind_of
from jsonapi_sieve.backends.python.related import SomeRelated
from jsonapi_sieve.backends.python.rows import Access, access_of, reader, report_missing_keys
from jsonapi_sieve.backends.python.selectivity import most_decisive_first
from jsonapi_sieve.backends.python.source import Code, compile_shape
from jsonapi_sieve.normal import Leaf, Normal, Some, conditions_of, normalize, width_of
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.types import Kind

__all__ = ["PythonPredicate", "compile_python"]

R = TypeVar("R")

_REMEMBERED: Final = 256
_NULL_TESTS: Final = ("null", "not_null")


def compile_python(predicate: Predicate) -> PythonPredicate:
    """Make a predicate run on Python rows.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class Filters(FilterSet):
    ...     rows_count = Field(types.Integer(32), nullable=True)
    >>> matches = compile_python(Filters.rows_count.gteq(10))
    >>> matches({"rows_count": 12}), matches({"rows_count": None})
    (True, False)
    >>> matches.select([{"rows_count": 12}, {"rows_count": 3}])
    [{'rows_count': 12}]

    Raises:
        CompileError: for a predicate deeper than 32.
    """
    return PythonPredicate(normalize(predicate))


class _Program(NamedTuple):
    """The code for rows of one access, and what reads the attributes that constants are compared with."""

    access: Access
    code: Code
    readers: tuple[Callable[[Any], Any], ...]


class PythonPredicate:
    """Tells of a row whether the predicate is TRUE for it, and selects from many at once, about ten times faster.

    A row is a mapping, an object with attributes, a named tuple or a SQLAlchemy Row. Its values may be of any kind that
    the declared types stand for (text or `uuid.UUID`, for one); constants are converted to that kind. What it is
    related to stands at the relationship's name: a row or None, or an iterable of rows.

    Calling with a row and `select` raise:
        TypeError: when the rows hold values of another kind, naming the attribute.
        KeyError, AttributeError: when a row lacks an attribute.
    """

    __slots__ = ("_compared", "_constants", "_converted", "_names", "_program", "_shape", "_tests")

    def __init__(self, normal: Normal) -> None:
        tests = list(conditions_of(normal.shape))
        leaves = [test for test in tests if isinstance(test, Leaf)]
        self._shape = normal.shape
        self._names = tuple(dict.fromkeys(map(_attribute, tests)))
        self._compared = tuple(dict.fromkeys(leaf.field for leaf in leaves if leaf.operator.name not in _NULL_TESTS))
        self._tests = tuple(_valued(tests, normal.values))
        self._converted: dict[tuple[int, Kind[Any] | None], object] = {}
        self._constants: dict[tuple[type, ...], list[object]] = {}
        self._program = self._prepare("key")

    @property
    def source(self) -> str:
        """The generated code for rows that are mappings, for people to read; p0, p1 ... are the constants.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     rows_count = Field(types.Integer(32), nullable=True)
        >>> print(compile_python(Filters.rows_count.gteq(10)).source)
        def matches(row, p0):
            return (v_rows_count := row['rows_count']) is not None and v_rows_count >= p0
        <BLANKLINE>
        <BLANKLINE>
        def select(rows, p0):
            return [row for row in rows if (v_rows_count := row['rows_count']) is not None and v_rows_count >= p0]
        <BLANKLINE>
        """
        return compile_shape(self._shape, "key").source

    def __call__(self, row: object) -> bool:
        """Tell whether the predicate is TRUE for a row.

        The kind of an attribute's values is looked at once for each class of them.
        """
        program = self._program_for(row)
        try:
            values = [read(row) for read in program.readers]
            return program.code.matches(row, *self._constants_for(values))
        except LookupError:
            if program.access == "key":
                report_missing_keys(row, self._names)
            raise
        except TypeError:
            self._convert([read(row) for read in program.readers])
            raise

    def select(self, rows: Iterable[R]) -> list[R]:
        """Give the rows for which the predicate is TRUE, the same objects in their order.

        The first row decides how all are read, and the first value of an attribute that is not None the kind of all its
        values; `filter(matches, rows)` looks at each. Rows that come one at a time are gathered before.
        """
        gathered = rows if isinstance(rows, (list, tuple)) else list(rows)
        if not gathered:
            return []
        try:
            return self._select(gathered)
        except (AttributeError, LookupError, TypeError):
            # Rows differ, or lack something. One by one is right for them, or says what is wrong.
            pass
        return [row for row in gathered if self(row)]

    def _select(self, rows: Sequence[R]) -> list[R]:
        program = self._program_for(rows[0])
        constants = self._convert([_first_value(read, rows) for read in program.readers])
        shape, constants = most_decisive_first(self._shape, constants, program.access, rows)
        code = program.code if shape is self._shape else compile_shape(shape, program.access)
        return code.select(rows, *constants)

    def _program_for(self, row: object) -> _Program:
        """Give the program for a row; only the last one is kept, for rows of several accesses seldom alternate."""
        access = access_of(row)
        program = self._program
        if program.access != access:
            program = self._program = self._prepare(access)
        return program

    def _prepare(self, access: Access) -> _Program:
        readers = tuple(reader(access, field.name) for field in self._compared)
        return _Program(access, compile_shape(self._shape, access), readers)

    def _constants_for(self, values: list[Any]) -> list[object]:
        """Give the constants for one row's values; the classes of the values tell their kinds."""
        classes = tuple(map(type, values))
        constants = self._constants.get(classes)
        if constants is None:
            constants = self._convert(values)
            if len(self._constants) >= _REMEMBERED:
                self._constants.clear()
            self._constants[classes] = constants
        return constants

    def _convert(self, samples: list[Any]) -> list[object]:
        """Give the constants in the kinds of the samples, one for each compared attribute."""
        kinds = {field: kind_of(field, sample) for field, sample in zip(self._compared, samples, strict=True)}
        return [
            self._constant(number, test, value, kinds[test.field]) if isinstance(test, Leaf) else value
            for number, (test, value) in enumerate(self._tests)
        ]

    def _constant(self, number: int, leaf: Leaf, value: Any, kind: Kind[Any] | None) -> object:
        key = (number, kind)
        if key not in self._converted:
            if len(self._converted) >= _REMEMBERED * len(self._tests):
                self._converted.clear()
            self._converted[key] = constant(leaf, value, kind)
        return self._converted[key]


def _attribute(test: Leaf | Some) -> str:
    return test.field.name if isinstance(test, Leaf) else test.relationship.name


def _valued(tests: Iterable[Leaf | Some], values: Sequence[Any]) -> Iterator[tuple[Leaf | Some, Any]]:
    """Give each test that takes a constant with its value; that of related rows is a test of one of their kind."""
    start = 0
    for test in tests:
        end = start + width_of(test)
        if isinstance(test, Some):
            member = PythonPredicate(Normal(test.member, tuple(values[start:end])))
            yield test, SomeRelated(test.relationship, member)
        elif test.takes_value:
            yield test, values[start]
        start = end


def _first_value(read: Callable[[Any], Any], rows: Iterable[Any]) -> Any:
    return next((value for value in map(read, rows) if value is not None), None)
