"""Sorting: what a declaration allows, and the order that a client asked for.

NULL sorts as the largest value, text by code point, and a backend appends the primary key in the direction of the last
key, so that every order is total (PostgreSQL's own rules for NULL; JSON:API 1.1, "Sorting", for the parameter).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.name_lists import MOST_EXPLAINED, name_error
from jsonapi_sieve.names import Style, check_name, nearest, spell
from jsonapi_sieve.operand import shown

__all__ = ["Order", "Position", "Sort", "SortKey", "backwards", "is_visible_key", "total_order"]


class SortKey(NamedTuple):
    """One key of an order: an attribute's name, and whether it descends.

    The name may lead through to-one relationships, as `account.name` does; where no row is related, it is NULL.

    >>> SortKey("created_at", descending=True)
    SortKey(name='created_at', descending=True)
    """

    name: str
    descending: bool = False


Order: TypeAlias = tuple[SortKey, ...]
"""Keys from the most to the least significant; the empty order is the primary key's."""

Position: TypeAlias = tuple[object, ...]
"""A place in a total order: the value of each key. The empty one is the end from which nothing follows.

Text stands for the members of an enumeration, and None for NULL.
"""


def total_order(order: Order, primary_key: Iterable[str]) -> Order:
    """Append the primary key in the direction of the last key, so that no two rows are equal.

    >>> total_order((SortKey("status", descending=True),), ["id"])
    (SortKey(name='status', descending=True), SortKey(name='id', descending=True))
    """
    named = {key.name for key in order}
    descending = bool(order) and order[-1].descending
    return (*order, *(SortKey(name, descending) for name in primary_key if name not in named))


def backwards(order: Order) -> Order:
    """Turn an order round; it has to be total, for a primary key that is appended afterwards may not turn.

    >>> backwards((SortKey("id"),))
    (SortKey(name='id', descending=True),)
    """
    return tuple(SortKey(key.name, not key.descending) for key in order)


class Sort:
    """The attributes that clients may sort by.

    A name may lead through to-one relationships: `account.name` (JSON:API 1.1, "Sorting", recommends the dots).
    `default` is the order without a `sort` parameter: a name or several, with `-` before one that descends. Names in
    the parameter are the members of the documents, so `style` has to be that of the documents.

    >>> sort = Sort("created_at", "status", default="-created_at")
    >>> sort.parse("status,-created-at")
    (SortKey(name='status', descending=False), SortKey(name='created_at', descending=True))
    >>> sort.render(sort.parse(None))
    '-created-at'

    Raises:
        DeclarationError: for a name that cannot be one, a name given twice, or a default that repeats a name or is not
            among the names.
    """

    __slots__ = ("_attributes", "default", "names", "style")

    def __init__(self, *names: str, default: str | Sequence[str] = (), style: Style = "dash") -> None:
        self.names: tuple[str, ...] = tuple(map(_checked, names))
        self.style = style
        self._attributes = {self.spelled(name): name for name in names}
        if len(self._attributes) < len(names):
            raise DeclarationError(f"an attribute is named twice in {names!r}")
        keys = (default,) if isinstance(default, str) else tuple(default)
        self.default: Order = tuple(SortKey(key.removeprefix("-"), key.startswith("-")) for key in keys)
        sorted_by = [key.name for key in self.default]
        if not set(sorted_by) <= set(names) or len(set(sorted_by)) < len(sorted_by):
            raise DeclarationError(f"the default order {keys!r} is not of different names among {names!r}")

    def spelled(self, name: str) -> str:
        """Spell a name as the documents do, each part of one that leads through relationships."""
        return ".".join(spell(part, self.style) for part in name.split("."))

    def parse(self, text: str | None, *, visible: Callable[[str], bool] | None = None) -> Order:
        """Read the decoded value of a `sort` parameter; None gives the default order.

        `visible` says of an attribute's name whether this client may sort by it, and of a relationship's whether it may
        be followed; a hidden name is an unknown one, and left out of the default order too: the places of rows, and
        cursors, would tell of its values.

        Raises:
            QueryErrors: with one error for each key that is empty, unknown, or names an attribute again; or with one
                alone, for too many keys.
        """
        if text is None:
            return tuple(key for key in self.default if is_visible_key(key.name, visible))
        allowed = self._attributes
        if visible is not None:
            allowed = {member: name for member, name in allowed.items() if is_visible_key(name, visible)}
        if text.count(",") > len(allowed):
            detail = f"{text.count(',') + 1} keys were sent; at most {len(allowed)} are taken."
            raise QueryErrors([name_error("too-many-sort-keys", detail, "sort", allowed)])
        order: dict[str, SortKey] = {}
        faults: list[ErrorObject] = []
        for item in text.split(","):
            member = item.removeprefix("-")
            name = allowed.get(member)
            # The answer and its cost stay in proportion to the question: only the first faults tell what is allowed.
            told = allowed if len(faults) < MOST_EXPLAINED else ()
            if name is None:
                faults.append(_unknown(member, told))
            elif name in order:
                detail = f"{shown(member)} is sorted by twice."
                faults.append(name_error("repeated-sort-key", detail, "sort", told))
            else:
                order[name] = SortKey(name, item.startswith("-"))
        if faults:
            raise QueryErrors(faults)
        return tuple(order.values())

    def admits(self, text: str, *, visible: Callable[[str], bool] | None = None) -> bool:
        """Tell whether a client may send a value of a `sort` parameter.

        >>> Sort("duration", "cost").admits("-cost,duration", visible={"duration"}.__contains__)
        False
        """
        try:
            self.parse(text, visible=visible)
        except QueryErrors:
            return False
        return True

    def render(self, order: Order) -> str:
        """Write an order as the value of a `sort` parameter; the empty order has none.

        `parse(render(order)) == order` for every order that `parse` gives to somebody who may see all names.
        """
        return ",".join(("-" if key.descending else "") + self.spelled(key.name) for key in order)


def is_visible_key(name: str, visible: Callable[[str], bool] | None) -> bool:
    """Whether a client may sort by a name: it has to see each of its parts.

    >>> is_visible_key("account.name", {"account"}.__contains__)
    False
    """
    return visible is None or all(map(visible, name.split(".")))


def _checked(name: str) -> str:
    return ".".join(map(check_name, name.split(".")))


def _unknown(member: str, allowed: Collection[str]) -> ErrorObject:
    if not member:
        return name_error("empty-sort-key", "A sort key is empty.", "sort", allowed)
    near = nearest(member, allowed)
    hint = f"; did you mean {near}?" if near else "."
    return name_error("unknown-sort-key", f"{shown(member)} cannot be sorted by{hint}", "sort", allowed, near)
