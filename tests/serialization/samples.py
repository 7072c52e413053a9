"""Schemas and rows for these tests, and what marshmallow-jsonapi itself makes of them."""

import warnings
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, ClassVar

from marshmallow import validate
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.document import NewResource
from jsonapi_sieve.serialization import ResourceSchema, StoredFilters, Typed

URL = "https://api.example.org/exports?sort=id"


def dasherize(name: str) -> str:
    return name.replace("_", "-")


class CallFilters(FilterSet):
    time_start = Field(types.Timestamp(digits=3))
    duration = Field(types.Integer(32), nullable=True)


class AccountOwnerSchema(Schema):
    id = fields.Str()
    name = fields.Str()
    friends = fields.Relationship(type_="owners", schema="self", many=True)

    class Meta:
        type_ = "owners"


class AccountSchema(Schema):
    id = fields.Str()
    full_name = fields.Str()
    owner = fields.Relationship(attribute="owner_id", type_="owners", schema="AccountOwnerSchema")

    class Meta:
        type_ = "accounts"
        inflect = dasherize
        self_url = "/accounts/{id}"
        self_url_kwargs: ClassVar = {"id": "<id>"}


class ExportSchema(Schema):
    id = fields.Str()
    filters = StoredFilters(CallFilters(), required=True)
    status = fields.Str(dump_only=True)
    rows_count = Typed(types.Integer(32), allow_none=True)
    created_at = Typed(types.Timestamp(digits=3), dump_only=True)
    price = Typed(types.Decimal(scale=2), validate=validate.Range(min=0))
    code_words = fields.List(fields.Str())
    about = fields.ResourceMeta(dump_only=True)
    bill_to = fields.Relationship(
        attribute="account_id",
        type_="accounts",
        schema=AccountSchema,
        required=True,
        self_url="/exports/{id}/relationships/bill-to",
        self_url_kwargs={"id": "<id>"},
        related_url="/exports/{id}/bill-to",
        related_url_kwargs={"id": "<id>"},
    )
    seen_by = fields.Relationship(type_="owners", schema=AccountOwnerSchema, many=True, include_resource_linkage=True)

    class Meta:
        type_ = "exports"
        inflect = dasherize
        self_url = "/exports/{id}"
        self_url_kwargs: ClassVar = {"id": "<id>"}


OWNERS, ACCOUNTS, EXPORTS = map(ResourceSchema, (AccountOwnerSchema, AccountSchema, ExportSchema))


def owner(id_: str, *friends: Any) -> Any:
    return SimpleNamespace(id=id_, name=f"owner {id_}", friends=list(friends))


def account(id_: str, owner: Any = None) -> Any:
    return SimpleNamespace(id=id_, full_name=f"account {id_}", owner=owner, owner_id=owner and owner.id)


def export(id_: str, account: Any = None, **values: Any) -> Any:
    row: dict[str, Any] = {
        "filters": {},
        "status": "Pending",
        "rows_count": None,
        "created_at": None,
        "price": None,
        "code_words": [],
        "about": {},
        "bill_to": account,
        "account_id": account and account.id,
        "seen_by": [],
    }
    return SimpleNamespace(id=id_, **(row | values))


def stock_dump(schema: type[Schema], rows: Iterable[object], **options: Any) -> Any:
    """Give the document that the schema itself makes, whatever marshmallow 3.26 says of marshmallow-jsonapi."""
    instance: Any = schema(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return instance.dump(list(rows), many=True)


def new(attributes: dict[str, Any] | None = None, /, **relationships: Any) -> NewResource:
    """Make a new export as it is read from a document; relationships are given by their names in Python."""
    linkages = {dasherize(name): linkage for name, linkage in relationships.items()}
    return NewResource("exports", None, {"filters": {}} if attributes is None else attributes, linkages)
