"""`FilterSet`: a declaration of filters, and the four ways between its parameters and predicates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final, assert_never, get_args

from jsonapi_sieve import parsing, stored
from jsonapi_sieve.declaration import Declaration, Parameter, Visible
from jsonapi_sieve.declared import Declared
from jsonapi_sieve.decoding import Source
from jsonapi_sieve.errors import DeclarationError, NotRenderable, QueryErrors
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.predicate import And, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.relationship import Relationship
from jsonapi_sieve.rules import Rule
from jsonapi_sieve.trees import Branch, branch_of, is_group, key_of

__all__ = ["FILTER_GROUPS", "FilterSet"]

FILTER_GROUPS: Final = "urn:jsonapi-sieve:profile:filter-groups"
"""The URI of the profile that says what groups of filters mean (JSON:API 1.1, "Profiles"); docs/filter-groups.md."""


class FilterSet:
    """A declaration: which attributes clients may filter, by which operators, under which rules.

    Subclass it with `Field`s as class attributes, and with `camel=True` where camel case is to be read too. A subclass
    of a subclass may replace a field, or take it away by assigning None to its attribute. With `groups=True` clients
    may join filters by `or` and `not`: `filter[or][1][status-eq]=Failed&filter[or][2][rows-count-eq]=0`. An instance
    computes the table of parameters once: make one per module. It is immutable and safe to share between threads.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CdrExportFilters(FilterSet):
    ...     id = Field(types.Uuid(), operators=(), bare="in")
    ...     status = Field(types.Enum("Pending", "Completed", "Failed"))
    ...     rows_count = Field(types.Integer(32), nullable=True)
    >>> filters = CdrExportFilters()
    >>> filters.parse("filter[status-in]=Pending,Completed&filter[rows-count-gteq]=10")
    And(status in ('Pending', 'Completed'), rows_count >= 10)

    Raises:
        DeclarationError: for parameters that have the same name, and rules that name none.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()
    _declared: ClassVar[dict[str, Declared]] = {}
    _camel: ClassVar[bool] = False
    _groups: ClassVar[bool] = False

    def __init_subclass__(cls, *, camel: bool | None = None, groups: bool | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if camel is not None:
            cls._camel = camel
        if groups is not None:
            cls._groups = groups
        cls._declared = _collect(cls)
        for field in cls._declared.values():
            if isinstance(field, Several):
                field.resolve(cls._field_named)

    @classmethod
    def _field_named(cls, name: str) -> Field[Any] | None:
        field = cls._declared.get(name)
        return field if isinstance(field, Field) else None

    def __init__(self, *, limits: Limits | None = None) -> None:
        if isinstance(self.rules, get_args(Rule)):
            raise DeclarationError(f"rules is a tuple of rules; write rules = ({type(self.rules).__name__}(...),)")
        self._declaration = Declaration(
            self.declarations(), self.rules, camel=self._camel, groups=self._groups, limits=limits or Limits()
        )
        self._shapes = stored.Shapes(self._declaration)
        # Where a subclass loads, dumps or normalizes in a way of its own, that is what has to be done.
        cls, base = type(self), FilterSet
        is_plain = (cls.load, cls.dump, cls.normalize) == (base.load, base.dump, base.normalize)
        self._quick = self._shapes if is_plain else None
        self._canonical = partial(stored.canonical, self._quick)

    @classmethod
    def declarations(cls) -> tuple[Declared, ...]:
        """Give all that is declared, fields and relationships, in order."""
        return tuple(cls._declared.values())

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        """The declared fields of one attribute, in order."""
        return tuple(field for field in self._declaration.fields if isinstance(field, Field))

    @property
    def relationships(self) -> tuple[Relationship, ...]:
        """The declared relationships, in order."""
        return self._declaration.relationships

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters in canonical order: by field, then by the operator table.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     success = Field(types.Boolean())
        >>> [parameter.key for parameter in Filters().parameters]
        ['filter[success-eq]', 'filter[success-not-eq]']
        """
        return self._declaration.parameters

    @property
    def takes_groups(self) -> bool:
        """Whether clients may join filters by groups."""
        return self._declaration.groups

    @property
    def limits(self) -> Limits:
        """The budgets that bind what clients send."""
        return self._declaration.limits

    def parse(
        self,
        query: Source,
        *,
        now: datetime | None = None,
        visible: Visible | None = None,
        ignore: Collection[str] = (),
    ) -> And:
        """Read the filters of a query: a raw query string, decoded pairs, or a mapping of texts or lists of texts.

        Other JSON:API families (`sort`, `include`, `page[...]`, `fields[...]`) are left alone, and so are the
        parameters that `ignore` names; anything else is an error, and no filter is ever dropped. `now` is the moment
        that defaults count from (an aware datetime; the current time without it). `visible` says of a field's name
        whether this client may filter by it; a hidden field is an unknown one.

        The result is one `And` with a node for each parameter, in canonical order.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     duration = Field(types.Integer(32), nullable=True)
        >>> Filters().parse("filter[duration-gteq]=60&sort=-time-start")
        And(duration >= 60)
        >>> Filters().parse({"filter[duration-eq]": "1 minute"})
        Traceback (most recent call last):
        jsonapi_sieve.errors.QueryErrors: filter[duration-eq]: '1 minute' is not an integer such as 10 or -3.

        Raises:
            QueryErrors: with every fault of the query; 400, or 414 when the query string is too long.
            TypeError: for a query of another Python type, and a mapping that can hide repeated parameters.
        """
        return parsing.parse(self._declaration, query, now, visible, ignore)

    def load(
        self,
        stored_filters: object,
        *,
        pointer: str = "",
        status: int = 400,
        now: datetime | None = None,
        visible: Visible | None = None,
    ) -> And:
        """Read filters from their stored form: parsed JSON, an object with underscored names and typed values.

        `pointer` is where the object stands in a document (RFC 6901), and `status` that of its faults (422 in a
        document); `now` and `visible` are those of `parse`.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     duration = Field(types.Integer(32), nullable=True)
        >>> Filters().load({"duration_gteq": 60, "duration_lt": "120"})
        And(duration >= 60, duration < 120)

        Raises:
            QueryErrors: with every fault.
        """
        return stored.load(self._shapes, stored_filters, pointer=pointer, status=status, now=now, visible=visible)

    def has_groups(self, predicate: And) -> bool:
        """Tell whether a predicate that was parsed has groups, so that their profile was applied.

        >>> from jsonapi_sieve import Field, types
        >>> class Filters(FilterSet, groups=True):
        ...     duration = Field(types.Integer(32))
        >>> Filters().has_groups(Filters().parse("filter[not][1][duration-eq]=0"))
        True
        """
        return self._declaration.groups and any(map(is_group, predicate.members))

    def render(self, predicate: Predicate, *, visible: Visible | None = None) -> str:
        """Write the canonical query string of a predicate that `parse` could return: `parse(render(p)) == p`.

        Keys and values are percent-encoded but for commas and colons; declared defaults are left out. `visible` is that
        of the client who will send it: filters that are hidden from a client are not required of it.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     src_name_in = Field(types.Text())
        >>> Filters().render(Filters().parse({"filter[src_name_in-in]": '"a,b",c'}))
        'filter%5Bsrc-name-in-in%5D=%22a,b%22,c'

        Raises:
            NotRenderable: for a predicate that no query string of this declaration gives, within its budgets.
        """
        from urllib.parse import quote  # noqa: PLC0415  (slow to import, and not needed to read queries)

        query = "&".join(
            f"{quote(key_of(parameter, groups))}={quote(parameter.operand.render(value), safe=',:')}"
            for groups, parameter, value in branch_of(self._declaration, predicate).each()
        )
        self._verify(predicate, "query string", lambda: self.parse(query, visible=visible))
        return query

    def dump(self, predicate: Predicate, *, visible: Visible | None = None) -> dict[str, object]:
        """Write the stored form of a predicate that `load` could return: `load(dump(p)) == p`; see `render`.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     time_start = Field(types.Timestamp(digits=3))
        >>> Filters().dump(Filters().load({"time_start_gteq": "2019-01-01 00:00:00"}))
        {'time_start_gteq': '2019-01-01T00:00:00.000Z'}

        Raises:
            NotRenderable: for a predicate that no stored form of this declaration gives, within its budgets.
        """
        document = _document(branch_of(self._declaration, predicate))
        self._verify(predicate, "stored form", lambda: self.load(document, visible=visible))
        return document

    def normalize(
        self, stored_filters: object, *, pointer: str = "", status: int = 400, visible: Visible | None = None
    ) -> dict[str, object]:
        """Write the stored form of a stored form: `dump(load(stored_filters))`, in canonical order and spelling.

        The arguments are those of `load`.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     duration = Field(types.Integer(32), nullable=True)
        >>> Filters().normalize({"duration_lt": "120", "duration_gteq": 60})
        {'duration_gteq': 60, 'duration_lt': 120}

        Raises:
            QueryErrors: with every fault.
            NotRenderable: for filters that, canonically written, exceed a budget that they keep as they are.
        """
        written = self._canonical(stored_filters, visible)
        if written is not None:
            return written
        return self.dump(self.load(stored_filters, pointer=pointer, status=status, visible=visible), visible=visible)

    def normalizing_source(self, names: Iterable[str]) -> str | None:
        """Give the code by which `normalize` writes filters of these names; None where it loads and dumps them.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class Filters(FilterSet):
        ...     success = Field(types.Boolean())
        >>> print(Filters().normalizing_source(["success_eq"]))
        def write(values):
            v0, = values
            return {
                'success_eq': v0 if type(v0) is bool else other_0(v0),
            }
        """
        return None if self._quick is None else self._quick.source(tuple(names))

    def _verify(self, predicate: Predicate, form: str, read: Callable[[], Predicate]) -> None:
        """Read what was written again: only a tree that comes back has this form."""
        try:
            again = read()
        except QueryErrors as error:
            raise NotRenderable(f"the predicate has no {form}, because reading it would fail: {error}") from error
        if _outline(again) != _outline(predicate):
            raise NotRenderable(f"the predicate has no {form}: read again it would be {again!r}")


def _document(branch: Branch) -> dict[str, object]:
    """Write the stored form of a level."""
    document = {parameter.name: parameter.operand.dump(value) for parameter, value in branch.values.items()}
    groups = {name: [_document(below) for below in branches.values()] for name, branches in branch.groups.items()}
    return document | groups


def _outline(node: Predicate) -> object:
    """Give a tree without the values of defaults, which depend on the clock."""
    match node:
        case And(members=members) | Or(members=members):
            return type(node), [_outline(member) for member in members]
        case Not(member=member):
            return Not, _outline(member)
        case Related(relationship=relationship, member=member):
            return relationship, _outline(member)
        case Comparison(default=True):
            return node.field, node.operator
        case Comparison():
            return node
        case _:  # pragma: no cover
            assert_never(node)


def _collect(cls: type[FilterSet]) -> dict[str, Declared]:
    """Collect what a class and its bases declare, by name, in order of declaration."""
    by_attribute: dict[str, Declared] = {}
    for base in reversed(cls.__mro__):
        for attribute, field in vars(base).items():
            if not isinstance(field, Declared):
                by_attribute.pop(attribute, None)
                continue
            if hasattr(FilterSet, attribute):
                raise DeclarationError(
                    f"{cls.__name__}.{attribute} hides FilterSet.{attribute}; "
                    f'assign the {field.kind} to another attribute and give it name="{attribute}"'
                )
            field.assign(base, attribute)
            by_attribute[attribute] = field
    declared = {field.name: field for field in by_attribute.values()}
    if len(declared) < len(by_attribute):
        raise DeclarationError(f"{cls.__name__} declares two fields or relationships of one name")
    return declared
