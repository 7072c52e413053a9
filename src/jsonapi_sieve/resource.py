"""One resource type of an API: what clients may ask of it, and the documents that answer them.

Everything here is a function of its arguments: no socket is opened, no session, no file. A web framework hands over the
query string and the body and sends the bytes; a database session executes the statements.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from jsonapi_sieve import document
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.decoding import Source
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import DeclarationError, QueryErrors
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.includes import Includes, is_visible_path
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.names import check_member_names
from jsonapi_sieve.paging import AnyPages, Counting, CursorPage
from jsonapi_sieve.paging.counts import Capped, check_counting
from jsonapi_sieve.query import Query, QueryParser
from jsonapi_sieve.serialization import ResourceSchema, load
from jsonapi_sieve.serialization.includable import Includable
from jsonapi_sieve.serialization.posted import PostedReader, posted_reader
from jsonapi_sieve.serialization.rendering import Renderer, terms_of
from jsonapi_sieve.serialization.stock import SchemaClass
from jsonapi_sieve.sorting import Sort
from jsonapi_sieve.trees import without_defaults

if TYPE_CHECKING:
    import sqlalchemy as sa

    from jsonapi_sieve.backends.sqlalchemy.targets import Target

__all__ = ["Resource"]

T = TypeVar("T")

_NOTHING: Final = TopLevel()


class _NoFilters(FilterSet):
    """What nothing can be filtered by."""


class Resource:
    """One resource type: its schema, and what clients may filter, sort, page and include.

    Without `filters`, `sort` or `pages` a listing takes none of their parameters; without `pages` it has all rows.
    `include` names relationships, such as "account" or "account.owner", each with a schema of its own in the one
    before. `total_member` is the member of `meta` that counts all rows of a listing, `counting` how they are counted:
    "exact", "estimated", "none" or `Capped(10_000)`. `page_links` says whether a listing links to its other pages.
    `top_level` is what all documents of the API have beside data. Immutable: make one for each type, in a module.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> from jsonapi_sieve import Field, FilterSet, Sort, types
    >>> from jsonapi_sieve.paging import NumberedPages
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     duration = fields.Int()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> calls = Resource(CallSchema, filters=CallFilters(), sort=Sort("duration"), pages=NumberedPages())
    >>> query = calls.parse("filter[duration-gteq]=60&sort=-duration&page[size]=20")
    >>> query.predicate, query.page
    (And(duration >= 60), NumberedPage(number=1, size=20))
    >>> calls.render([{"id": 8, "duration": 61}], query, url="http://example.org/calls", total=1)
    b'{"data":[{"id":"8","type":"calls","attributes":{"duration":61}}],"meta":{"total-count":1},"links":{...}}'

    Raises:
        DeclarationError: for a relationship to include that does not exist or has no schema, or one of another type,
            for a sort whose names are spelled otherwise than the members of the documents, and for a `total_member`
            that is no legal name.
    """

    def __init__(  # noqa: PLR0913  (each has a name and a default)
        self,
        schema: SchemaClass,
        *,
        filters: FilterSet | None = None,
        sort: Sort | None = None,
        pages: AnyPages | None = None,
        include: Collection[str] = (),
        total_member: str = "total-count",
        counting: Counting = "exact",
        page_links: bool = True,
        top_level: TopLevel = _NOTHING,
    ) -> None:
        self.schema: ResourceSchema = ResourceSchema(schema)
        self.type: str = self.schema.type
        self.filters: FilterSet = filters or _NoFilters()
        self.sort: Sort | None = sort
        self.pages: AnyPages | None = pages
        self.include: tuple[str, ...] = tuple(include)
        self.counting: Counting = check_counting(counting)
        self.total_member: str = total_member
        self.page_links: bool = page_links
        self.top_level: TopLevel = top_level
        check_member_names([total_member])
        if sort is not None:
            self._check_spelling(sort)
        included = Includable(self.schema, include)
        self._members = included.types
        includes, fieldsets = Includes(included.paths), Fieldsets(included.types, paths=included.leading)
        self._renderer = Renderer(self.schema, pages, self.counting, total_member, page_links, top_level)
        self._listing = QueryParser(
            filters=self.filters, sort=sort, pages=pages, includes=includes, fieldsets=fieldsets, type_=self.type
        )
        nothing = _NoFilters(limits=self.limits)
        self._single = QueryParser(filters=nothing, sort=None, pages=None, includes=includes, fieldsets=fieldsets)
        self._relationship = QueryParser(
            filters=nothing, sort=None, pages=None, includes=Includes({}), fieldsets=Fieldsets({})
        )

    @property
    def limits(self) -> Limits:
        """The budgets that bind what clients send: those of the filters."""
        return self.filters.limits

    def parse(
        self,
        query: Source,
        *,
        now: datetime | None = None,
        visible: Visible | None = None,
        ignore: Collection[str] = (),
    ) -> Query:
        """Read everything that the query of a listing asks for; the arguments are those of `FilterSet.parse`.

        What `visible` hides can neither be filtered, sorted nor included, and is not shown.

        Raises:
            QueryErrors: with every fault of the query.
        """
        return self._shown(self._listing.parse(query, now=now, visible=visible, ignore=ignore), visible)

    def parse_one(self, query: Source, *, visible: Visible | None = None, ignore: Collection[str] = ()) -> Query:
        """Read what the query of a single resource asks for: `include` and `fields`, nothing else.

        Raises:
            QueryErrors: with every fault of the query.
        """
        return self._shown(self._single.parse(query, visible=visible, ignore=ignore), visible)

    def parse_related(self, query: Source, *, visible: Visible | None = None, ignore: Collection[str] = ()) -> Query:
        """Read what the query of the resources that a relationship to many leads to asks for: what a listing's may.

        Declared defaults of filters are left out, so that without filters these are the resources of the linkage:
        `query.within(...)` keeps to them. Filters that are required of a listing are required here too.

        Raises:
            QueryErrors: with every fault of the query.
        """
        parsed = self.parse(query, visible=visible, ignore=ignore)
        return parsed._replace(predicate=without_defaults(parsed.predicate))

    def parse_relationship(self, query: Source, *, ignore: Collection[str] = ()) -> Query:
        """Read what the query of a relationship asks for: nothing, for there is nothing to choose.

        Raises:
            QueryErrors: with every fault of the query.
        """
        return self._relationship.parse(query, ignore=ignore)

    @overload
    def statement(self, query: Query, target: type[T]) -> tuple[sa.Select[T], dict[str, object]]: ...
    @overload
    def statement(
        self, query: Query, target: sa.FromClause
    ) -> tuple[sa.Select[*tuple[Any, ...]], dict[str, object]]: ...
    def statement(self, query: Query, target: Any) -> tuple[sa.Select[Any], dict[str, object]]:
        """Give the statement that selects a query's page of rows, and its values: `session.scalars(*...)`.

        The objects of included relationships are loaded with it. For a page by cursor it selects one row more than the
        page has, and of a page that ends in front of a cursor the last row first: `render` puts that right.

        Raises:
            CompileError: when the target cannot keep the meaning of the query, see `compile_page`, or pages behind the
                first one could not follow it.
        """
        from jsonapi_sieve.backends.sqlalchemy import compile_page  # noqa: PLC0415  (rows may come from elsewhere)
        from jsonapi_sieve.backends.sqlalchemy.keyset import check_walk  # noqa: PLC0415

        page, related = query.page, query.include or ()
        if isinstance(page, CursorPage):
            check_walk(target, page.keys)
            # Cursors hold what is sorted by, also where that is an attribute of a related row.
            related = (*related, *(key.name.rpartition(".")[0] for key in page.keys if "." in key.name))
            before = page.before if page.after is None else None
            return compile_page(
                query.predicate, target, page.keys, limit=page.limit, after=page.after, before=before, related=related
            )
        limit, offset = (None, 0) if page is None else (page.limit, page.offset)
        return compile_page(query.predicate, target, query.order, limit=limit, offset=offset, related=related)

    def count(self, query: Query, target: Target) -> tuple[sa.Select[int], dict[str, object]]:
        """Give the statement that counts the rows of all pages, and its values: `session.scalar(*...)`.

        It counts as `counting` says. The number is for `render`: beyond the limit of `Capped` it is that limit and one.

        Raises:
            CompileError: when the target cannot keep the meaning of the query; see `compile_count` and
                `compile_estimate`.
            ValueError: where nothing is counted.
        """
        from jsonapi_sieve.backends.sqlalchemy import compile_count, compile_estimate  # noqa: PLC0415

        if self.counting == "none":
            raise ValueError(f'{self.type} are not counted: give the resource counting="exact"')
        if self.counting == "estimated":
            return compile_estimate(query.predicate, target)
        limit = self.counting.limit if isinstance(self.counting, Capped) else None
        return compile_count(query.predicate, target, limit=limit)

    def render(
        self,
        rows: Iterable[object],
        query: Query,
        *,
        url: str,
        total: int | None = None,
        meta: Mapping[str, object] | None = None,
    ) -> bytes:
        """Write the document of a listing.

        `rows` are what `statement` selected, and `url` the one that the client asked for, query string and all. With
        `total`, which `count` gave, the document counts the rows of all pages and links to other pages; those by cursor
        need no count. `meta` has further members for the document, after the count. What a listing tells of the same
        name holds; of an object, such as `page` by cursor, the application's other members stand beside it.
        """
        return b"".join(self._renderer.listing(rows, query, url=url, total=total, meta=meta, streamed=False))

    def stream(
        self,
        rows: Iterable[object],
        query: Query,
        *,
        url: str,
        total: int | None = None,
        meta: Mapping[str, object] | None = None,
    ) -> Iterator[bytes]:
        """Write the document of a listing, as `render` does, piece by piece.

        The rows are read as the pieces are asked for, some hundreds at a time, so that any number of them needs no more
        memory than these: give what a session streams (`yield_per`), not a list. Those of a page by cursor, and all
        those of which related resources are included, are read at once. Hooks of the schema that look at many objects
        see those of a piece. What cannot be shown is raised where it is met, after what comes before it has been given.

        >>> from marshmallow_jsonapi import Schema, fields
        >>> class CallSchema(Schema):
        ...     id = fields.Str()
        ...
        ...     class Meta:
        ...         type_ = "calls"
        >>> calls = Resource(CallSchema)
        >>> list(calls.stream(({"id": number} for number in (1, 2)), calls.parse(""), url="/calls"))
        [b'{"data":[', b'{"id":"1","type":"calls"},{"id":"2","type":"calls"}', b']}']
        """
        pieces = self._renderer.listing(rows, query, url=url, total=total, meta=meta, streamed=True)
        return (bytes(piece) for piece in pieces)

    def render_one(
        self, row: object | None, query: Query | None = None, *, url: str, meta: Mapping[str, object] | None = None
    ) -> bytes:
        """Write the document of a single resource; None is the empty answer of a to-one relationship.

        `url` is that of the document: the one that the client asked for, and of a resource that was just created its
        own, with the query string of the request.
        """
        return self._renderer.one(row, query or self._single.parse(""), url=url, meta=meta)

    def render_relationship(self, row: object, name: str, query: Query | None = None, *, url: str) -> bytes:
        """Write the document of a relationship of a row: its linkage and its links.

        `name` is the relationship's name in the schema, which is never a client's word for it. `query` says which
        extensions and profiles hold for the document.

        Raises:
            KeyError: for a name that is no relationship.
        """
        return self._renderer.relationship(row, name, query or self._relationship.parse(""), url=url)

    def self_link(self, row: object, *, url: str) -> str:
        """Give the link of a row's resource to itself: the `Location` of one that is created.

        It is the link that the documents show (JSON:API 1.1, "Creating Resources").

        Raises:
            DeclarationError: when the schema makes none.
        """
        link = self._renderer.shown(self._single.parse(""), url).self_link(row)
        if link is None:
            name = self.schema.schema.__name__
            raise DeclarationError(f"{name} gives its resources no link to themselves: set self_url in its Meta")
        return link

    def load(
        self,
        body: bytes,
        *,
        related: Mapping[str, Callable[[str], object | None]] | None = None,
        visible: Visible | None = None,
    ) -> dict[str, Any]:
        """Read the document of a POST that creates a resource; the result has the schema's values by field name.

        `related` has a function for each relationship that finds a related resource by its identifier, or None when
        there is none for this client; what it finds is the relationship's value. What `visible` hides is answered as
        what the schema does not have, and nothing that the client has to send.

        Raises:
            QueryErrors: with every fault of the first stage that has any: size (413), JSON (400), shape (400), `type`
                (409) and client identifiers (403), then everything else.
        """
        values = self._read_posted(body, related or {}, visible)
        if values is not None:
            return values
        resource = document.read_resource(body, self.limits)
        return load(self.schema, resource, related=related or {}, visible=visible, limits=self.limits)

    @cached_property
    def _read_posted(self) -> PostedReader:
        return posted_reader(self.schema, self.limits)

    def render_errors(self, errors: QueryErrors) -> bytes:
        """Write the document of a request's faults; its HTTP status is `errors.status`."""
        return self._renderer.faults(errors)

    @staticmethod
    def media_type(query: Query) -> str:
        """Give the `Content-Type` of the answer to a query, which names the extensions and profiles that hold for it.

        >>> from jsonapi_sieve.predicate import TRUE
        >>> Resource.media_type(Query(TRUE, (), None, None, {}, ("https://example.org/timestamps",)))
        'application/vnd.api+json; profile="https://example.org/timestamps"'
        """
        return str(terms_of(query))

    def _shown(self, query: Query, visible: Visible | None) -> Query:
        """Show nothing that is hidden, whether fields were asked for or not."""
        if visible is None:
            return query
        fields = dict(query.fields)
        for type_, members in self._members.items():
            shown = frozenset(member for member, name in members.items() if is_visible_path(name, visible))
            fields.setdefault(type_, shown)
        return query._replace(fields=fields)

    def _check_spelling(self, sort: Sort) -> None:
        for name in sort.names:
            members = [member for member, attribute in self.schema.attributes.items() if attribute == name]
            spelled = sort.spelled(name)
            if members and spelled not in members:
                raise DeclarationError(f"documents spell {name} {members[0]!r}, the sort {spelled!r}")
