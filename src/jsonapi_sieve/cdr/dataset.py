"""The domain's data as plain rows: the same on every machine for a seed, a count and an end time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count as counter
from random import Random
from typing import Final

from jsonapi_sieve.cdr.calls import call
from jsonapi_sieve.cdr.catalog import PROTOCOLS
from jsonapi_sieve.cdr.draws import Weighted
from jsonapi_sieve.cdr.example import EXAMPLE_ID, example_cdr
from jsonapi_sieve.cdr.example_exports import example_did_exports, example_exports
from jsonapi_sieve.cdr.generated_did_exports import did_export_rows
from jsonapi_sieve.cdr.generated_exports import export_rows
from jsonapi_sieve.cdr.parties import CUSTOMERS, Party, Row, parties
from jsonapi_sieve.cdr.traffic import start_times

__all__ = ["Dataset", "last_full_hour"]

# How many calls of a hundred are billed to each of the parties.
_SHARES: Final = (32, 18, 35, 15)


def last_full_hour(now: datetime | None = None) -> datetime:
    """Give the full hour before a moment, which is the present one by default, in UTC.

    >>> last_full_hour(datetime(2026, 1, 2, 12, 45, 13, 788_000, tzinfo=UTC))
    datetime.datetime(2026, 1, 2, 12, 0, tzinfo=datetime.timezone.utc)
    """
    moment = datetime.now(UTC) if now is None else now.astimezone(UTC)
    return moment.replace(minute=0, second=0, microsecond=0)


class Dataset:
    """The rows of all tables, as dictionaries by column.

    `count` is the number of CDRs; all but one start before `until` and within 32 days of it, about six of a hundred in
    the last 24 hours, half of them for each of the two customers. What the API's documentation shows keeps its
    identifiers and dates, and belongs to the first customer: the one CDR, 8, an account, and exports. Each part of the
    data has a random generator of its own, so the accounts depend on the seed only.

    >>> until = datetime(2026, 2, 1, tzinfo=UTC)
    >>> data = Dataset(count=10, seed=1, until=until)
    >>> [row["id"] for row in data.cdrs()]
    [8, 1, 2, 3, 4, 5, 6, 7, 9, 10]
    >>> list(data.cdrs()) == list(Dataset(count=10, seed=1, until=until).cdrs())
    True

    Raises:
        ValueError: for a count below 1, or an `until` without a time zone.
    """

    def __init__(self, *, count: int = 100_000, seed: int = 1, until: datetime) -> None:
        if count < 1:
            raise ValueError(f"count must be at least 1, for the documented CDR, not {count}")
        if until.tzinfo is None:
            raise ValueError(f"until needs a time zone: {until.isoformat()} names no moment")
        self.count = count
        self.seed = seed
        self.until: datetime = until.astimezone(UTC)
        self.parties: tuple[Party, ...] = parties(self._random("accounts"))

    def transport_protocols(self) -> list[Row]:
        """Give the rows of `transport_protocols`."""
        return [{"id": number, "name": name} for number, name in PROTOCOLS]

    def accounts(self) -> list[Row]:
        """Give the rows of `accounts`."""
        return [party.account for party in self.parties]

    def cdr_exports(self) -> list[Row]:
        """Give the rows of `cdr_exports`: the documented ones, then the others."""
        return [*example_exports(self.parties[0]), *export_rows(self._random("exports"), self.parties, self.until)]

    def did_cdr_exports(self) -> list[Row]:
        """Give the rows of `did_cdr_exports`: the documented ones for the first customer, others for the second."""
        first, second = CUSTOMERS
        return [*example_did_exports(first), *did_export_rows(self._random("DID exports"), second, self.until)]

    def cdrs(self) -> Iterator[Row]:
        """Yield the rows of `cdrs`: the documented one, then the others as they started."""
        yield example_cdr(self.parties[0])
        random = self._random("calls")
        party_of: Weighted[Party] = Weighted(list(zip(_SHARES, self.parties, strict=True)))
        ids = (number for number in counter(1) if number != EXAMPLE_ID)
        for time_start in start_times(self._random("traffic"), self.count - 1, self.until):
            yield call(random, next(ids), time_start, party_of.draw(random))

    def _random(self, part: str) -> Random:
        return Random(f"{self.seed}/{part}")  # noqa: S311  # nothing here is a secret
