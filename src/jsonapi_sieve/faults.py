"""The error objects of filters: the same sentences whether a filter came in a query string or in a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from jsonapi_sieve.declaration import Declaration, Parameter, Visible
from jsonapi_sieve.errors import ErrorObject, QueryErrors, Source
from jsonapi_sieve.names import nearest
from jsonapi_sieve.operand import BadOperand, shown
from jsonapi_sieve.types import Enum

__all__ = ["Faults"]

_wrapping = re.compile(r"^filters?[\[.]|\]$", re.ASCII)

# A request that is all mistakes gets no more than a few hints, for each costs time.
_MOST_COMPARISONS = 5


class Faults:
    """Gathers the faults of one request's filters and raises them together.

    `source` says what a fault's place is (a `parameter`, or a `pointer` into a document), `status` is that of every
    fault, and `named` spells a parameter as this request would. What is hidden from the client is never named.
    """

    def __init__(
        self,
        declaration: Declaration,
        visible: Visible | None,
        *,
        source: Source,
        status: int,
        named: Callable[[Parameter], str],
    ) -> None:
        self._errors: list[ErrorObject] = []
        self._declaration = declaration
        self._visible = visible
        self._source = source
        self._status = status
        self._named = named
        self._names: dict[str, str] | None = None
        self._unknown = 0

    def raise_any(self) -> None:
        """Raise QueryErrors when a fault was added."""
        if self._errors:
            raise QueryErrors(self._errors)

    def add(self, code: str, title: str, detail: str, at: str, meta: dict[str, object] | None = None) -> None:
        """Add a fault at a parameter or pointer, fit to be sent as UTF-8; a key over its budget is cut there."""
        longest = self._declaration.limits.key
        if self._source == "parameter" and len(at) > longest:
            at = at[:longest] + "…"
        place = at.encode("utf-8", "backslashreplace").decode()
        self._errors.append(ErrorObject(code, title, detail, place, self._source, self._status, meta or {}))

    def over(self, budget: str, detail: str, at: str) -> None:
        """Add the fault of an exceeded budget."""
        limit = self._declaration.limits.exceeded(budget, detail)
        self.add(limit.code, limit.title, detail, at, dict(limit.meta))

    def bad(self, error: BadOperand, parameter: Parameter, at: str) -> None:
        """Add the fault of a value that a parameter does not take."""
        if error.budget is None:
            self.add(error.code, error.title, str(error), at, {"allowed": _allowed(parameter)})
        else:
            self.over(error.budget, str(error), at)

    def unknown(self, name: str, at: str) -> None:
        """Add the fault of a filter that is not declared, or not for this client; the two look the same."""
        self._unknown += 1
        names = self._visible_names()
        near = self._nearest(_comparable(name), names) if self._unknown <= _MOST_COMPARISONS else None
        spelled = _spelling(name)
        near = near and spelled(near)
        hint = f"; did you mean {near}?" if near else "."
        meta: dict[str, object] = {"nearest": near} if near else {}
        if self._unknown == 1:
            meta["allowed"] = list(map(spelled, names.values()))
        self.add("unknown-filter", "Unknown filter", f"{shown(name)} is no filter of this resource{hint}", at, meta)

    def missing(self, given: Iterable[Parameter], at: Callable[[Parameter], str]) -> None:
        """Add a fault for each rule of the declaration that the given parameters do not keep."""
        for choice in self._declaration.missing(given, self._visible):
            names = [self._named(parameter) for parameter in choice]
            detail = f"{names[0]} is needed." if len(names) == 1 else f"One of {', '.join(names)} is needed."
            self.add("missing-filter", "Missing filter", detail, at(choice[0]), {"allowed": names})

    def _nearest(self, wanted: str, names: dict[str, str]) -> str | None:
        # A name without an operator is most likely meant to be equal.
        equal = f"{wanted}-eq"
        found = equal if equal in names else nearest(wanted, names)
        return None if found is None else names[found]

    def _visible_names(self) -> dict[str, str]:
        if self._names is None:
            parameters = self._declaration.parameters
            names = [self._named(parameter) for parameter in parameters if parameter.is_visible(self._visible)]
            self._names = {_comparable(name): name for name in names}
        return self._names


def _comparable(name: str) -> str:
    """Bring a name into the form in which near ones are alike, without what all query parameters share."""
    return _wrapping.sub("", name.lower().replace("_", "-"))


def _spelling(name: str) -> Callable[[str], str]:
    """Give what spells names as a client spells: with underscores for one that sends them and no dashes."""
    return (lambda each: each.replace("-", "_")) if "_" in name and "-" not in name else str


def _allowed(parameter: Parameter) -> object:
    type = parameter.operand.type
    return list(type.members) if isinstance(type, Enum) else type.expected
