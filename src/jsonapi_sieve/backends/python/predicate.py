"""A predicate that runs on Python rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import NoneType
from typing import Any, Final, TypeVar

from jsonapi_sieve.backends.python.constants import Maker, converted, kind_of
from jsonapi_sieve.backends.python.guard import Guarded, unknown
from jsonapi_sieve.backends.python.program import Program, program_of
from jsonapi_sieve.backends.python.related import some_related
from jsonapi_sieve.backends.python.rows import access_of, report_missing_keys
from jsonapi_sieve.backends.python.source import compile_shape
from jsonapi_sieve.normal import Normal, Some, conditions_of, normalize, width_of
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.types import Kind

__all__ = ["PythonPredicate", "compile_python"]

R = TypeVar("R")

_REMEMBERED: Final = 256


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


class PythonPredicate:
    """Tells of a row whether the predicate is TRUE for it, and selects from many at once, about four times faster.

    A row is a mapping, an object with attributes, a named tuple or a SQLAlchemy Row. Its values may be of any kind that
    the declared types stand for (text or `uuid.UUID`, for one); constants are converted to that kind. What it is
    related to stands at the relationship's name: a row or None, or an iterable of rows.

    Calling with a row and `select` raise:
        TypeError: when the rows hold values of another kind, naming the attribute.
        KeyError, AttributeError: when a row lacks an attribute.
    """

    __slots__ = ("_constants", "_converted", "_guarded", "_normal", "_program", "_samples", "_values")

    def __init__(self, normal: Normal) -> None:
        self._normal = normal
        self._program: Program | None = None
        self._guarded: Guarded = unknown
        self._samples: Sequence[Any] | None = None
        self._values: Sequence[Any] | None = None
        self._converted: dict[tuple[int, Kind[Any] | None], object] = {}
        self._constants: dict[tuple[type, ...], list[object]] = {}

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
        return compile_shape(self._normal.shape, "key").source

    @property
    def single_source(self) -> str:
        """The generated code that tests rows one after the other, bound to the class of the rows, which are mappings.

        `c0`, `c1` ... are the classes of their values, beside None; a row of others gets None for an answer, and is
        looked at.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     rows_count = Field(types.Integer(32), nullable=True)
        >>> print(compile_python(Filters.rows_count.gteq(10)).single_source)
        def bind(cls, c0, p0):
            def matches(row):
                if type(row) is cls:
        ...
        """
        return program_of(self._normal.shape, "key").guard_source()

    def __call__(self, row: object) -> bool:
        """Tell whether the predicate is TRUE for a row.

        The kind of an attribute's values is looked at once for each class of them.
        """
        answer = self._guarded(row)
        return self._look(row) if answer is None else answer

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

    def _look(self, row: object) -> bool:
        """Test a row by what it is, and be ready for others like it."""
        program = self._program_for(row)
        try:
            values = program.read(row)
            classes, constants = self._constants_for(program, values)
            passes = program.matches(row, constants)
        except LookupError:
            if program.access == "key":
                report_missing_keys(row, program.names)
            raise
        except TypeError:
            self._convert(program, program.read(row))
            raise
        self._guarded = program.guarded(row, classes, constants)
        return passes

    def _select(self, rows: Sequence[R]) -> list[R]:
        program = self._program_for(rows[0])
        constants = self._convert(program, program.samples(rows))
        return program.select(rows, constants)

    def _program_for(self, row: object) -> Program:
        """Give the program for a row; only the last one is kept, for rows of several accesses seldom alternate."""
        access = access_of(row)
        program = self._program
        if program is None or program.access != access:
            program = self._program = program_of(self._normal.shape, access)
        return program

    def _constants_for(self, program: Program, values: Sequence[Any]) -> tuple[tuple[type, ...], list[object]]:
        """Give the classes of values, those of former ones where they are None, and the constants for them."""
        classes = tuple(map(type, values))
        if NoneType in classes and self._samples is not None:
            values = [old if new is None else new for new, old in zip(values, self._samples, strict=True)]
            classes = tuple(map(type, values))
        self._samples = values
        constants = self._constants.get(classes)
        if constants is None:
            constants = self._convert(program, values)
            if len(self._constants) >= _REMEMBERED:
                self._constants.clear()
            self._constants[classes] = constants
        return classes, constants

    def _convert(self, program: Program, samples: Sequence[Any]) -> list[object]:
        """Give the constants in the kinds of the samples, one for each compared attribute."""
        # The last is for tests of related rows, which convert theirs by themselves.
        kinds = [*map(kind_of, program.compared, samples), None]
        if self._values is None:
            self._values = self._normal.values if program.is_flat else tuple(_arguments(self._normal))
        return [
            make(value, kinds[place]) if make is converted else self._remembered(number, make, value, kinds[place])
            for number, (value, (place, make)) in enumerate(zip(self._values, program.makers, strict=True))
        ]

    def _remembered(self, number: int, make: Maker, value: Any, kind: Kind[Any] | None) -> object:
        key = (number, kind)
        # Another thread may forget what is remembered here.
        made = self._converted.get(key)
        if made is None:
            if len(self._converted) >= _REMEMBERED * len(self._normal.values):
                self._converted.clear()
            made = self._converted[key] = make(value, kind)
        return made


def _arguments(normal: Normal) -> Iterator[Any]:
    """Give what each test takes: a value, or that of related rows, a test of one of their kind."""
    start = 0
    for test in conditions_of(normal.shape):
        end = start + width_of(test)
        if isinstance(test, Some):
            member = PythonPredicate(Normal(test.member, normal.values[start:end]))
            # Python calls a method faster than an object that has it.
            yield some_related(test.relationship, member.__call__)
        elif test.takes_value:
            yield normal.values[start]
        start = end
