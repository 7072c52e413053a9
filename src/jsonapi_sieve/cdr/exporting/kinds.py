"""What kinds of orders there are: which rows each asks for, and what its file shows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from jsonapi_sieve import Field, Predicate, SortKey, types
from jsonapi_sieve.cdr.filters import CdrExportStoredFilters
from jsonapi_sieve.cdr.jobs import Job
from jsonapi_sieve.cdr.models import CdrExport
from jsonapi_sieve.cdr.statuses import CAPITALIZED, Statuses

__all__ = ["CDR_EXPORTS", "COLUMNS", "CUSTOMER", "NEWEST_FIRST", "FileColumn", "Kind", "Selection", "TimeFormat"]

TimeFormat: TypeAlias = Literal["with_timezone", "without_timezone", "round_to_seconds"]
"""How a file writes times: "2018-01-01 00:00:00.123+00", the same without "+00", or "2018-01-01 00:00:00"."""


class FileColumn(NamedTuple):
    """One column of a file: its title, and the attribute of `Cdr` that it shows. Without one it is always empty."""

    title: str
    name: str | None


@dataclass(frozen=True)
class Selection:
    """What the file of one order holds: the rows of `Cdr` that pass a predicate, in an order, by columns.

    Times are written in the zone that the IANA database calls `time_zone`, UTC without one.
    """

    predicate: Predicate
    order: tuple[SortKey, ...]
    columns: tuple[FileColumn, ...]
    time_format: TimeFormat = "with_timezone"
    time_zone: str | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of orders.

    `model` is the table of them, `select` reads of one order what its file shall hold (raising QueryErrors for stored
    filters that cannot be read), `statuses` are the words of its API, and `ending` is that of its files' names in the
    format CSV: they are packed where it ends in ".gz".
    """

    name: str
    model: type[Job]
    select: Callable[[Any], Selection]
    statuses: Statuses = CAPITALIZED
    ending: Literal[".csv.gz", ".csv"] = ".csv.gz"


CUSTOMER: Final = Field(types.Integer(64), name="customer_id")
"""Compares whose a call is; every selection has it, for nobody sees what is somebody else's."""

NEWEST_FIRST: Final = (SortKey("time_start", descending=True),)
"""The order of every file; calls that started together are told apart by the primary key, descending too."""

_ACCOUNT: Final = Field(types.Uuid(), name="account_id")
_FILTERS: Final = CdrExportStoredFilters()

COLUMNS: Final = tuple(
    FileColumn(name.replace("_", " ").title(), name)
    for name in (
        "time_start",
        "time_connect",
        "time_end",
        "success",
        "duration",
        "src_name_in",
        "src_prefix_in",
        "dst_prefix_in",
        "from_domain",
        "to_domain",
        "ruri_domain",
        "lega_disconnect_code",
        "lega_disconnect_reason",
        "auth_orig_ip",
        "auth_orig_port",
        "src_prefix_routing",
        "dst_prefix_routing",
        "destination_prefix",
        "destination_initial_interval",
        "destination_next_interval",
        "destination_initial_rate",
        "destination_next_rate",
        "destination_fee",
        "customer_price",
        "customer_duration",
        "orig_call_id",
        "local_tag",
        "lega_user_agent",
        "diversion_in",
    )
)
"""The columns of the customer API's files, as upstream names and orders them."""


def _select(job: CdrExport) -> Selection:
    chosen = _FILTERS.load(job.filters)
    return Selection(
        chosen & CUSTOMER.eq(job.customer_id) & _ACCOUNT.eq(job.account_id),
        NEWEST_FIRST,
        COLUMNS,
        _time_format(job.time_format),
        job.time_zone_name,
    )


def _time_format(name: str) -> TimeFormat:
    match name:
        case "without_timezone" | "round_to_seconds":
            return name
        case _:
            return "with_timezone"


CDR_EXPORTS: Final = Kind("cdr-exports", CdrExport, _select)
"""The exports of the customer API."""
