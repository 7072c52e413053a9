"""What the documents of version 3 show of orders for exports, and what clients send to make one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from marshmallow import Schema as PlainSchema
from marshmallow import ValidationError, fields, validate, validates_schema

from jsonapi_sieve import types
from jsonapi_sieve.cdr.did_filters import CDR_IN, CDR_OUT
from jsonapi_sieve.serialization import Schema, Typed

__all__ = ["DidCdrExportSchema", "DidExportSchema"]

_MONTHS: Final = tuple(str(month) for month in range(1, 13)) + tuple(f"0{month}" for month in range(1, 10))
_NO_CALLBACKS: Final = "Nobody is called back here; ask for the export until its status says that it is completed."


def _moment(**options: Any) -> Typed:
    return Typed(types.Timestamp(digits=3), **options)


def _number() -> fields.String:
    digits = validate.Regexp(r"\+?[0-9]+\Z", error="A number has digits only, with or without a plus before them.")
    return fields.String(validate=[validate.Length(1, 20), digits])


def _callback() -> fields.String:
    return fields.String(allow_none=True, validate=validate.OneOf((), error=_NO_CALLBACKS))


class MonthSchema(PlainSchema):
    """A calendar month in UTC, and the one number of the customer's that is asked for, where it is one."""

    year: Final = fields.String(
        required=True,
        validate=[
            validate.Length(equal=4),
            # The last month of all would end in a year that there is none.
            validate.Regexp(
                r"(?:[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])\Z",
                error="A year is a number from 1000 to 9998.",
            ),
        ],
    )
    month: Final = fields.String(
        required=True, validate=validate.OneOf(_MONTHS, error="A month is a number from 1 to 12.")
    )
    did_number: Final = _number()


class IntervalSchema(PlainSchema):
    """The time from a moment on and before another, and the one number of the customer's that is asked for."""

    begin: Final = _moment(required=True, data_key="from", attribute="from")
    end: Final = _moment(required=True, data_key="to", attribute="to")
    did_number: Final = _number()

    @validates_schema
    def _check_order(self, data: dict[str, datetime], **_: object) -> None:
        if data["from"] >= data["to"]:
            raise ValidationError("from has to be before to, which is where the export ends.", "to")


class DidCdrExportSchema(Schema):
    """An order for a file of a month's calls; `url` is where the file is, once there is one."""

    id: Final = fields.String(dump_only=True)
    filters: Final = fields.Nested(MonthSchema, required=True)
    status: Final = fields.String(dump_only=True)
    created_at: Final = _moment(dump_only=True)
    url: Final = fields.String(dump_only=True)

    class Meta:
        type_ = "cdr_exports"


class DidExportSchema(Schema):
    """An order for a file of calls, in the newer form; `url` is where the file is, once there is one."""

    id: Final = fields.String(dump_only=True)
    filters: Final = fields.Nested(IntervalSchema, required=True)
    status: Final = fields.String(dump_only=True)
    created_at: Final = _moment(dump_only=True)
    url: Final = fields.String(dump_only=True)
    callback_url: Final = _callback()
    callback_method: Final = _callback()
    export_type: Final = Typed(types.Enum(CDR_IN, CDR_OUT), required=True)
    external_reference_id: Final = fields.String(allow_none=True, validate=validate.Length(max=100))

    class Meta:
        type_ = "exports"

    @validates_schema
    def _check_number(self, data: dict[str, Any], **_: object) -> None:
        if data.get("export_type") == CDR_OUT and "did_number" in data.get("filters", {}):
            raise ValidationError({"filters": {"did_number": [f"Exports of the type {CDR_OUT} take no number."]}})
