"""The whole query string: filters, order, page, included resources and fields, read at once.

Each family of parameters has its own reader (JSON:API 1.1, "Query Parameter Families"). This module hands each its
share and gathers the faults of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, TypeVar

from jsonapi_sieve.declaration import Declaration, Visible, raw_spellings
from jsonapi_sieve.decoding import Source, Undecodable, check_text, decode, pairs_of, split_query
from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.filters import FILTER_GROUPS, FilterSet
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.names import check_parameters
from jsonapi_sieve.paging import AnyPages, CursorPages, Page
from jsonapi_sieve.parsing import DECODED, RAW, Pairs, first, read, split
from jsonapi_sieve.predicate import TRUE, And, Predicate
from jsonapi_sieve.sorting import Order, Sort
from jsonapi_sieve.trees import flat_tree, without_defaults

__all__ = ["EVERYWHERE", "Query", "QueryParser", "Reach"]

_T = TypeVar("_T")

_ANY_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)

_UNKNOWN: Final = (None, "")

Reach: TypeAlias = Callable[[frozenset[str]], Collection[str]]
"""Tells which of some identifiers are those of resources that the client sees."""

EVERYWHERE: Final[Mapping[str, Reach]] = MappingProxyType({})
"""The client sees all related resources."""

_family = re.compile(r"(sort|include)|(page|fields)\[([^][]*)\]").fullmatch


class Query(NamedTuple):
    """What a query string asks for.

    `order` is never that of the client alone: a backend appends the primary key. `page` is None where a listing has no
    pages, `include` where the client does not say what to include; `fields` has the types that the client restricts.
    `profiles` and `extensions` are the URIs of those that hold for the answer (JSON:API 1.1, "Extensions" and
    "Profiles"). `reach` tells of relationships, by the names of the schema, which related resources the client sees.
    """

    predicate: And
    order: Order
    page: Page | None
    include: tuple[str, ...] | None
    fields: Mapping[str, frozenset[str]]
    profiles: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    reach: Mapping[str, Reach] = EVERYWHERE

    def applying(self, profiles: Iterable[str] = (), *, extensions: Iterable[str] = ()) -> Query:
        """Give the same query under further profiles and extensions: those that the application applies on request.

        >>> Query(TRUE, (), None, None, {}).applying(["https://example.org/timestamps"]).profiles
        ('https://example.org/timestamps',)
        """
        return self._replace(
            profiles=tuple(dict.fromkeys((*self.profiles, *profiles))),
            extensions=tuple(dict.fromkeys((*self.extensions, *extensions))),
        )

    def within(self, predicate: Predicate) -> Query:
        """Give the same query of only those rows that pass a predicate of the application: those of one tenant, say.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     customer_id = Field(types.Integer(32), operators=())
        >>> Query(TRUE, (), None, None, {}).within(Filters.customer_id.eq(7)).predicate
        And(customer_id = 7)
        """
        return self._replace(predicate=self.predicate & predicate)

    def reaching(self, /, **reach: Reach) -> Query:
        """Give the same query, whose documents lead to no related resources but those that the client sees.

        Each relationship, by the name of the schema, has a function, which is asked of all identifiers of a page at
        once: linkage is without the others, and so is what is included by that relationship. What it raises is raised.
        What included resources lead to is left alone, and so are links and attributes that a schema makes of a foreign
        key.

        >>> query = Query(TRUE, (), None, None, {}).reaching(account=lambda identifiers: identifiers & {"7"})
        >>> query.reach["account"](frozenset({"7", "8"}))
        frozenset({'7'})
        """
        return self._replace(reach={**self.reach, **reach})


class QueryParser:
    """The parameters that one listing takes.

    Where `sort` or `pages` is None, or nothing can be included, that parameter is an error and never ignored. The
    limits are those of `filters`. `type_` is that of the resources, which cursors are bound to.

    >>> from jsonapi_sieve import Field, FilterSet, Sort, types
    >>> from jsonapi_sieve.paging import NumberedPages
    >>> class CdrFilters(FilterSet):
    ...     duration = Field(types.Integer(32))
    >>> parser = QueryParser(
    ...     filters=CdrFilters(),
    ...     sort=Sort("duration"),
    ...     pages=NumberedPages(),
    ...     includes=Includes({"account": "account"}),
    ...     fieldsets=Fieldsets({"cdrs": {"duration": "duration"}}),
    ... )
    >>> query = parser.parse("filter[duration-gt]=60&sort=-duration&page[number]=2&include=account&fields[cdrs]=")
    >>> query.predicate, query.order
    (And(duration > 60), (SortKey(name='duration', descending=True),))
    >>> query.page, query.include, query.fields
    (NumberedPage(number=2, size=50), ('account',), {'cdrs': frozenset()})

    Raises:
        DeclarationError: where `pages` gives more resources at once than the budget `page_size` or serves an order that
            `sort` does not have, or a path to include follows more relationships than `include_depth`.
    """

    __slots__ = ("_declaration", "_members", "_paged", "fieldsets", "filters", "includes", "pages", "sort", "type")

    def __init__(
        self,
        *,
        filters: FilterSet,
        sort: Sort | None,
        pages: AnyPages | None,
        includes: Includes,
        fieldsets: Fieldsets,
        type_: str = "",
    ) -> None:
        limits = filters.limits
        if pages is not None and pages.maximum > limits.page_size:
            raise DeclarationError(
                f"a page holds up to {pages.maximum} resources, but the budget page_size is {limits.page_size}: "
                f"lower the one, or raise the other by limits=Limits(page_size=...) of the filters"
            )
        if includes.depth > limits.include_depth:
            raise DeclarationError(
                f"a path to include follows {includes.depth} relationships, but the budget include_depth is "
                f"{limits.include_depth}: declare none so long, or raise it by limits=Limits(...) of the filters"
            )
        if isinstance(pages, CursorPages):
            _check_served(pages, sort)
        self.filters: FilterSet = filters
        self.sort: Sort | None = sort
        self.pages: AnyPages | None = pages
        self.includes: Includes = includes
        self.fieldsets: Fieldsets = fieldsets
        self.type: str = type_
        self._members: dict[str, tuple[str, str]] = {
            spelled: (family, member)
            for family, member in _members(fieldsets.types)
            for spelled in raw_spellings(f"{family}[{member}]" if member else family)
            if len(spelled) <= limits.key
        }
        self._paged: tuple[str, ...] = () if pages is None or pages.profile is None else (pages.profile,)
        # Who reads filters in a way of their own reads them all.
        own = type(filters).parse is not FilterSet.parse
        self._declaration: Declaration | None = None if own else filters._declaration  # noqa: SLF001

    def parse(
        self,
        source: Source,
        *,
        now: datetime | None = None,
        visible: Visible | None = None,
        ignore: Collection[str] = (),
    ) -> Query:
        """Read a whole query: a raw query string, decoded pairs, or a mapping of texts or lists of texts.

        The options are those of `FilterSet.parse`; `ignore` admits parameters of your own, never one of a family of
        JSON:API. `visible` is asked the names of attributes and relationships, and what it hides is unknown
        everywhere: in filters, sort keys, included paths and fields. Pages by cursor have all the `now` of the first.

        Raises:
            QueryErrors: with every fault of the query; 400, or 414 when the query string is too long. A budget of the
                whole query ends the reading at once.
            TypeError: for a query of another Python type, and a mapping that can hide repeated parameters.
        """
        if ignore:
            check_parameters(ignore)
        given = source if isinstance(source, str) else first(self.filters.limits, pairs_of(source))
        return self._quick(given, now, visible) or self._gathered(given, now, visible, ignore)

    def _quick(self, given: str | Pairs, now: datetime | None, visible: Visible | None) -> Query | None:
        """Read a query in which everything is as it should be; None when anything is not, or needs more than that."""
        declaration = self._declaration
        if declaration is None:
            return None
        pairs, spelling = (split(declaration, given), RAW) if isinstance(given, str) else (given, DECODED)
        values = None if pairs is None else read(declaration, pairs, spelling, visible)
        texts = None if pairs is None or values is None else self._texts(pairs, declaration)
        if values is None or texts is None:
            return None
        if isinstance(self.pages, CursorPages):
            now = self.pages.moment(texts["page"]) or now or datetime.now(UTC)
        predicate = flat_tree(declaration, values, now)
        try:
            order = self._order(texts["sort"], visible)
            page = self._page(
                texts["page"], predicate, order, now, sorted_by=bool(texts["sort"]), visible=visible, bound=True
            )
            paths = self.includes.parse(texts["include"].get(""), visible=visible, limits=declaration.limits)
            fields = self.fieldsets.parse(texts["fields"], visible=visible)
        except QueryErrors:
            return None
        return Query(predicate, order, page, paths, fields, self._paged)

    def _texts(self, pairs: Pairs, declaration: Declaration) -> dict[str, dict[str, str]] | None:
        """Give the values of all families but `filter` by family and member; None where anything is special."""
        longest, filters = declaration.budgets[2], declaration.quick_raw
        texts: dict[str, dict[str, str]] = {"sort": {}, "page": {}, "include": {}, "fields": {}}
        for key, text in pairs:
            if key in filters:
                continue
            family, member = self._members.get(key, _UNKNOWN)
            if family is None or member in texts[family] or len(text) > longest:
                return None
            texts[family][member] = text
        return texts

    def _gathered(
        self, given: str | Pairs, now: datetime | None, visible: Visible | None, ignore: Collection[str]
    ) -> Query:
        """Read a query to its end, whatever is wrong with it, and raise all its faults together."""
        limits = self.filters.limits
        faults = _Faults(limits)
        now = self._moment(given, now)
        predicate = faults.of(lambda: self.filters.parse(given, now=now, visible=visible, ignore=ignore), TRUE)
        sent = list(_sent(given))
        sort = faults.texts(sent, "sort")
        order: Order = faults.of(lambda: self._order(sort, visible), ())
        members = faults.texts(sent, "page")
        page = faults.of(
            lambda: self._page(
                members, predicate, order, now, sorted_by="" in sort, visible=visible, bound=not faults.found
            ),
            None,
        )
        include = faults.texts(sent, "include").get("")
        paths = faults.of(lambda: self.includes.parse(include, visible=visible, limits=limits), None)
        types = faults.texts(sent, "fields")
        fields: dict[str, frozenset[str]] = faults.of(lambda: self.fieldsets.parse(types, visible=visible), {})
        faults.raise_any(self._paged)
        grouped = (FILTER_GROUPS,) if self.filters.has_groups(predicate) else ()
        return Query(predicate, order, page, paths, fields, (*self._paged, *grouped))

    def _moment(self, given: str | list[tuple[str, str]], now: datetime | None) -> datetime:
        """Give the moment that defaults count from: with cursors, the one at which a walk began."""
        begun = None
        is_long = isinstance(given, str) and len(given) > self.filters.limits.query_string
        if isinstance(self.pages, CursorPages) and not is_long:
            sent = (parameter for parameter in _sent(given) if parameter.family == "page")
            begun = self.pages.moment({parameter.member: parameter.text or "" for parameter in sent})
        return begun or now or datetime.now(UTC)

    def _order(self, texts: Mapping[str, str], visible: Visible | None) -> Order:
        if self.sort is not None:
            return self.sort.parse(texts.get(""), visible=visible)
        if texts:
            raise QueryErrors([_unsupported("sort", "Nothing can be sorted here.")])
        return ()

    def _page(
        self,
        texts: Mapping[str, str],
        predicate: And,
        order: Order,
        now: datetime | None,
        *,
        sorted_by: bool,
        visible: Visible | None,
        bound: bool,
    ) -> Page | None:
        if isinstance(self.pages, CursorPages):
            sent = without_defaults(predicate)
            # Without a default that counts from it, the same request gets the same cursors at all times.
            moment = _ANY_MOMENT if now is None or sent == predicate else now
            walk = self.pages.walk(self.type, order, _digest(sent), moment)
            if self.sort is None or not sorted_by:
                return self.pages.parse(texts, walk, order, bound=bound)
            told = partial(self.sort.admits, visible=visible)
            return self.pages.parse(texts, walk, order, sort=self.sort.render(order), told=told, bound=bound)
        if self.pages is not None:
            return self.pages.parse(texts)
        if texts:
            raise QueryErrors(_unsupported(f"page[{member}]", "There are no pages here.") for member in texts)
        return None


def _members(types: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the members of families that a table can hold."""
    yield from (("sort", ""), ("include", ""))
    yield from (("page", member) for member in ("number", "size", "offset", "limit", "after", "before"))
    yield from (("fields", type_) for type_ in types)


def _check_served(pages: CursorPages, sort: Sort | None) -> None:
    unknown = sorted(served for served in pages.sorts or () if sort is None or not sort.admits(served))
    if unknown:
        raise DeclarationError(f"the pages serve the order {unknown[0]!r}, which the sort does not have")


def _digest(sent: And) -> str:
    """Give a text that stands for what a client filters by."""
    return sha256(repr(sent).encode("utf-8", "surrogatepass")).hexdigest()[:24] if sent.members else ""


class _Parameter(NamedTuple):
    """A parameter of a family: `page[size]` is the member `size` of `page`, and `sort` the member "" of itself."""

    family: str
    member: str
    key: str
    text: str | None


def _sent(given: str | list[tuple[str, str]]) -> Iterator[_Parameter]:
    """Give the parameters of all families but `filter`; the reading of filters tells what is in none, or is no text."""
    pairs, clear = (split_query(given), decode) if isinstance(given, str) else (given, check_text)
    for raw_key, raw_text in pairs:
        if raw_key.startswith("filter"):  # most keys do, and are read already
            continue
        key = _cleared(raw_key, clear)
        found = _family(key) if key is not None else None
        if found is not None:
            yield _Parameter(found[1] or found[2], found[3] or "", found[0], _cleared(raw_text, clear))


def _cleared(raw: str, clear: Callable[[str], str]) -> str | None:
    try:
        return clear(raw)
    except Undecodable:
        return None


def _over_budget(parameter: _Parameter, at: str, limits: Limits) -> ErrorObject | None:
    if (detail := limits.oversize("key", parameter.key)) is not None:
        return limits.exceeded("key", detail, at)
    if (detail := limits.oversize("value", parameter.text or "")) is not None:
        return limits.exceeded("value", detail, at)
    return None


def _unsupported(at: str, detail: str) -> ErrorObject:
    return ErrorObject("unsupported-parameter", "Unsupported parameter", detail, at)


class _Faults:
    """Gathers the faults of all families, so that they are raised together."""

    def __init__(self, limits: Limits) -> None:
        self._errors: list[ErrorObject] = []
        self._limits = limits

    def of(self, read: Callable[[], _T], otherwise: _T) -> _T:
        """Give what is read, or gather why it is not; the budgets of the whole query, which have no place, end all."""
        try:
            return read()
        except QueryErrors as raised:
            if any(error.at is None for error in raised.errors):
                raise
            self._errors += raised.errors
            return otherwise

    def texts(self, sent: Iterable[_Parameter], family: str) -> dict[str, str]:
        """Give the values of a family by member, and gather which are repeated or over a budget."""
        texts: dict[str, str] = {}
        seen: set[str] = set()
        for parameter in sent:
            if parameter.family != family:
                continue
            longest, key = self._limits.key, parameter.key
            at = key if len(key) <= longest else key[:longest] + "…"
            if key in seen:
                detail = f"{at} is given twice."
                self._errors.append(ErrorObject("repeated-parameter", "Repeated parameter", detail, at))
            elif (fault := _over_budget(parameter, at, self._limits)) is not None:
                self._errors.append(fault)
            elif parameter.text is not None:
                texts[parameter.member] = parameter.text
            seen.add(key)
        return texts

    @property
    def found(self) -> bool:
        """Whether a fault was gathered."""
        return bool(self._errors)

    def raise_any(self, profiles: tuple[str, ...]) -> None:
        """Raise QueryErrors when a fault was gathered; `profiles` are those that define some of the faults."""
        if self._errors:
            raise QueryErrors(self._errors, profiles=profiles)
