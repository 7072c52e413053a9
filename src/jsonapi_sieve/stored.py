"""Predicates as JSON: the stored form of filters, as an export keeps them in an attribute of its own."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from jsonapi_sieve.declaration import Declaration, Parameter, Visible
from jsonapi_sieve.decoding import Undecodable, check_text
from jsonapi_sieve.faults import Faults
from jsonapi_sieve.names import pointer_token
from jsonapi_sieve.operand import BadOperand, shown
from jsonapi_sieve.predicate import And

__all__ = ["load"]


def load(
    declaration: Declaration,
    document: object,
    *,
    pointer: str,
    status: int,
    now: datetime | None,
    visible: Visible | None,
) -> And:
    """Read the stored form; see `FilterSet.load`."""
    loading = _Loading(declaration, pointer, status, visible)
    return declaration.tree(loading.read(document), now)


class _Loading:
    """Reads a stored form to its end, whatever is wrong with it, and raises all its faults together."""

    def __init__(self, declaration: Declaration, pointer: str, status: int, visible: Visible | None) -> None:
        self._declaration = declaration
        self._limits = declaration.limits
        self._pointer = pointer
        self._visible = visible
        self._values: dict[Parameter, object] = {}
        self._seen: dict[Parameter, str] = {}
        self._faults = Faults(declaration, visible, source="pointer", status=status, named=_name_of)

    def read(self, document: object) -> dict[Parameter, object]:
        most = self._limits.filters
        if not isinstance(document, dict):
            detail = f"{shown(document)} is no object that holds filters."
            self._faults.add("invalid-filters", "Invalid filters", detail, self._pointer)
        elif len(document) > most:
            self._faults.over("filters", f"{len(document)} filters were sent; at most {most} are read.", self._pointer)
        else:
            for name, value in document.items():
                # A name is text in JSON; other formats know names of other types.
                self._read_member(name if isinstance(name, str) else shown(name), value)
            self._faults.missing(self._seen, lambda _: self._pointer)
        self._faults.raise_any()
        return self._values

    def _read_member(self, name: str, value: object) -> None:
        size, longest = _size(name), self._limits.key
        if size > longest:
            detail = f"A name is {size} bytes long; at most {longest} are read."
            self._faults.over("key", detail, self._pointer)
            return
        at = self._place(name)
        parameter = self._declaration.by_name.get(name)
        if parameter is None or not parameter.is_visible(self._visible):
            self._faults.unknown(name, at)
        elif parameter in self._seen:
            detail = f"{shown(name)} and {shown(self._seen[parameter])} are the same filter."
            self._faults.add("repeated-parameter", "Repeated parameter", detail, at)
        else:
            self._seen[parameter] = name
            self._read_value(parameter, value, at)

    def _read_value(self, parameter: Parameter, value: object, at: str) -> None:
        texts = islice(value, self._limits.list_items) if isinstance(value, list) else [value]
        longest = max(map(_size, texts), default=0)
        if longest > self._limits.value:
            detail = f"A text is {longest} bytes long; at most {self._limits.value} are read."
            self._faults.over("value", detail, at)
            return
        try:
            self._values[parameter] = parameter.operand.load(value, self._limits.list_items)
        except BadOperand as error:
            self._faults.bad(error, parameter, at if error.index is None else f"{at}/{error.index}")

    def _place(self, name: str) -> str:
        """Point at a member (RFC 6901), or at the object that holds it when no text can say where it is."""
        try:
            check_text(name)
        except Undecodable:
            return self._pointer
        return f"{self._pointer}/{pointer_token(name)}"


def _size(value: object) -> int:
    return len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0


def _name_of(parameter: Parameter) -> str:
    return parameter.name
