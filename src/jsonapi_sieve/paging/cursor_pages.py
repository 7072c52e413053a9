"""Pages by cursor: `page[after]=...&page[size]=50`, by the profile "Cursor Pagination" of JSON:API.

A page begins behind a row, or ends in front of one, wherever that row stands by now. So rows that are inserted or
deleted meanwhile move no other row from one page to the next, and the last page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from jsonapi_sieve.backends.python.pages import follows, position_of
from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.links import page_links
from jsonapi_sieve.paging.cursors import BadCursor, Cursor, Signer, Walk
from jsonapi_sieve.paging.members import Bounds, check_sizes, over_maximum, read_numbers
from jsonapi_sieve.sorting import Order, Position, total_order

__all__ = ["PROFILE", "CursorPage", "CursorPages", "Shown"]

PROFILE: Final = "https://jsonapi.org/profiles/ethanresnick/cursor-pagination/"
"""The URI of the profile, and the beginning of those of its error types."""

_CURSORS: Final = ("after", "before")


class CursorPage(NamedTuple):
    """A page of at most `size` resources after a position, before one, between two, or from the beginning.

    `keys` is the total order, and `walk` what the cursors of all pages have in common.
    """

    size: int
    keys: Order
    walk: Walk
    after: Position | None = None
    before: Position | None = None

    @property
    def limit(self) -> int:
        """The most rows to fetch: one more than the page holds tells whether there is another page."""
        return self.size + 1

    @property
    def offset(self) -> int:
        """Nothing is skipped: a page by cursor finds its beginning by its position."""
        return 0


class Shown(NamedTuple):
    """What is shown of the rows that were fetched for a page.

    `rows` are those of the page, in their order. `before` and `after` are the positions that the neighbouring pages end
    and begin at, None where there is no such page; an empty position stands for the end that it is counted from.
    `truncated` says that a range has more rows than its page holds.
    """

    rows: list[object]
    before: Position | None
    after: Position | None
    truncated: bool = False


class CursorPages:
    """Paging by cursor: `default` resources on a page, or as many as a client asks for, up to `maximum`.

    `secret` signs the cursors; of several, the last one signs and all are read. Cursors are not encrypted: they show
    the sort values and the primary key of a row. So sort by attributes whose values are short: a row with more of them
    than some 20,000 bytes has no cursor, and a page that begins or ends at it cannot be rendered. `primary_key` names
    the attributes of the primary key, as `compile_python_order` takes them. `sorts` names the orders that an index
    serves, as clients write them ("-created-at,status"): they and the same turned round can be asked for, and
    without it every order. A default order is served to who asks for none; only where it is named can it be asked for.
    Without `ranges` a client cannot send both cursors, and with `item_cursors` each resource tells its own, where all
    of a page have one. The package itsdangerous is needed.

    >>> pages = CursorPages("secret", default=50, maximum=1000)
    >>> pages.maximum, pages.profile
    (1000, 'https://jsonapi.org/profiles/ethanresnick/cursor-pagination/')

    Raises:
        DeclarationError: unless 1 <= `default` <= `maximum` <= 2,147,483,647; for no secret, or an empty one.
    """

    __slots__ = ("_signer", "default", "item_cursors", "maximum", "primary_key", "ranges", "sorts")

    profile: str = PROFILE

    def __init__(
        self,
        secret: str | bytes | Sequence[str] | Sequence[bytes],
        default: int = 50,
        maximum: int = 1000,
        *,
        primary_key: str | Sequence[str] = "id",
        sorts: Collection[str] | None = None,
        ranges: bool = True,
        item_cursors: bool = False,
    ) -> None:
        check_sizes(self, default, maximum)
        if not secret or not all(secret if not isinstance(secret, (str, bytes)) else [secret]):
            raise DeclarationError("CursorPages needs a secret that nobody else knows, or several; none may be empty")
        self.default: int = default
        self.maximum: int = maximum
        self.primary_key: tuple[str, ...] = (primary_key,) if isinstance(primary_key, str) else tuple(primary_key)
        self.ranges: bool = ranges
        self.item_cursors: bool = item_cursors
        self.sorts: frozenset[str] | None = None if sorts is None else frozenset(sorts)
        self._signer = Signer(secret)

    @property
    def served(self) -> frozenset[str] | None:
        """The orders that can be asked for, as clients write them; None where all can."""
        return None if self.sorts is None else self.sorts | frozenset(map(_turned, self.sorts))

    def moment(self, members: Mapping[str, str]) -> datetime | None:
        """Give the moment that the walk of a request began at; None without a cursor that was made with the secret.

        `members` are the decoded values of the `page[...]` parameters, as for `parse`.
        """
        for member in _CURSORS:
            if member in members:
                try:
                    return self._signer.read(members[member]).walk.moment
                except BadCursor:
                    continue
        return None

    def walk(self, type_: str, order: Order, filters: str, moment: datetime) -> Walk:
        """Give what the cursors of a request have in common.

        `filters` is any text that stands for what the client filters by, `moment` the one that defaults count from.
        """
        return Walk(type_, _written(total_order(order, self.primary_key)), filters, moment)

    def parse(
        self,
        members: Mapping[str, str],
        walk: Walk,
        order: Order,
        *,
        sort: str = "",
        told: Callable[[str], bool] | None = None,
        bound: bool = True,
    ) -> CursorPage:
        """Read the decoded values of `page[size]`, `page[after]` and `page[before]`.

        `sort` is the order as clients write it, where one is asked for, and `told` says of each that is served whether
        this client may know of it. A cursor has to be of the same walk, whatever its moment, unless
        `bound` is false: where a sort or a filter is wrong, nobody can tell.

        Raises:
            QueryErrors: with an error for each value that is none, for an order that is not served, for a range where
                there are none, and for each other member.
        """
        is_range = set(_CURSORS) <= members.keys()
        others = {member: text for member, text in members.items() if member not in _CURSORS}
        bounds = {"size": Bounds(self.maximum if is_range else self.default, 1, self.maximum)}
        sizes, faults = read_numbers(others, bounds, self._too_great, _CURSORS)
        places: dict[str, Position] = {}
        if is_range and not self.ranges:
            faults.append(_unsupported_range())
        else:
            for member in [member for member in _CURSORS if member in members]:
                try:
                    places[member] = self._position(member, members[member], walk if bound else None)
                except _Refused as refused:
                    faults.append(_invalid_cursor(member, str(refused)))
        if self.sorts is not None and sort and not {sort, _turned(sort)} & self.sorts:
            faults.append(_unsupported_sort(self.sorts if told is None else filter(told, self.sorts)))
        if faults:
            raise QueryErrors(faults)
        return CursorPage(sizes["size"], total_order(order, self.primary_key), walk, **places)

    def cursor(self, row: object, page: CursorPage) -> str:
        """Give the cursor of a row."""
        return self._text(position_of(row, page.keys), page)

    def show(self, fetched: Iterable[object], page: CursorPage) -> Shown:
        """Give what is shown of the rows that were fetched for a page: the first `page.limit` that follow in its order.

        Those of a page that ends in front of a cursor come last first.
        """
        rows = list(fetched)
        if page.after is None and page.before is not None:
            return _ending(rows, page)
        kept, truncated = rows[: page.size], False
        if page.before is not None:
            before = [row for row in rows if _is_before(row, page.before, page.keys)]
            kept, truncated = before[: page.size], len(before) > page.size
        # What stands before an empty page stands before the row that follows it, or before the end.
        first = None if page.after is None else position_of(rows[0], page.keys) if rows else ()
        last = position_of(kept[-1], page.keys) if kept else page.after
        return Shown(kept, first, last if len(rows) > len(kept) else None, truncated)

    def links(self, url: str, page: CursorPage, shown_rows: Shown) -> dict[str, str | None]:
        """Give the links `first`, `prev`, `next` and `last`; those that lead nowhere are None (profile, "Links")."""
        pages: dict[str, dict[str, int | str] | None] = {
            "first": {},
            "prev": None if shown_rows.before is None else {"before": self._text(shown_rows.before, page)},
            "next": None if shown_rows.after is None else self._after(shown_rows.after, page),
            "last": {"before": self._text((), page)},
        }
        written = page_links(
            url, {name: {**cursor, "size": page.size} for name, cursor in pages.items() if cursor is not None}
        )
        return {name: written.get(name) for name in pages}

    def _after(self, position: Position, page: CursorPage) -> dict[str, int | str]:
        return {"after": self._text(position, page)} if position else {}

    def _text(self, position: Position, page: CursorPage) -> str:
        return self._signer.write(Cursor(page.walk, position))

    def _position(self, member: str, text: str, walk: Walk | None) -> Position:
        try:
            cursor = self._signer.read(text)
        except BadCursor:
            raise _Refused("It is no cursor that was given here.") from None
        if walk is not None:
            _check_walk(cursor.walk, walk)
        if member == "after" and not cursor.position:
            raise _Refused("The cursor stands for the end, which nothing comes after.")
        return cursor.position

    def _too_great(self, member: str, text: str) -> ErrorObject:
        meta = {"page": {"maxSize": self.maximum}}
        return _of_profile("max-size-exceeded", over_maximum(text, self.maximum), "page[size]", meta)


class _Refused(ValueError):
    """A text is no cursor for this request; the message says why."""


def _check_walk(given: Walk, walk: Walk) -> None:
    if given.type != walk.type:
        raise _Refused(f"The cursor was given for {given.type}, not for {walk.type}.")
    if given.sort != walk.sort:
        raise _Refused("The cursor was given for another order: send the sort that it came with.")
    if given.filters != walk.filters:
        raise _Refused("The cursor was given for other filters: send those that it came with.")


def _is_before(row: object, place: Position, keys: Order) -> bool:
    return not place or follows(place, position_of(row, keys), keys)


def _ending(fetched: list[object], page: CursorPage) -> Shown:
    """Show a page that ends in front of a cursor."""
    rows, rest = fetched[: page.size][::-1], fetched[page.size :]
    before = position_of(rows[0], page.keys) if rest else None
    if not page.before:
        return Shown(rows, before, None)
    return Shown(rows, before, position_of(rows[-1], page.keys) if rows else ())


def _written(keys: Order) -> str:
    return ",".join(("-" if key.descending else "") + key.name for key in keys)


def _turned(sort: str) -> str:
    return ",".join(key[1:] if key.startswith("-") else f"-{key}" for key in sort.split(","))


def _invalid_cursor(member: str, detail: str) -> ErrorObject:
    return ErrorObject("invalid-cursor", "Invalid cursor", detail, f"page[{member}]")


def _unsupported_range() -> ErrorObject:
    detail = "A page begins behind a cursor or ends in front of one, not both."
    return _of_profile("range-pagination-not-supported", detail, "page[before]", {})


def _unsupported_sort(sorts: Iterable[str]) -> ErrorObject:
    detail = "This listing has no pages in that order."
    return _of_profile("unsupported-sort", detail, "sort", {"allowed": sorted(sorts)})


def _of_profile(code: str, detail: str, at: str, meta: Mapping[str, object]) -> ErrorObject:
    """Give an error of a kind that the profile has a URI for."""
    title = code.replace("-", " ").capitalize()
    return ErrorObject(code, title, detail, at, meta=meta, links={"type": PROFILE + code})
