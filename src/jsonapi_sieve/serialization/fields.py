"""Fields for schemas: one for each value type, and one for an attribute that holds filters."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final, Self

from marshmallow import ValidationError
from marshmallow.fields import Field

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.errors import DeclarationError, ErrorObject, NotRenderable, QueryErrors
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.operand import shown
from jsonapi_sieve.types import Decimal, Enum, Fit, InvalidValue, ValueType

__all__ = ["VISIBLE", "Fault", "StoredFilters", "Typed", "invalid_attribute"]

VISIBLE: Final[ContextVar[Visible | None]] = ContextVar("visible", default=None)
"""What the client may see whose values are loaded; marshmallow hands nothing on to a field within another one."""


class Fault(str):
    """A message for marshmallow that carries the whole error object.

    The error's pointer begins at the field's value. The text names the place too, for those who see nothing else.
    """

    __slots__ = ("error",)

    error: ErrorObject

    def __new__(cls, error: ErrorObject) -> Self:
        """Make the text of an error object."""
        place = (error.at or "").removeprefix("/")
        fault = super().__new__(cls, f"{place}: {error.detail}" if place else error.detail)
        fault.error = error
        return fault

    def __getnewargs__(self) -> tuple[ErrorObject]:  # type: ignore[override]
        return (self.error,)


def invalid_attribute(detail: str, allowed: object) -> ValidationError:
    """Make the refusal of an attribute's value, which says what is allowed."""
    error = ErrorObject("invalid-attribute", "Invalid attribute", detail, "", "pointer", 422, {"allowed": allowed})
    return ValidationError([Fault(error)])


class Typed(Field):
    """A field that is written and read by a value type; further arguments are those of every marshmallow field.

    Rows may hold whatever the type's `accept` takes, and None. What clients send has to fit the column.

    >>> from jsonapi_sieve import types
    >>> Typed(types.Decimal(scale=2)).serialize("price", {"price": 2})
    '2.0'
    >>> Typed(types.Integer(16)).deserialize("40000")
    Traceback (most recent call last):
    marshmallow.exceptions.ValidationError: ["'40000' is greater than what can be stored."]

    Raises:
        DeclarationError: for what is no value type.
    """

    def __init__(self, value_type: ValueType[Any, Any], **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(value_type, ValueType):
            raise DeclarationError(f"Typed takes a value type such as types.Integer(), not {value_type!r}")
        self.value_type: ValueType[Any, Any] = value_type

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is None:
            return None
        try:
            return self.value_type.dump(self._constant(value))
        except (TypeError, InvalidValue) as error:
            error.add_note(f"in the value {value!r} of the attribute {attr!r}")
            raise

    def _constant(self, value: object) -> Any:
        inexact = isinstance(self.value_type, Decimal) and not self.value_type.exact
        return self.value_type.load(value) if inexact else self.value_type.accept(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            constant = self.value_type.load(value)
        except InvalidValue as error:
            raise self._refusal(value, str(error)) from None
        fit, _ = self.value_type.place(constant)
        if fit is not Fit.EXACT:
            raise self._refusal(value, _UNFIT[fit])
        return constant

    def _refusal(self, value: object, why: str) -> ValidationError:
        type_ = self.value_type
        allowed = list(type_.members) if isinstance(type_, Enum) else type_.expected
        return invalid_attribute(f"{shown(value)} {why}.", allowed)


_UNFIT = {
    Fit.BELOW: "is less than what can be stored",
    Fit.ABOVE: "is greater than what can be stored",
    Fit.BETWEEN: "has more digits behind the point than can be stored",
}


class StoredFilters(Field):
    """An attribute that holds filters in their stored form, such as what an export selects.

    What a client sends is loaded by the FilterSet, and its value is the normalised form; what rows hold is shown as it
    is. Further arguments are those of every marshmallow field.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     time_start = Field(types.Timestamp(digits=3))
    >>> StoredFilters(CallFilters()).deserialize({"time_start_gteq": "2019-01-01 00:00:00"})
    {'time_start_gteq': '2019-01-01T00:00:00.000Z'}

    Raises:
        DeclarationError: for what is no FilterSet.
    """

    def __init__(self, filter_set: FilterSet, **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(filter_set, FilterSet):
            raise DeclarationError(f"StoredFilters takes an instance of a FilterSet, not {filter_set!r}")
        self.filter_set: FilterSet = filter_set

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, object]:
        try:
            return self.filter_set.normalize(value, status=422, visible=VISIBLE.get())
        except QueryErrors as errors:
            raise ValidationError(list(map(Fault, errors.errors))) from None
        except NotRenderable as error:
            # Written canonically, they would exceed a budget that they keep as they were sent.
            fault = ErrorObject("invalid-filters", "Invalid filters", f"{error}.", "", "pointer", 422)
            raise ValidationError([Fault(fault)]) from None
