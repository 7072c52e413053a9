"""What every value type offers: ways in and out for its constants, and how rows hold its values.

A constant is one value in the one form that its type has for it, wherever it came from. Value types know nothing of
parameters, predicates or engines.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, NoReturn, TypeAlias, TypeVar

__all__ = ["TEXT", "Fit", "InvalidValue", "Json", "Kind", "Textual", "ValueType", "mismatch", "unfit"]

T = TypeVar("T")
A = TypeVar("A")

Json: TypeAlias = bool | int | float | str
"""What `dump` writes: a JSON value that is neither null nor a container."""


class InvalidValue(ValueError):
    """A value is no constant of the type.

    The message is the part of a sentence that follows the value: "is not an integer such as 10 or -3".
    """


class Fit(enum.Enum):
    """Where a constant lies against what a column of its type can hold."""

    EXACT = "the column can hold the constant"
    BELOW = "the constant is less than all that the column can hold"
    ABOVE = "the constant is greater than all that the column can hold"
    BETWEEN = "the constant lies between two neighbours that the column can hold"


class _Immutable:
    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name} is fixed when it is made")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name} is fixed when it is made")


class Kind(_Immutable, Generic[T]):
    """One way in which rows hold the values of a type; compared by identity.

    `convert` makes of a constant what compares with the rows' values; None says that the constant already does.
    `restore` makes of a row's value the constant that it stands for; None says that it is one.
    """

    __slots__ = ("convert", "name", "restore")

    name: str
    convert: Callable[[T], object] | None
    restore: Callable[[Any], T] | None

    def __init__(
        self, name: str, convert: Callable[[T], object] | None = None, restore: Callable[[Any], T] | None = None
    ) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "convert", convert)
        object.__setattr__(self, "restore", restore)

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"


TEXT: Final[Kind[str]] = Kind("text")
"""Rows hold text that is equal to the constant."""

# By name, so that no module is imported for the sake of a message.
_DECLARED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "builtins.bool": "types.Boolean()",
        "builtins.int": "types.Integer()",
        "builtins.float": "types.Float()",
        "builtins.str": "types.Text()",
        "decimal.Decimal": "types.Decimal()",
        "uuid.UUID": "types.Uuid()",
        "ipaddress.IPv4Address": "types.Address()",
        "ipaddress.IPv6Address": "types.Address()",
        "datetime.datetime": "types.Timestamp()",
        "datetime.date": "types.Date()",
    }
)


class ValueType(_Immutable, ABC, Generic[T, A]):
    """A type of attribute. `T` is the type of its constants, `A` what Python code may give for one.

    Value types are immutable; two are equal when class and settings are. Three laws hold for each constant `v`:
    `parse(render(v)) == v`, `load(dump(v)) == v` and `accept(v) == v`.

    >>> from jsonapi_sieve import types
    >>> types.Integer(32)
    Integer(bits=32)
    >>> types.Integer(32) == types.Integer(32), types.Integer(32) == types.Integer(64)
    (True, False)
    """

    __slots__ = ()

    name: ClassVar[str]
    """The type's name in operator tables and messages, such as `integer`."""

    @property
    @abstractmethod
    def expected(self) -> str:
        """What a value has to be, for errors: "an integer such as 10 or -3"."""

    @property
    def unbounded(self) -> bool:
        """Whether a column holds each constant, so that `place` always answers `Fit.EXACT`."""
        return True

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read a constant from decoded query text.

        Raises:
            InvalidValue: for text that is no spelling of a constant.
        """

    @abstractmethod
    def render(self, value: T) -> str:
        """Write the canonical text of a constant."""

    def load(self, value: object) -> T:
        """Read a constant from a JSON value: of the JSON type that stands for it, or text that `parse` takes.

        Raises:
            InvalidValue: for another JSON type, or text that is no spelling of a constant.
        """
        if isinstance(value, str):
            return self.parse(value)
        raise self._refusal()

    def dump(self, value: T) -> Json:
        """Write a constant as a JSON value."""
        return self.render(value)

    @abstractmethod
    def accept(self, value: A) -> T:
        """Make a constant of a value from Python code.

        Raises:
            TypeError: for another kind of object.
            InvalidValue: for an object of the right kind that is no constant.
        """

    def place(self, value: T) -> tuple[Fit, T]:
        """Tell where a constant lies against what a column can hold.

        With `Fit.BETWEEN` comes the greatest value below the constant that a column can hold, with `Fit.EXACT` the
        value that stands for the constant there, else the constant.
        """
        return Fit.EXACT, value

    def held(self, values: tuple[T, ...]) -> tuple[T, ...]:
        """Leave those constants of a list out that a column cannot hold."""
        return values if self.unbounded else tuple(value for value in values if self.place(value)[0] is Fit.EXACT)

    @abstractmethod
    def kind(self, sample: object) -> Kind[T]:
        """Tell how rows hold the values, from one that is not None.

        Raises:
            TypeError: when no kind of the type holds the sample; the message says what to declare.
        """

    def sent_to(self, column: Any) -> Any:
        """Give the SQLAlchemy type in which constants go to a column of a type that only this value type knows.

        None leaves it to the value type that this one is made from, which knows SQLAlchemy's own types.
        """
        return None

    def _settings(self) -> dict[str, object]:
        """Give the arguments that make the same type again."""
        return {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ValueType):
            return NotImplemented
        return type(self) is type(other) and self._settings() == other._settings()

    def __hash__(self) -> int:
        return hash((type(self), *self._settings().values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._settings().items())})"

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), **self._settings()), ()

    def _refusal(self) -> InvalidValue:
        return InvalidValue(f"is not {self.expected}")

    def _unaccepted(self, value: object, expected: str) -> TypeError:
        return TypeError(f"{self!r} takes {expected}, not {type(value).__name__}")


class Textual(ValueType[str, A]):
    """A type whose constants are their own canonical text, and whose rows hold that text."""

    __slots__ = ()

    python: ClassVar[str] = "str"
    """What Python code may give for a constant and rows may hold, for errors."""

    def render(self, value: str) -> str:
        return value

    def accept(self, value: A) -> str:
        if isinstance(value, str):
            # A member of a text enumeration is shown and sent in ways of its own; a constant is plain text.
            return self.parse(str.__str__(value))
        raise self._unaccepted(value, self.python)

    def kind(self, sample: object) -> Kind[str]:
        if isinstance(sample, str):
            return TEXT
        raise mismatch(self, sample, self.python)

    def _is_constant(self, text: str) -> bool:
        try:
            return self.parse(text) == text
        except InvalidValue:
            return False


def mismatch(declared: ValueType[Any, Any], sample: object, expected: str) -> TypeError:
    """Say that rows hold values of another type, and which type to declare for them."""
    names = [f"{base.__module__}.{base.__qualname__}" for base in type(sample).__mro__]
    suitable = next((_DECLARED[name] for name in names if name in _DECLARED), None)
    remedy = f"declare {suitable}" if suitable else "convert them"
    return unfit(declared, f"{type(sample).__name__} values", expected, remedy)


def unfit(declared: ValueType[Any, Any], held: str, expected: str, remedy: str) -> TypeError:
    """Say what the rows hold, what is expected of them, and what to do."""
    return TypeError(f"the rows hold {held} where {declared!r} expects {expected}: {remedy}")
