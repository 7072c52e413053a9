"""The table of parameters: every spelling of every parameter, and no other."""

from __future__ import annotations

import pytest

from jsonapi_sieve import AnyOf, DeclarationError, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.declaration import AnyField, Declaration, Parameter
from jsonapi_sieve.operators import OPERATORS


class Exports(FilterSet):
    id = Field(types.Uuid(), operators=(), bare="in")
    rows_count = Field(types.Integer(32), operators=("not_in", "gteq", "eq"), bare="eq")
    created_at = Field(types.Timestamp(digits=3), operators=("lt", "null"))
    updated_at = Field(types.Timestamp(digits=3), operators=("lt",))
    changed = AnyOf("updated_at", "created_at", operators=("gteq",))


class CamelExports(Exports, camel=True):
    pass


DECLARATION = Exports()._declaration


def declared(*fields: AnyField, camel: bool = False, limits: Limits | None = None) -> Declaration:
    return Declaration(fields, (), camel=camel, groups=False, limits=limits or Limits())


def integer(name: str, *operators: str, bare: str | None = None) -> Field[int]:
    return Field(types.Integer(), name=name, operators=operators, bare=bare)


def is_read(filters: FilterSet, key: str) -> bool:
    try:
        filters.parse([(key, "1")])
    except QueryErrors as errors:
        (error,) = errors.errors
        return (error.code, error.at) != ("unknown-filter", key)
    return True


def test_parameters_stand_by_field_then_by_the_operator_table() -> None:
    assert [(parameter.name, parameter.full_name, parameter.key) for parameter in DECLARATION.parameters] == [
        ("id", "id_in", "filter[id]"),
        ("rows_count", "rows_count_eq", "filter[rows-count]"),
        ("rows_count_gteq", "rows_count_gteq", "filter[rows-count-gteq]"),
        ("rows_count_not_in", "rows_count_not_in", "filter[rows-count-not-in]"),
        ("created_at_lt", "created_at_lt", "filter[created-at-lt]"),
        ("created_at_null", "created_at_null", "filter[created-at-null]"),
        ("updated_at_lt", "updated_at_lt", "filter[updated-at-lt]"),
        ("changed_gteq", "changed_gteq", "filter[changed-gteq]"),
    ]
    assert [parameter.position for parameter in DECLARATION.parameters] == list(range(8))


def test_a_parameter_shows_its_key() -> None:
    assert repr(Parameter(Exports.rows_count, OPERATORS["gteq"], 0)) == "<Parameter filter[rows-count-gteq]>"


def test_a_test_leads_to_its_parameter() -> None:
    parameter = DECLARATION.by_test[(), Exports.rows_count, OPERATORS["eq"]]
    assert parameter is DECLARATION.by_name["rows_count"]
    assert ((), Exports.rows_count, OPERATORS["gt"]) not in DECLARATION.by_test


def test_stored_names_are_underscored() -> None:
    assert list(DECLARATION.by_name) == [
        *("id", "rows_count", "rows_count_eq", "rows_count_gteq", "rows_count_not_in"),
        *("created_at_lt", "created_at_null", "updated_at_lt", "changed_gteq"),
    ]


def test_raw_keys_are_all_keys_with_plain_and_encoded_brackets() -> None:
    assert {raw for raw, (parameter, _) in DECLARATION.quick_raw.items() if parameter.name == "rows_count_gteq"} == {
        *("filter[rows-count-gteq]", "filter%5Brows-count-gteq%5D", "filter%5brows-count-gteq%5d"),
        *("filter[rows_count_gteq]", "filter%5Brows_count_gteq%5D", "filter%5brows_count_gteq%5d"),
    }


@pytest.mark.parametrize(
    "key",
    [
        "filter[rows-count-gteq]",
        "filter[rows_count_gteq]",
        "filter[rows_count-gteq]",
        "filter[rows-count_gteq]",
        "filter[rows_count]",
        "filter[rows-count]",
        "filter[rows-count-eq]",
        "filter[rows-count_eq]",
        "filter[rows_count_not-in]",
    ],
)
def test_dashes_and_underscores_are_equal(key: str) -> None:
    assert is_read(Exports(), key)
    assert is_read(CamelExports(), key)


@pytest.mark.parametrize("key", ["filter[rowsCountGteq]", "filter[rowsCount]", "filter[rowsCountNotIn]"])
def test_camel_case_is_read_only_where_it_is_turned_on(key: str) -> None:
    assert not is_read(Exports(), key)
    assert is_read(CamelExports(), key)


@pytest.mark.parametrize(
    "key",
    [
        "filter[RowsCountGteq]",
        "filter[rowscountgteq]",
        "filter[rowsCount-gteq]",
        "filter[rowsCount_gteq]",
        "filter[rows-countGteq]",
        "filter[rows_Count_Gteq]",
        "filter[ROWS-COUNT-GTEQ]",
        "filter[rows--count-gteq]",
        "filter[rows__count_gteq]",
        "filter[rows count gteq]",
        "filter[rows.count.gteq]",
        "filter[-rows-count-gteq]",
        "filter[rows-count-gteq-]",
        "filter[rows-count_]",
        "filter[rows\u2010count\u2010gteq]",
        "filter[rows-count-gt]",
        "filter[id-in]",
        "filter[id-eq]",
        "filter[changed]",
        "filter[updated-at-or-created-at-gteq]",
    ],
)
def test_no_other_spelling_is_read(key: str) -> None:
    assert not is_read(Exports(), key)
    assert not is_read(CamelExports(), key)


def test_camel_case_is_inherited_and_can_be_turned_off() -> None:
    class Inherited(CamelExports):
        pass

    class Off(CamelExports, camel=False):
        pass

    assert is_read(Inherited(), "filter[rowsCount]")
    assert not is_read(Off(), "filter[rowsCount]")


def test_a_bare_parameter_and_its_operator_are_one() -> None:
    class Filters(FilterSet):
        id = integer("id", "in", "eq", bare="in")

    filters = Filters()
    assert [parameter.key for parameter in filters.parameters] == ["filter[id-eq]", "filter[id]"]
    assert filters.parse("filter[id]=1") == filters.parse("filter[id-in]=1") == filters.load({"id_in": [1]})
    assert filters.render(filters.parse("filter[id-in]=1")) == "filter%5Bid%5D=1"
    assert filters.dump(filters.parse("filter[id-in]=1")) == {"id": [1]}
    with pytest.raises(QueryErrors, match=r"filter\[id-in\]: filter\[id\] is given twice"):
        filters.parse("filter[id]=1&filter[id-in]=1")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            (integer("a_not", "eq"), integer("a", "not_eq")),
            "a_not_eq would mean both a_not eq and a not_eq; rename one of the two",
        ),
        ((integer("a", "in"), integer("a_in", bare="eq")), "a_in would mean both a in and a_in eq"),
        ((integer("a", bare="eq"), integer("a", bare="in")), "a would mean both a eq and a in"),
    ],
)
def test_two_parameters_of_one_name_are_refused(fields: tuple[AnyField, ...], sentence: str) -> None:
    with pytest.raises(DeclarationError, match=sentence):
        declared(*fields)


def test_two_parameters_of_one_camel_spelling_are_refused_where_it_is_read() -> None:
    fields = (integer("line_1", "eq"), integer("line1", "eq"))
    assert len(declared(*fields).parameters) == 2
    with pytest.raises(DeclarationError, match=r"filter\[line1Eq\] would mean both line_1 eq and line1 eq"):
        declared(*fields, camel=True)


def test_a_field_may_end_like_an_operator() -> None:
    assert list(declared(integer("a_in", "eq"), integer("a", "in")).by_name) == ["a_in_eq", "a_in"]


def test_a_key_that_could_never_be_read_is_refused() -> None:
    assert len("filter[abc-eq]") == 14
    assert len(declared(integer("abc", "eq"), limits=Limits(key=14)).parameters) == 1
    with pytest.raises(DeclarationError, match=r"filter\[abc-eq\] is longer than the 13 bytes that are read of a key"):
        declared(integer("abc", "eq"), limits=Limits(key=13))


def test_a_parameter_of_several_attributes_is_visible_only_if_all_are() -> None:
    parameter = DECLARATION.by_name["changed_gteq"]
    assert parameter.is_visible(None)
    assert parameter.is_visible(lambda name: name != "id")
    for hidden in ("created_at", "updated_at", "changed"):
        assert not parameter.is_visible(lambda name, hidden=hidden: name != hidden)  # type: ignore[misc]
