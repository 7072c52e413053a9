import warnings
from typing import Any

from marshmallow_jsonapi.fields import Relationship

from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.samples import AccountSchema, ExportSchema, export, stock_dump


def test_instances_differ_from_those_of_the_schema_in_nothing_but_their_silence() -> None:
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
