"""The generated data: the same every time, in agreement with itself, and spread as promised."""

import hashlib
import ipaddress
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from jsonapi_sieve.cdr.billing import Tariff, add_vat, billed_seconds, price
from jsonapi_sieve.cdr.dataset import Dataset, last_full_hour
from jsonapi_sieve.cdr.statuses import DID_STATUSES, STATUSES
from tests.cdr import seeds

UNTIL = datetime(2026, 3, 1, 7, tzinfo=UTC)
DAY = timedelta(hours=24)
DATA = Dataset(count=20_000, until=UNTIL)
CDRS: list[dict[str, Any]] = list(DATA.cdrs())
EXAMPLE, *CALLS = CDRS
EXPORTS: list[dict[str, Any]] = DATA.cdr_exports()
DOCUMENTED, GENERATED = EXPORTS[:3], EXPORTS[3:]
DID_EXPORTS: list[dict[str, Any]] = DATA.did_cdr_exports()


def digest(*tables: Iterable[dict[str, object]]) -> str:
    shown = "\n".join(repr(row) for rows in tables for row in rows)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def tables(data: Dataset) -> tuple[Iterable[dict[str, object]], ...]:
    return data.transport_protocols(), data.accounts(), data.cdr_exports(), data.did_cdr_exports(), data.cdrs()


def test_the_same_seed_count_and_end_give_the_same_rows_on_every_machine() -> None:
    assert digest(*tables(Dataset(count=2_000, seed=1, until=UNTIL))) == "060e09076f638ae7"


@pytest.mark.parametrize(("seed", "until"), [(2, UNTIL), (1, UNTIL + timedelta(hours=1))])
def test_another_seed_or_another_end_gives_other_rows(seed: int, until: datetime) -> None:
    other = Dataset(count=50, seed=seed, until=until)
    same = Dataset(count=50, seed=1, until=UNTIL)
    assert digest(*tables(other)) != digest(*tables(same))
    assert (other.accounts() == same.accounts()) is (seed == 1)


def test_the_time_zone_of_the_end_does_not_matter() -> None:
    elsewhere = UNTIL.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert digest(Dataset(count=50, until=elsewhere).cdrs()) == digest(Dataset(count=50, until=UNTIL).cdrs())


@pytest.mark.parametrize("count", [1, 7, 8, 9, 1_000])
def test_there_are_as_many_calls_as_asked_for_with_identifiers_of_their_own(count: int) -> None:
    ids = [row["id"] for row in Dataset(count=count, until=UNTIL).cdrs()]
    assert len(set(ids)) == len(ids) == count
    assert 8 in ids


def test_each_customer_has_about_three_thousand_calls_in_the_last_24_hours() -> None:
    end = datetime.fromisoformat("2026-01-31T23:30:00.125Z")
    calls: list[dict[str, Any]] = list(Dataset(until=end).cdrs())
    assert len(calls) == 100_000
    recent = Counter(row["customer_id"] for row in calls if end - DAY <= row["time_start"] < end)
    assert sorted(recent) == [1, 2]
    assert all(2_800 < number < 3_200 for number in recent.values())


def test_customers_have_two_accounts_each_and_all_are_called_from() -> None:
    owners = {account["id"]: account["customer_id"] for account in DATA.accounts()}
    assert sorted(map(str, owners.values())) == ["1", "1", "2", "2"]
    assert {(row["account_id"], row["customer_id"]) for row in CALLS} == set(owners.items())


def test_calls_start_within_32_days_in_order_and_mostly_by_day() -> None:
    starts = [row["time_start"] for row in CALLS]
    assert starts == sorted(starts)
    assert starts[0] >= UNTIL - 32 * DAY
    assert starts[-1] < UNTIL
    by_day = sum(8 <= start.hour < 18 for start in starts)
    by_night = sum(start.hour < 5 for start in starts)
    assert by_day > 10 * by_night > 0


def test_all_times_are_in_whole_milliseconds_of_utc() -> None:
    times = [row[name] for row in CDRS for name in ("time_start", "time_connect", "time_end") if row[name]]
    times += [row[name] for row in EXPORTS for name in ("created_at", "updated_at")]
    times += [row["created_at"] for row in DID_EXPORTS]
    assert all(time.microsecond % 1000 == 0 and time.tzinfo is UTC for time in times)


def test_an_answered_call_lasts_and_one_that_failed_does_not() -> None:
    for row in CALLS:
        start, connect, end = row["time_start"], row["time_connect"], row["time_end"]
        answered = row["success"]
        assert answered is (row["lega_disconnect_code"] == 200) is (row["duration"] > 0) is (connect is not None)
        assert start < end
        if answered:
            assert start < connect < end
            assert timedelta(seconds=row["duration"] - 1) < end - connect <= timedelta(seconds=row["duration"])


def test_calls_are_billed_by_their_destination_exactly() -> None:
    for row in CALLS:
        if not row["success"]:
            assert (row["customer_price"], row["customer_duration"]) == (0, None)
            continue
        tariff = Tariff(
            row["destination_initial_interval"],
            row["destination_initial_rate"],
            row["destination_next_interval"],
            row["destination_next_rate"],
            row["destination_fee"],
        )
        sign = -1 if row["destination_reverse_billing"] else 1
        assert row["customer_duration"] == billed_seconds(tariff, row["duration"])
        assert row["customer_price_no_vat"] == sign * price(tariff, row["customer_duration"])
        assert row["customer_price"] == add_vat(row["customer_price_no_vat"], row["customer_acc_vat"])


def test_amounts_have_no_more_decimals_than_their_columns() -> None:
    amounts = [value for row in (*CDRS, *DATA.accounts()) for value in row.values() if isinstance(value, Decimal)]
    assert all(amount == amount.quantize(Decimal("1e-12")) for amount in amounts)
    assert any(amount < 0 for amount in amounts)


def test_numbers_are_routed_to_the_destination_they_begin_with() -> None:
    for row in CALLS:
        callee = row["dst_prefix_routing"]
        assert callee.isdigit()
        assert 11 <= len(callee) <= 15
        assert row["dst_prefix_in"].endswith(callee)
        assert row["destination_prefix"] is None or callee.startswith(row["destination_prefix"])


def test_a_caller_who_withholds_the_number_is_known_by_the_trusted_header() -> None:
    anonymous = [row for row in CALLS if row["privacy_in"] == "id"]
    assert anonymous
    for row in anonymous:
        assert (row["src_name_in"], row["src_prefix_in"]) == ("Anonymous", "anonymous")
        assert row["src_prefix_routing"] in row["pai_in"]


def test_addresses_are_canonical() -> None:
    addresses = {row["auth_orig_ip"] for row in CDRS}
    assert addresses == {str(ipaddress.ip_address(address)) for address in addresses}
    assert {ipaddress.ip_address(address).version for address in addresses} == {4, 6}


@pytest.mark.parametrize(
    "column",
    [
        "time_connect", "customer_duration", "destination_prefix", "destination_fee", "src_name_in", "diversion_in",
        "lega_disconnect_reason", "lega_user_agent", "pai_in", "ppi_in", "privacy_in", "rpid_in", "rpid_privacy_in",
    ],
)  # fmt: skip
def test_a_column_that_may_be_null_at_times_is(column: str) -> None:
    unknown = sum(row[column] is None for row in CALLS)
    assert 0 < unknown < len(CALLS)


def test_the_documented_call_is_the_documented_one() -> None:
    (document,) = seeds.bodies("cdr")
    attributes: dict[str, Any] = document["data"]["attributes"]
    assert str(EXAMPLE["id"]) == document["data"]["id"]
    assert EXAMPLE["customer_id"] == 1
    assert len(attributes) == 31
    for member, shown in attributes.items():
        value = EXAMPLE[member.replace("-", "_")]
        match value:
            case datetime():
                assert value == datetime.fromisoformat(shown)
            case Decimal():
                assert str(value) == shown
            case _:
                assert (type(value), value) == (type(shown), shown)


def test_each_account_has_exports_in_every_status_with_and_without_a_count_of_rows() -> None:
    states = {(row["account_id"], row["status"], row["rows_count"] is None) for row in GENERATED}
    assert states == set(product((account["id"] for account in DATA.accounts()), STATUSES, (True, False)))


def test_exports_are_ordered_and_changed_before_the_end() -> None:
    assert len({row["id"] for row in EXPORTS}) == len(EXPORTS) == 243
    assert all(UNTIL - 32 * DAY < row["created_at"] <= row["updated_at"] <= UNTIL for row in GENERATED)
    assert all(row["rows_count"] is None or row["rows_count"] >= 0 for row in GENERATED)


def test_an_export_belongs_to_the_customer_of_its_account() -> None:
    owners = {account["id"]: account["customer_id"] for account in DATA.accounts()}
    assert all(owners[row["account_id"]] == row["customer_id"] for row in EXPORTS)


def test_the_documented_exports_are_the_documented_ones() -> None:
    (listing,) = seeds.bodies("cdr_exports_listing")
    _, created = seeds.bodies("cdr_exports_creation")
    for row, document in zip(DOCUMENTED, [*listing["data"], created["data"]], strict=True):
        attributes = document["attributes"]
        assert row["id"] == document["id"]
        assert list(row["filters"].items()) == list(attributes["filters"].items())
        assert (row["status"], row["rows_count"]) == (attributes["status"], attributes["rows-count"])
        assert row["created_at"] == datetime.fromisoformat(attributes["created-at"])
        assert row["updated_at"] == datetime.fromisoformat(attributes["updated-at"])
        assert row["customer_id"] == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_the_account_of_the_documented_request_is_the_first_customers(seed: int) -> None:
    request, _ = seeds.bodies("cdr_exports_creation")
    account = Dataset(count=1, seed=seed, until=UNTIL).accounts()[0]
    assert account["id"] == request["data"]["relationships"]["account"]["data"]["id"]
    assert account["customer_id"] == 1


def test_the_first_customer_has_the_documented_exports_of_version_3_and_no_others() -> None:
    (listing,) = seeds.bodies("did_cdr_exports_listing")
    rows = [row for row in DID_EXPORTS if row["customer_id"] == 1]
    for row, document in zip(rows, listing["data"], strict=True):
        attributes = document["attributes"]
        assert (row["id"], row["status"]) == (document["id"], attributes["status"])
        assert {"year": row["year"], "month": row["month"]} == attributes["filters"]
        assert row["created_at"] == datetime.fromisoformat(attributes["created_at"])
        file = row["file_id"]
        assert attributes["url"] == (file and f"https://api.didww.com/v3/cdr_exports/{file}.csv")


def test_the_second_customer_has_exports_of_version_3_in_every_status() -> None:
    rows = [row for row in DID_EXPORTS if row["customer_id"] == 2]
    assert {row["status"] for row in rows} == set(DID_STATUSES)
    assert all((row["file_id"] is not None) is (row["status"] == "Completed") for row in rows)
    assert all(UNTIL - 60 * DAY < row["created_at"] <= UNTIL for row in rows)
    for row in rows:
        months = (row["created_at"].year - int(row["year"])) * 12 + row["created_at"].month - int(row["month"])
        assert 0 <= months <= 2


def test_a_count_below_one_and_an_end_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="count must be at least 1"):
        Dataset(count=0, until=UNTIL)
    with pytest.raises(ValueError, match="needs a time zone"):
        Dataset(until=datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_last_full_hour_is_the_present_one_cut() -> None:
    before = datetime.now(UTC)
    hour = last_full_hour()
    assert before - timedelta(hours=1) < hour <= datetime.now(UTC)
    assert (hour.minute, hour.second, hour.microsecond, hour.tzinfo) == (0, 0, 0, UTC)
