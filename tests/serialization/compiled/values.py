"""Values of all kinds for fields of all kinds, and what it means that two results are equal."""

import enum
import ipaddress
import re
import uuid
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import missing

__all__ = ["GOOD", "VALUES", "Colour", "form", "outcome"]


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another"


class Whole(int):
    pass


class Moment(datetime):
    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        return "another"


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


class Odd(enum.Enum):
    RED = "red"

    @property
    def value(self) -> str:
        return "another"


MOMENT: Final = datetime(2019, 1, 31, 12, 30, 1, 123987, UTC)
OWNER: Final = SimpleNamespace(id=3, name="owner", a=SimpleNamespace(b="deep"))

# What fields of a kind are made for; what another kind holds stands there as well.
GOOD: Final[Mapping[str, list[Any]]] = {
    "text": ["", "text", "é", "a/b?c#d", "12", "2", "red"],
    "number": [0, 1, -7, 10**19 - 1, 1.5, Decimal("1.50"), Decimal("-2.5"), "12"],
    "truth": [True, False, 1, 0, "yes", "off"],
    "moment": [MOMENT, MOMENT.replace(microsecond=0), MOMENT.astimezone(ZoneInfo("Etc/UTC"))],
    "date": [date(2019, 1, 31)],
    "time": [time(12, 30, 1, 5), time(12, tzinfo=UTC)],
    "interval": [timedelta(days=2, seconds=3, microseconds=4), timedelta(milliseconds=-1)],
    "uuid": [uuid.UUID(int=7), str(uuid.UUID(int=7)), "4ADA4B3C-1F6E-4B1A-9C7E-3F1F6B7F1A2B"],
    "address": [ipaddress.ip_address("10.0.0.1"), "10.0.0.1", ipaddress.ip_address("2001:db8::1")],
    "interface": [ipaddress.ip_interface("10.0.0.1/8"), ipaddress.ip_interface("2001:db8::1/64")],
    "colour": [Colour.RED, Colour.BLUE],
    "list": [[1, "2"], ["a"], (1,), []],
    "dict": [{"a": 1}, {"id": 1, "name": "x"}, {}],
    "owner": [OWNER, {"id": 1, "name": "x"}, {"id": None}],
    "owners": [[OWNER, {"id": 1, "name": "x"}], [], [3, "4"]],
}

VALUES: Final[list[Any]] = [
    *(value for values in GOOD.values() for value in values),
    *(None, 10**19, 10**30, Whole(3), -0.0, float("nan"), float("inf"), "\0", "\ud800", Text("x"), b"bytes", b"\xff"),
    *map(Decimal, ("0", "-0.00", "0E-12", "0E-50", "0E+50", "1E+3", "1E-7", "1E+39", "1E+40", "12.3456", "100.0")),
    *map(Decimal, ("NaN", "-NaN12", "sNaN", "Infinity", "-Infinity", "1E+999", "0." + "1" * 41, "1" * 40, "9" * 41)),
    *(MOMENT.replace(tzinfo=None), MOMENT.astimezone(timezone(timedelta(hours=2))), Moment(2019, 1, 31, tzinfo=UTC)),
    *(datetime.max.replace(tzinfo=UTC), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
    *("x" * 50, "10.0.0.01", "10.0.0.256", "10.0.0.1\n", "10.1.2.3/8", "::1", ipaddress.ip_address("::ffff:10.0.0.1")),
    *(Odd.RED, [None], [("a", 1)], {1, 2}, object(), Colour, missing),
]


def form(result: object) -> object:
    """Give what tells results apart: classes, the order of members, and numbers that are unequal to themselves."""
    match result:
        case dict():
            return type(result), [(form(key), form(value)) for key, value in result.items()]
        case list() | tuple():
            return type(result), [form(each) for each in result]
        case _:
            return type(result), _unplaced(repr(result))


def _unplaced(text: str) -> str:
    """Leave addresses out: a method is another object each time that it is asked for."""
    return re.sub(" at 0x[0-9a-f]+", "", text)


def outcome(work: Callable[..., object], *arguments: Any, **options: Any) -> object:
    """Give the form of a result, or of the error, whatever marshmallow 3.26 says of marshmallow-jsonapi."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return form(work(*arguments, **options))
        except Exception as error:  # noqa: BLE001  (whatever it is)
            return type(error), _unplaced(str(error)), list(map(_unplaced, getattr(error, "__notes__", ())))
