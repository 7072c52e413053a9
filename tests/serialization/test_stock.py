import warnings
from typing import Any, ClassVar

import pytest
from marshmallow_jsonapi import Schema, fields
from marshmallow_jsonapi.fields import Relationship

from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.samples import AccountSchema, ExportSchema, export, stock_dump


def test_instances_differ_from_those_of_the_schema_in_little_but_their_silence() -> None:
    rows = [export("1")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dumped: Any = fresh(ExportSchema).dump(rows, many=True)
    assert dumped == stock_dump(ExportSchema, rows)
    field = fresh(ExportSchema).fields["bill_to"]
    assert isinstance(field, Relationship)
    assert type(field).__name__ == "Relationship"


def test_the_fields_of_the_schema_itself_are_left_alone() -> None:
    declared = dict(vars(ExportSchema)["_declared_fields"])
    fresh(ExportSchema)
    assert all(type(field).__module__ != "jsonapi_sieve.serialization.stock" for field in declared.values())
    assert type(declared["bill_to"]) is Relationship


def test_instances_of_one_schema_share_nothing() -> None:
    first, second = fresh(AccountSchema), fresh(AccountSchema)
    assert first.fields["owner"] is not second.fields["owner"]
    assert type(first.fields["owner"]) is type(second.fields["owner"])


def test_the_default_of_a_link_stands_where_a_row_says_nothing() -> None:
    class DefaultedSchema(AccountSchema):
        of = Relationship(
            type_="owners", related_url="/owners/{id}", related_url_kwargs={"id": "<who>"}, dump_default=7
        )

        class Meta(AccountSchema.Meta):
            register = False

    assert fresh(DefaultedSchema).fields["of"].get_related_url({}) == "/owners/7"


class ShelfSchema(Schema):
    id = fields.Str()
    of = fields.Relationship(
        type_="owners",
        related_url="/of/{name}?size={size:03d}&title={title}",
        related_url_kwargs={"name": "<name>", "size": "<size>", "title": "a b"},
        self_url=None,
    )

    class Meta:
        type_ = "shelves"
        self_url = "/{id}"
        self_url_kwargs: ClassVar = {"id": "<id>"}


@pytest.mark.parametrize(
    ("id_", "escaped"),
    [
        ("a-b_c.d~1", "a-b_c.d~1"),
        ("/evil.example", "%2Fevil.example"),
        ("a b?#/é%20", "a%20b%3F%23%2F%C3%A9%2520"),
        ("\ud800", "%3F"),
    ],
)
def test_texts_of_rows_are_escaped_in_links(id_: str, escaped: str) -> None:
    dumped: Any = fresh(ShelfSchema).dump({"id": id_, "name": id_, "size": 7})["data"]
    assert dumped["links"] == {"self": f"/{escaped}"}
    links = dumped["relationships"]["of"]["links"]
    assert links == {"related": f"/of/{escaped}?size=007&title=a%20b"}
    assert type(ShelfSchema.opts.self_url) is str
