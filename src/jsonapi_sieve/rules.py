"""Rules of a declaration that concern several parameters: what has to be given, and what is assumed when it is not.

Rules name parameters in the stored spelling (`time_start_gteq`, or `id` for a bare one). They go into the class
attribute `rules` of a FilterSet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

__all__ = ["Default", "Dependent", "Required", "RequiredAny", "Rule"]


class Required:
    """Parameters that every request has to give.

    >>> Required("time_start_gteq", "time_start_lt").missing(frozenset({"time_start_lt"}))
    [('time_start_gteq',)]
    """

    def __init__(self, *parameters: str) -> None:
        self.parameters: tuple[str, ...] = parameters

    def missing(self, given: frozenset[str]) -> list[tuple[str, ...]]:
        """Give what is missing, each entry a choice of parameters of which one is needed."""
        return [(parameter,) for parameter in self.parameters if parameter not in given]


class RequiredAny:
    """A group of parameters of which a request has to give at least one.

    >>> RequiredAny("id", "time_start_gteq").missing(frozenset())
    [('id', 'time_start_gteq')]
    """

    def __init__(self, *parameters: str) -> None:
        self.parameters: tuple[str, ...] = parameters

    def missing(self, given: frozenset[str]) -> list[tuple[str, ...]]:
        """Give the group when none of it is given."""
        return [] if given.intersection(self.parameters) else [self.parameters]


class Dependent:
    """A parameter that may only be given together with others.

    >>> Dependent("time_start_lt", on=("time_start_gteq",)).missing(frozenset({"time_start_lt"}))
    [('time_start_gteq',)]
    """

    def __init__(self, parameter: str, *, on: tuple[str, ...]) -> None:
        self.parameters: tuple[str, ...] = (parameter, *on)

    def missing(self, given: frozenset[str]) -> list[tuple[str, ...]]:
        """Give what the parameter depends on and is not given; nothing without the parameter itself."""
        parameter, *others = self.parameters
        return [(other,) for other in others if other not in given] if parameter in given else []


class Default:
    """A comparison that is assumed unless its parameter, or one of `unless`, is given.

    `value` is a constant of the field's type, or a function of the moment of the request (an aware `datetime`).

    >>> from datetime import datetime, timedelta, timezone
    >>> last_day = Default("time_start_gteq", lambda now: now - timedelta(hours=24), unless=("time_start_eq", "id"))
    >>> last_day.applies(frozenset({"time_start_lt"})), last_day.applies(frozenset({"id"}))
    (True, False)
    >>> last_day.value_at(datetime(2026, 1, 2, tzinfo=timezone.utc))
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """

    def __init__(self, parameter: str, value: Any | Callable[[datetime], Any], *, unless: tuple[str, ...] = ()) -> None:
        self.parameter = parameter
        self.parameters: tuple[str, ...] = (parameter, *unless)
        self.value = value

    def applies(self, given: frozenset[str]) -> bool:
        """Whether nothing that was given lifts this default."""
        return not given.intersection(self.parameters)

    def value_at(self, now: datetime) -> Any:
        """Give the value, which may depend on the clock."""
        return self.value(now) if callable(self.value) else self.value


Requirement: TypeAlias = Required | RequiredAny | Dependent
Rule: TypeAlias = Requirement | Default
