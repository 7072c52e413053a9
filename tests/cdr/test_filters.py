"""The filter sets of the domain, against the documents of its APIs."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from jsonapi_sieve import FilterSet, QueryErrors
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.exporting import TimeFormat
from jsonapi_sieve.cdr.filters import (
    AccountFilters,
    CdrExportFilters,
    CdrExportStoredFilters,
    CdrFilters,
    TimedCdrExportStoredFilters,
    ZonedCdrExportFilters,
)
from jsonapi_sieve.cdr.statuses import STATUSES
from jsonapi_sieve.cdr.times import TIME_FORMATS
from tests.cdr import seeds

CDRS = CdrFilters()
STORED = CdrExportStoredFilters()
NOW = datetime(2026, 1, 2, tzinfo=UTC)

EQUALITY = ["eq", "not_eq"]
CHOICE = [*EQUALITY, "in", "not_in"]
NUMBER = [*EQUALITY, "gt", "gteq", "lt", "lteq", "in", "not_in"]
STRING = ["eq", "not_eq", "in", "not_in", "cont", "cont_any", "start", "end"]

# Attributes of the listing of CDRs by their kind, as the API declares them.
CDR_KINDS = {
    "time_start time_connect time_end": NUMBER,
    "duration customer_duration destination_initial_interval destination_next_interval": NUMBER,
    "destination_initial_rate destination_next_rate destination_fee": NUMBER,
    "customer_acc_vat customer_price customer_price_no_vat": NUMBER,
    "lega_disconnect_code auth_orig_transport_protocol_id auth_orig_port": NUMBER,
    "success destination_reverse_billing": EQUALITY,
    "destination_prefix dst_prefix_in src_prefix_in src_name_in src_prefix_routing dst_prefix_routing": STRING,
    "diversion_in orig_call_id local_tag lega_disconnect_reason lega_user_agent": STRING,
    "pai_in ppi_in privacy_in rpid_in rpid_privacy_in ruri_domain to_domain from_domain": STRING,
    "auth_orig_ip account_id": CHOICE,
}


def parameters(filters: FilterSet) -> list[str]:
    return [parameter.key for parameter in filters.parameters if not parameter.path]


def test_exports_are_filtered_by_exactly_the_documented_parameters() -> None:
    documented = re.findall(r"^(filter\[[a-z-]+\]) .* filter$", seeds.text("cdr_exports_listing"), re.MULTILINE)
    assert len(documented) == 33
    assert parameters(CdrExportFilters()) == documented


def test_cdrs_are_filtered_by_every_parameter_that_the_api_declares_and_no_other() -> None:
    attributes = [(name, kind) for names, kind in CDR_KINDS.items() for name in names.split()]
    declared = {f"{name}_{operator}" for name, kind in attributes for operator in kind}
    declared |= {"id"} | {f"id_{operator}" for operator in NUMBER if operator != "in"}
    assert {parameter.name for parameter in CDRS.parameters if not parameter.path} == declared


def test_rows_are_filtered_by_what_they_are_related_to() -> None:
    related = {"name": STRING, "balance": NUMBER, "external_id": NUMBER}
    for filters in (CDRS, CdrExportFilters()):
        assert {parameter.name for parameter in filters.parameters if parameter.path} == {
            f"account.{name}_{operator}" for name, kind in related.items() for operator in kind
        }
    called = {"time_start": NUMBER, "duration": NUMBER, "success": EQUALITY}
    assert {parameter.name for parameter in AccountFilters().parameters if parameter.path} == {
        f"{hop}.{name}_{operator}"
        for hop in ("cdrs", "cdrs_none", "cdrs_all")
        for name, kind in called.items()
        for operator in kind
    }


def test_filters_of_cdrs_are_joined_by_groups() -> None:
    predicate = CDRS.parse("filter[id]=8&filter[or][1][success-eq]=false&filter[or][2][account.name-cont]=north")
    assert repr(predicate) == (
        "And(id in (8,), Or(And(success = False), And(Related(account, And(name contains 'north')))))"
    )
    assert CDRS.parse(CDRS.render(predicate)) == predicate


def test_accounts_are_filtered_by_name_numbers_and_identifier() -> None:
    names = {parameter.name for parameter in AccountFilters().parameters}
    assert {"id", "id_not_in", "name_cont_any", "balance_lteq", "external_id_in", "total_capacity_gt"} <= names
    assert "currency_eq" not in names


@pytest.mark.parametrize(
    "query",
    [
        "filter[time-start-eq]=2019-01-01",
        "filter[time-start-gt]=2019-01-01",
        "filter[time_start_gteq]=2019-01-01",
        "filter[time-start-in]=2019-01-01,2019-01-02",
        "filter[id]=8",
    ],
)
def test_a_request_that_says_which_calls_it_wants_lifts_the_last_24_hours(query: str) -> None:
    (node,) = CDRS.parse(query, now=NOW).members
    assert not getattr(node, "default", None)


@pytest.mark.parametrize("query", ["", "filter[time-start-lt]=2019-01-01", "filter[id-eq]=8"])
def test_any_other_request_is_for_the_last_24_hours(query: str) -> None:
    predicate = CDRS.parse(query, now=NOW)
    (default,) = (node for node in predicate.members if getattr(node, "default", None))
    assert repr(default) == f"default(time_start >= {NOW - timedelta(hours=24)!r})"
    assert CDRS.parse(CDRS.render(predicate), now=NOW) == predicate
    assert "time-start-gteq" not in CDRS.render(predicate)


def test_the_documented_filters_of_a_new_export_are_normalised() -> None:
    request, response = seeds.bodies("cdr_exports_creation")
    shown = STORED.dump(STORED.load(request["data"]["attributes"]["filters"]))
    assert shown == response["data"]["attributes"]["filters"]
    assert list(shown) == list(response["data"]["attributes"]["filters"])


def test_an_export_selects_by_the_documented_keys_in_their_order() -> None:
    _, response = seeds.bodies("cdr_exports_creation")
    assert [parameter.name for parameter in STORED.parameters] == list(response["data"]["attributes"]["filters"])


def test_the_documented_filters_of_older_exports_are_in_their_normal_form() -> None:
    """The listing shows exports that say only from when on."""
    (listing,) = seeds.bodies("cdr_exports_listing")
    for export in listing["data"]:
        shown = export["attributes"]["filters"]
        assert STORED.dump(STORED.load(shown)) == shown


def test_what_an_export_may_not_select_by_is_named_where_it_stands() -> None:
    with pytest.raises(QueryErrors) as caught:
        STORED.load({"success_eq": True, "customer_id_eq": 1}, pointer="/data/attributes/filters", status=422)
    assert caught.value.status == 422
    (error,) = caught.value.errors
    assert (error.code, error.at) == ("unknown-filter", "/data/attributes/filters/customer_id_eq")


def test_an_export_of_a_time_has_to_say_from_when_to_when_and_takes_the_same_keys() -> None:
    timed = TimedCdrExportStoredFilters()
    assert [parameter.name for parameter in timed.parameters] == [parameter.name for parameter in STORED.parameters]
    with pytest.raises(QueryErrors) as caught:
        timed.load({"success_eq": True}, pointer="/data/attributes/filters", status=422)
    assert [(error.code, error.at) for error in caught.value.errors] == [
        ("missing-filter", "/data/attributes/filters")
    ] * 2


def test_generated_exports_hold_filters_in_their_normal_form() -> None:
    for row in Dataset(count=1, until=NOW).cdr_exports():
        shown = STORED.dump(STORED.load(row["filters"]))
        assert shown == row["filters"]
        assert list(shown) == list(row["filters"])


def test_every_status_of_an_export_can_be_filtered() -> None:
    (node,) = CdrExportFilters().parse({"filter[status-in]": ",".join(STATUSES)}).members
    assert getattr(node, "value", None) == STATUSES


def test_the_newer_parameters_stand_behind_the_documented_ones() -> None:
    documented = [parameter.key for parameter in CdrExportFilters().parameters]
    newer = [parameter.key for parameter in ZonedCdrExportFilters().parameters if parameter.key not in documented]
    zone = [f"filter[time-zone-name-{operator}]" for operator in STRING]
    assert (newer[0], sorted(newer[1:])) == ("filter[time-format]", sorted(key.replace("_", "-") for key in zone))


def test_orders_know_the_formats_that_files_have() -> None:
    assert get_args(TimeFormat) == TIME_FORMATS
