"""What stands right of an operator: one constant, a list of them or a flag; how each is read and written.

An operand knows a value type and an operator, nothing of parameters. It reads query text (`parse`), stored JSON
(`load`) and values from Python code (`accept`), and writes the first two back (`render`, `dump`). What it refuses of
the first two, it says in a `BadOperand`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeAlias, assert_never

from jsonapi_sieve.csv_record import MalformedRecord, join_record, quote_item, split_record
from jsonapi_sieve.operators import Arity, Operator
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.types import Boolean, Fit, InvalidValue, Json, Kind, Text, ValueType
from jsonapi_sieve.types.quick import Reader, quick_reader

__all__ = ["BadOperand", "LikePattern", "Operand", "operand_of", "shown"]

AnyType: TypeAlias = ValueType[Any, Any]

_ANY_TEXT: Final = Text()

_SHOWN_CHARACTERS = 64
_SHOWN_BITS = 128


def shown(value: object) -> str:
    """Show a value in an error, in JSON's words and cut, so that the answer stays in proportion to the question.

    >>> shown("abc"), shown("x" * 1000)[-5:], shown(10), shown(None), shown([1, 2])
    ("'abc'", "xxx…'", '10', 'null', 'a list')
    """
    match value:
        case str():
            return repr(value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "…")
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > _SHOWN_BITS:
            return "a long number"
        case int() | float():
            return repr(value)
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


class BadOperand(ValueError):
    """A value that an operator does not take.

    `code` and `title` are those of its error object and the message is the detail. `index` is the place of the first
    bad item in a list, `budget` the name of the limit that was exceeded.
    """

    def __init__(
        self, code: str, title: str, detail: str, *, index: int | None = None, budget: str | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.title = title
        self.index = index
        self.budget = budget


def _invalid(detail: str, index: int | None = None) -> BadOperand:
    return BadOperand("invalid-value", "Invalid filter value", detail, index=index)


def _empty(detail: str, index: int | None = None) -> BadOperand:
    return BadOperand("empty-value", "Empty filter value", detail, index=index)


class LikePattern(Text):
    r"""A LIKE pattern: `%` stands for any text, `_` for one character, a backslash makes the next character literal.

    >>> LikePattern().parse("50\\%%")
    '50\\%%'

    Raises:
        InvalidValue: for a backslash at the end, which escapes nothing (PostgreSQL refuses it too).
    """

    __slots__ = ()

    def parse(self, text: str) -> str:
        pattern = super().parse(text)
        backslashes = len(pattern) - len(pattern.rstrip("\\"))
        if backslashes % 2:
            raise InvalidValue("is no LIKE pattern: the backslash at its end escapes nothing")
        return pattern


class HeldValue(ValueType[Any, Any]):
    """The constants of a type that a column can hold: of an own operator, nobody else knows what others would mean.

    >>> from jsonapi_sieve import types
    >>> HeldValue(types.Integer(16)).parse("40000")
    Traceback (most recent call last):
    jsonapi_sieve.types.base.InvalidValue: is too great, too small or too fine to be compared
    """

    __slots__ = ("type",)

    name: ClassVar[str] = "held"

    type: AnyType

    def __init__(self, type: AnyType) -> None:
        object.__setattr__(self, "type", type)

    def _settings(self) -> dict[str, object]:
        return {"type": self.type}

    @property
    def expected(self) -> str:
        return self.type.expected

    def parse(self, text: str) -> Any:
        return self._held(self.type.parse(text))

    def render(self, value: Any) -> str:
        return self.type.render(value)

    def load(self, value: object) -> Any:
        return self._held(self.type.load(value))

    def dump(self, value: Any) -> Json:
        return self.type.dump(value)

    def accept(self, value: Any) -> Any:
        return self._held(self.type.accept(value))

    def kind(self, sample: object) -> Kind[Any]:
        return self.type.kind(sample)

    def _held(self, value: Any) -> Any:
        fit, held = self.type.place(value)
        if fit is Fit.EXACT:
            return held
        raise InvalidValue("is too great, too small or too fine to be compared")


class Operand(ABC):
    """The right side of one operator on one value type."""

    __slots__ = ("type",)

    def __init__(self, type: AnyType) -> None:
        self.type: AnyType = type

    @abstractmethod
    def read(self, text: str, maximum: int) -> object:
        """Read decoded query text of at most `maximum` items; raises BadOperand or InvalidValue, as it comes."""

    @abstractmethod
    def quick(self, maximum: int) -> Reader:
        """Give a straight way to read good text; it raises ValueError or KeyError for what `parse` has to look at."""

    def _careful(self, maximum: int) -> Reader:
        """Give a way to read text that is sure to hold neither NUL nor surrogates, which types of others may take."""
        return lambda text: self.read(_ANY_TEXT.parse(text), maximum)

    def parse(self, text: str, maximum: int) -> object:
        """Read decoded query text of at most `maximum` items; raises BadOperand, which says all that is wrong."""
        try:
            return self.read(text, maximum)
        except InvalidValue as error:
            raise self._told(text, error) from None

    @abstractmethod
    def _told(self, text: str, error: InvalidValue) -> BadOperand:
        """Tell what is wrong with text that holds an invalid value."""

    @abstractmethod
    def render(self, value: Any) -> str:
        """Write query text: `parse(render(v)) == v`."""

    @abstractmethod
    def load(self, value: object, maximum: int) -> object:
        """Read a stored JSON value of at most `maximum` items; raises BadOperand."""

    @abstractmethod
    def dump(self, value: Any) -> object:
        """Write a JSON value: `load(dump(v)) == v`."""

    @abstractmethod
    def accept(self, value: Any) -> object:
        """Check a value from Python code; raises TypeError or InvalidValue."""


class ScalarOperand(Operand):
    """One constant. A stray quote makes the whole text literal; a comma outside quotes makes it several values.

    >>> text = ScalarOperand(Text())
    >>> text.parse('"a,b"', 1), text.parse('say "hi"', 1)
    ('a,b', 'say "hi"')
    """

    __slots__ = ()

    def read(self, text: str, maximum: int) -> object:
        if not text or "," in text or '"' in text:
            text = self._only_item(text)
        return self.type.parse(text)

    def quick(self, maximum: int) -> Reader:
        return quick_reader(self.type) or self._careful(maximum)

    def _told(self, text: str, error: InvalidValue) -> BadOperand:
        return _invalid(f"{shown(self._only_item(text))} {error}.")

    def _only_item(self, text: str) -> str:
        try:
            items = split_record(text)
        except MalformedRecord:
            return text
        if len(items) > 1:
            detail = f"{shown(text)} holds {len(items)} values where one is taken; double quotes protect a comma."
            raise BadOperand("too-many-values", "Too many filter values", detail)
        if items[0] is None:
            raise _empty(f"The value is empty; give {self.type.expected}.")
        return items[0]

    def render(self, value: Any) -> str:
        return quote_item(self.type.render(value))

    def load(self, value: object, maximum: int) -> object:
        if value is None:
            raise _empty(f"The value is null; give {self.type.expected}.")
        try:
            return self.type.load(value)
        except InvalidValue as error:
            raise _invalid(f"{shown(value)} {error}.") from None

    def dump(self, value: Any) -> object:
        return self.type.dump(value)

    def accept(self, value: Any) -> object:
        return self.type.accept(value)


class ListOperand(Operand):
    """A list of constants, as a tuple; items that repeat count once.

    >>> from jsonapi_sieve import types
    >>> ListOperand(types.Integer()).parse("3,1,3", 1000)
    (3, 1)
    """

    __slots__ = ()

    def read(self, text: str, maximum: int) -> object:
        items = text.split(",")
        if '"' in text or "" in items or len(items) > maximum:
            items = self._items(text, maximum)
        return tuple(dict.fromkeys(map(self.type.parse, items)))

    def quick(self, maximum: int) -> Reader:
        read = quick_reader(self.type)
        if read is None:
            return self._careful(maximum)
        distinct: Callable[[Iterable[object]], Iterable[object]] = dict.fromkeys

        def read_all(text: str) -> tuple[object, ...]:
            items = text.split(",")
            if len(items) > maximum:
                raise InvalidValue
            return tuple(distinct(map(read, items)))

        return read_all

    def _items(self, text: str, maximum: int) -> list[str]:
        try:
            items = split_record(text)
        except MalformedRecord as error:
            detail = f"{shown(text)} is no list: {error}; double a quote inside quotes."
            raise BadOperand("malformed-list", "Malformed list", detail) from None
        _within(len(items), maximum)
        if None in items:
            index = items.index(None)
            raise _empty(f"Item {index + 1} of {len(items)} is empty; give {self.type.expected}.", index)
        return [item for item in items if item is not None]

    def _told(self, text: str, error: InvalidValue) -> BadOperand:
        return _all_told(self.type.parse, split_record(text))

    def render(self, value: Any) -> str:
        return join_record(map(self.type.render, value))

    def load(self, value: object, maximum: int) -> object:
        if not isinstance(value, list):
            raise _invalid(f"{shown(value)} is no list of values.")
        _within(len(value), maximum)
        if not value:
            raise _empty("The list is empty; give at least one value.")
        if None in value:
            index = value.index(None)
            raise _empty(f"Item {index + 1} of {len(value)} is null; give {self.type.expected}.", index)
        try:
            return tuple(dict.fromkeys(map(self.type.load, value)))
        except InvalidValue:
            raise _all_told(self.type.load, value) from None

    def dump(self, value: Any) -> object:
        return list(map(self.type.dump, value))

    def accept(self, value: Any) -> object:
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"a list of values is taken here, not {type(value).__name__}")
        return tuple(dict.fromkeys(map(self.type.accept, value)))


def _within(count: int, maximum: int) -> None:
    if count > maximum:
        detail = f"The list holds {count} items; at most {maximum} are taken."
        raise BadOperand("list-items-limit", "Limit exceeded", detail, budget="list_items")


def _all_told(convert: Callable[[Any], object], items: Sequence[object]) -> BadOperand:
    """Tell what is wrong with a list of which some item is an invalid value: the first of them, and how many."""
    bad = [(index, fault) for index, item in enumerate(items) if (fault := _fault(convert, item)) is not None]
    index, fault = bad[0]
    count = f" ({len(bad)} of the {len(items)} items are bad.)" if len(bad) > 1 else ""
    return _invalid(f"{shown(items[index])} {fault}.{count}", index)


def _fault(convert: Callable[[Any], object], item: object) -> InvalidValue | None:
    try:
        convert(item)
    except InvalidValue as fault:
        return fault
    return None


@lru_cache(maxsize=1024)
def operand_of(type: AnyType, operator: Operator) -> Operand:
    """Give the operand of an operator on a value type.

    >>> from jsonapi_sieve import types
    >>> from jsonapi_sieve.operators import OPERATORS
    >>> operand_of(types.Integer(), OPERATORS["in"]).parse("3,1,3", 1000)
    (3, 1)
    """
    taken = _taken(type, operator)
    match operator.arity:
        case Arity.SCALAR:
            return ScalarOperand(taken)
        case Arity.LIST:
            return ListOperand(taken)
        case Arity.FLAG:
            return ScalarOperand(Boolean())
        case _:  # pragma: no cover
            assert_never(operator.arity)


def _taken(type: AnyType, operator: Operator) -> AnyType:
    """Give the type of an operator's constants."""
    if isinstance(operator, OwnOperator):
        operand = operator.operand_for(type)
        return operand if operand.unbounded else HeldValue(operand)
    return LikePattern() if operator.base.name in ("matches", "does_not_match") else type
