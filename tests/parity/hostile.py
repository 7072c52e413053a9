"""Three hundred rows of every value type, full of what engines are known to read differently.

Timestamps and dates lie within the years 1900 to 2299, and decimals have at most 37 digits: what all engines can hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from jsonapi_sieve import AllOf, AnyOf, FilterSet, types
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.testing.strategies.texts import ALPHABETS
from tests.engines.table import Table, opened

__all__ = ["HOSTILE", "STATUSES"]

_COUNT: Final = 300
_NULLS: Final = 30
_DIGITS: Final = 37

STATUSES: Final = ("Pending", "pending", "Failed", "Failed ", "\u00c9", "\u00e9", "\u00df", "ss", "a,b", "\\", "%")

_OF_TEXT: Final = [operator.name for operator in offered_by("text")]


class HostileFilters(FilterSet):
    """A field of every type, and two of several attributes; all operators are open."""

    id = opened(types.Integer(64), nullable=False)
    title = opened(types.Text())
    note = opened(types.Text(), nullable=False)
    title_or_note = AnyOf("title", "note", operators=_OF_TEXT)
    title_and_note = AllOf("title", "note", operators=_OF_TEXT)
    small = opened(types.Integer(16))
    medium = opened(types.Integer(32), nullable=False)
    big = opened(types.Integer(64))
    medium_or_same = AnyOf("medium", "same", operators=["eq", "not_in", "gt_any", "null"])
    same = opened(types.Integer(32))
    price = opened(types.Decimal(scale=12))
    cost = opened(types.Decimal(scale=2))
    ratio = opened(types.Float())
    success = opened(types.Boolean())
    created_at = opened(types.Timestamp(digits=6))
    updated_at = opened(types.Timestamp(digits=3))
    day = opened(types.Date())
    uuid = opened(types.Uuid())
    status = opened(types.Enum(*STATUSES))
    address = opened(types.Address())


# Each line holds what somebody takes to be the same: case, accents and the ways to write them, letters that
# change their length or their number with their case, what is padded, ignored or sorted first by a language.
_TEXTS: Final = [
    *[
        "",
        " ",
        "  ",
        "a",
        "A",
        "a ",
        " a",
        "a  ",
        "a\t",
        "a\n",
        "\na",
        "a\u00a0",
        "a\u200b",
        "a\u00ad",
        "-a",
        "a-b",
        "ab",
    ],
    *["Straße", "Strasse", "STRASSE", "STRA\u1e9eE", "straße", "\u00df", "ss", "SS", "\u1e9e", "\u017f", "s"],
    *["\u0130", "i", "I", "\u0131", "i\u0307", "\u0130stanbul", "istanbul", "ISTANBUL", "\u0131stanbul"],
    *["\u00e9", "\u00c9", "e\u0301", "E\u0301", "e", "E", "\u00e9lodie", "Elodie", "elodie", "\u0301", "\u0301e"],
    *["\u03a3", "\u03c3", "\u03c2", "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2", "\u212a", "k", "K"],
    *["\u00e4", "\u00c4", "ae", "z", "Z", "\u00f6", "\u00e5", "\u00c5", "\u212b", "\u043d\u043e", "\u041d\u041e"],
    *["\U0001f600", "\U0001f601", "a\U0001f600b", "\U0001f1e6\U0001f1f9", "\U0001f468\u200d\U0001f469\u200d\U0001f467"],
    *["\ufb00", "ff", "\uffee", "\uffff", "\ufffe", "\ufffd", "\ue000", "\ud7ff", "\U00010000", "\U0010ffff", "\ufeff"],
    *["%", "_", "\\", "\\%", "\\_", "\\\\", "a%b", "a_b", "aXb", "a\\b", "a\\\\b", "%%", "50%", "50 %", "100_000"],
    *[
        "'",
        '"',
        "''",
        '""',
        "`",
        "';--",
        "O'Brien",
        'say "hi"',
        "$1",
        ":p0",
        "?",
        "{0}",
        "%s",
        "%(p)s",
        "@a",
        "#",
        "--",
    ],
    *[
        "[a]",
        "(a)",
        "a.b",
        "a*b",
        "a+b",
        "^a",
        "a$",
        "a|b",
        "[^a]",
        "\\d",
        "\\Q",
        "\\E",
        "a&&b",
        "(?i)a",
        "a\nb",
        "a\r\nb",
    ],
    *["10", "010", "9", "1e1", "-1", "0x10", "null", "NULL", "None", "true", "2024-01-01", "a" * 200, "A" * 199 + "b"],
]

_BITS: Final = {16: 15, 32: 31, 64: 63}


def _texts(random: Random) -> list[str]:
    drawn = ["".join(random.choices(random.choice(ALPHABETS), k=random.randint(1, 5))) for _ in range(60)]
    return [*_TEXTS, *drawn]


def _integers(random: Random, bits: int) -> list[int]:
    limit = 1 << _BITS[bits]
    edges = [sign * (1 << power) + step for power in _BITS.values() for sign in (-1, 1) for step in (-1, 0, 1)]
    around_exact_floats = [sign * 2**53 + step for sign in (-1, 1) for step in (-1, 0, 1)]
    small = [0, 1, -1, 7, 9, 10, 11, 99, 100, -10]
    numbers = [*small, *edges, *around_exact_floats, *(random.randrange(-limit, limit) for _ in range(40))]
    return [number for number in numbers if -limit <= number < limit]


def _decimals(random: Random, scale: int) -> list[Decimal]:
    most = 10**_DIGITS - 1
    units = [0, 1, 2, 9, 10, 11, 10**scale, 10**scale - 1, 10**scale + 1, 5 * 10 ** (scale - 1), 2**53 + 1]
    units += [2**63 - 1, 2**63, 10**20, most - 1, most, *(random.randrange(10**6) for _ in range(20))]
    units += [random.randrange(10 ** random.randint(1, _DIGITS)) for _ in range(40)]
    return [Decimal(f"{sign * number}e-{scale}") for number in units for sign in (1, -1)]


_FLOATS: Final = [
    *[0.0, -0.0, 0.1, 0.2, 0.1 + 0.2, 0.3, 1.0, -1.0, 1.5, 2.5, 1e-7, 1e15, 1e16, 2.0**53, 2.0**53 + 2, 1 / 3],
    *[5e-324, 2.2250738585072014e-308, -1e-39, 1e22, 1e39, -1e40, 1.7976931348623157e308],
]


def _moments(random: Random) -> list[datetime]:
    first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, 23, 59, 59, 999_999, UTC)
    # Clocks in Berlin and New York show each time in some of these hours twice, or never.
    turns = [
        datetime(2023, 10, 29, tzinfo=UTC),
        datetime(2023, 11, 5, 5, tzinfo=UTC),
        datetime(2023, 3, 26, tzinfo=UTC),
    ]
    repeated = [turn + timedelta(minutes=minutes) for turn in turns for minutes in (0, 30, 60, 90, 120)]
    epoch, leap = datetime(1970, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC)
    steps = [timedelta(microseconds=step) for step in (-1_000, -999, -1, 0, 1, 999, 1_000, 1_001, 500_000, 999_999)]
    beside = [moment + step for moment in (epoch, leap) for step in steps]
    drawn = [
        first + timedelta(microseconds=random.randrange((last - first) // timedelta(microseconds=1))) for _ in range(40)
    ]
    return [first, first + steps[4], last - steps[6], last, *beside, *repeated, *drawn]


def _milliseconds(random: Random) -> list[datetime]:
    return [moment.replace(microsecond=moment.microsecond // 1_000 * 1_000) for moment in _moments(random)]


def _days(random: Random) -> list[date]:
    edges = [
        date(1900, 1, 1),
        date(1900, 2, 28),
        date(1969, 12, 31),
        date(1970, 1, 1),
        date(2024, 2, 29),
        date(2299, 12, 31),
    ]
    return [*edges, *(date(1900, 1, 1) + timedelta(days=random.randrange(146_000)) for _ in range(30))]


def _uuids(random: Random) -> list[str]:
    edges = [UUID(int=number) for number in (0, 1, 2**64, 2**64 - 1, 2**127, 10**38, 2**128 - 1)]
    # Of one node and one clock: their parts sort otherwise than their moments.
    moments = [
        UUID(fields=(low, middle, 0x11EE, 0x80, 1, 0x0242AC120002)) for low in (1, 2, 2**31) for middle in (0, 1, 256)
    ]
    drawn = [UUID(int=random.getrandbits(128), version=4) for _ in range(40)]
    return [str(value) for value in (*edges, *moments, *drawn)]


_ADDRESSES: Final = [
    *["0.0.0.0", "0.0.0.0/0", "9.255.255.255", "10.0.0.0/8", "10.0.0.1", "10.0.0.1/8", "10.0.0.2", "100.0.0.1"],  # noqa: S104
    *["192.168.1.0/24", "192.168.1.1/24", "255.255.255.255", "::", "::/0", "::1", "::ffff:10.0.0.1", "fe80::1"],
    *["2001:db8::", "2001:db8::/32", "2001:db8::1/128", "64:ff9b::a", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
]


def _column(random: Random, constants: Sequence[Any], *, nullable: bool) -> list[Any]:
    """Give each constant a row, and the rest NULL or any of them, in any order."""
    nulls = [None] * _NULLS if nullable else []
    rest = random.choices(constants, k=_COUNT - len(nulls) - len(constants))
    column = [*constants, *nulls, *rest]
    random.shuffle(column)
    return column


def _hostile() -> Table:
    random = Random("rows")  # noqa: S311
    constants: dict[str, Sequence[Any]] = {
        "title": _texts(random),
        "note": _texts(random),
        "small": _integers(random, 16),
        "medium": _integers(random, 32),
        "big": _integers(random, 64),
        "same": _integers(random, 32),
        "price": _decimals(random, 12),
        "cost": _decimals(random, 2),
        "ratio": _FLOATS,
        "success": [False, True],
        "created_at": _moments(random),
        "updated_at": _milliseconds(random),
        "day": _days(random),
        "uuid": _uuids(random),
        "status": STATUSES,
        "address": [types.Address().parse(text) for text in _ADDRESSES],
    }
    filters = HostileFilters()
    nullable = {field.name: field.nullable for field in filters.fields}
    columns = {name: _column(random, values, nullable=nullable[name]) for name, values in constants.items()}
    # Neither in the order of the rows nor without gaps.
    columns["id"] = random.sample(range(-1_000, 1_000), _COUNT)
    order = [field.name for field in filters.fields]
    rows = [dict(zip(order, row, strict=True)) for row in zip(*(columns[name] for name in order), strict=True)]
    return Table("hostile", filters, tuple(sorted(rows, key=lambda row: int(row["id"]))))


HOSTILE: Final = _hostile()
"""The rows, by id."""
