"""From a query string to the values of its filters: a fast path, and one that gathers every fault.

The fast path knows only good requests without groups: on any surprise it gives up and the gathering path reads
everything again, so that the gathering path alone decides what is an error. Each parameter is one look-up in the
declaration's table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Final, Literal, TypeAlias

from jsonapi_sieve.declaration import Declaration, Parameter, Visible, raw_spellings
from jsonapi_sieve.decoding import Source, Undecodable, check_text, decode, pairs_of, split_query
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.faults import Faults
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.names import check_parameters
from jsonapi_sieve.operand import BadOperand, shown
from jsonapi_sieve.predicate import And
from jsonapi_sieve.trees import Branch, Groups, flat_tree, key_of, too_deep, tree_of

__all__ = ["DECODED", "RAW", "Pairs", "first", "parse", "read", "split"]

Values: TypeAlias = dict[Parameter, object]
Pairs: TypeAlias = list[tuple[str, str]]

# JSON:API 1.1, "Query Parameter Families": these belong to others, who judge what stands in them. NUL and surrogates
# stand in no name; the fast path leaves it to the pattern to know them.
_spelled_as_family = re.compile(r"sort|include|(?:page|fields)\[[^][]*\]").fullmatch
_is_raw_family = re.compile(r"sort|include|(?:page|fields)(?:\[|%5[Bb])[\w.-]*(?:\]|%5[Dd])", re.ASCII).fullmatch


def _is_family(key: str) -> bool:
    if _spelled_as_family(key) is None:
        return False
    try:
        check_text(key)
    except Undecodable:
        return False
    return True


# What most requests send of them: there the pattern need not look.
_PAGES: Final = ("number", "size", "offset", "limit", "after", "before")
_FAMILIAR: Final = frozenset(("sort", "include", *(f"page[{member}]" for member in _PAGES)))

Spelling: TypeAlias = tuple[frozenset[str], Callable[[str], object], bool]
"""How keys are spelled: what knows the other families, and whether they stand as in a query string."""

DECODED: Final = (_FAMILIAR, _is_family, False)
RAW: Final = (frozenset(chain.from_iterable(map(raw_spellings, _FAMILIAR))), _is_raw_family, True)

# filter[or][1][not][1][status-eq]: the groups, and the member of the family that stands in the innermost.
_is_grouped = re.compile(r"filter((?:\[(?:and|or|not)\]\[[1-9][0-9]{0,2}\])+)(\[[^][]*\])").fullmatch
_groups = re.compile(r"\[(and|or|not)\]\[([0-9]+)\]").findall

# What a client meant as a filter, right or nearly right: Filter[x], filters[x], filter.x, filter.
_is_like_filter = re.compile(r"filters?\b", re.IGNORECASE | re.ASCII).match


def parse(
    declaration: Declaration,
    source: Source,
    now: datetime | None,
    visible: Visible | None,
    ignore: Collection[str],
) -> And:
    """Read the filters of a query; see `FilterSet.parse`."""
    if ignore:
        check_parameters(ignore)
    if isinstance(source, str):
        pairs = split(declaration, source)
        values = None if pairs is None else read(declaration, pairs, RAW, visible)
        if values is None:
            return tree_of(declaration, _Gathering(declaration, visible, ignore).read_query(source), now)
    else:
        pairs = source if isinstance(source, list) else first(declaration.limits, pairs_of(source))
        values = read(declaration, pairs, DECODED, visible)
        if values is None:
            pairs = first(declaration.limits, pairs_of(pairs))
            return tree_of(declaration, _Gathering(declaration, visible, ignore).read_pairs(pairs), now)
    return flat_tree(declaration, values, now)


def first(limits: Limits, pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Take so many pairs that it shows when there are too many."""
    return list(islice(pairs, limits.parameters + 1))


def split(declaration: Declaration, query: str) -> Pairs | None:
    """Split a query string whose keys need no decoding, and decode its values."""
    limits = declaration.limits
    if len(query) > limits.query_string or query.count("&") >= limits.parameters or not query.isascii():
        return None
    pairs: Pairs = []
    try:
        for part in query.split("&"):
            if part:
                key, _, text = part.partition("=")
                pairs.append((key, decode(text) if "%" in text or "+" in text else text))
    except Undecodable:
        return None
    return pairs


def read(declaration: Declaration, pairs: Pairs, spelling: Spelling, visible: Visible | None) -> Values | None:
    """Read the filters of a query in which everything is as it should be; None when anything is not."""
    most_pairs, most_filters, longest = declaration.budgets
    if len(pairs) > most_pairs:
        return None
    familiar, is_family, is_raw = spelling
    find = declaration.find_raw if is_raw else declaration.find
    values: Values = {}
    try:
        for key, text in pairs:
            if (entry := find(key)) is not None:
                parameter, convert = entry
                if parameter in values or len(text) > longest:
                    return None
                values[parameter] = convert(text)
            # Neither NUL nor surrogates are printable.
            elif not (text.isprintable() and (key in familiar or is_family(key))):
                return None
    except (AttributeError, KeyError, TypeError, ValueError):  # a bad value, or what is no pair of texts
        return None
    if len(values) > most_filters or (visible is not None and not all(_are_visible(values, visible))):
        return None
    if declaration.requirements and declaration.missing(values, visible):
        return None
    return values


def _are_visible(parameters: Iterable[Parameter], visible: Visible) -> Iterator[bool]:
    return (parameter.is_visible(visible) for parameter in parameters)


class _Gathering:
    """Reads a query to its end, whatever is wrong with it, and raises all its faults together."""

    def __init__(self, declaration: Declaration, visible: Visible | None, ignore: Collection[str]) -> None:
        self._declaration = declaration
        self._limits = declaration.limits
        self._visible = visible
        self._ignored = frozenset(ignore)
        self._root = Branch({}, {})
        self._seen: set[tuple[Groups, Parameter]] = set()
        self._faults = Faults(declaration, visible, source="parameter", status=400, named=key_of)

    def read_query(self, query: str) -> Branch:
        size = len(query.encode("utf-8", "surrogatepass"))
        if size > self._limits.query_string:
            detail = f"The query string is {size} bytes long; at most {self._limits.query_string} are read."
            raise QueryErrors([self._limits.exceeded("query_string", detail, status=414)])
        return self._read(split_query(query), decode)

    def read_pairs(self, pairs: Pairs) -> Branch:
        return self._read(pairs, check_text)

    def _read(self, pairs: Pairs, clear: Callable[[str], str]) -> Branch:
        most = self._limits.parameters
        if len(pairs) > most:
            raise QueryErrors([self._limits.exceeded("parameters", f"More than {most} parameters were sent.")])
        for key, text in pairs:
            self._read_pair(key, text, clear)
        self._faults.missing([parameter for groups, parameter in self._seen if not groups], key_of)
        self._faults.raise_any()
        return self._root

    def _read_pair(self, raw_key: str, raw_text: str, clear: Callable[[str], str]) -> None:
        key = self._cleared(raw_key, clear, "key", raw_key)
        if key is None:
            return
        groups, plain = self._split(key)
        parameter = self._find(plain)
        if parameter is not None:
            self._read_filter(groups, parameter, key, raw_text, clear)
        elif self._is_foreign(key):
            self._cleared(raw_text, clear, "value", key)
        else:
            self._refuse(key, plain)

    def _split(self, key: str) -> tuple[Groups, str]:
        """Take the groups off a key; where a declaration has none, they are a part of what is unknown."""
        match = _is_grouped(key) if self._declaration.groups else None
        if match is None:
            return (), key
        return tuple((connective, int(number)) for connective, number in _groups(match[1])), f"filter{match[2]}"

    def _find(self, key: str) -> Parameter | None:
        """Look a key up; what is hidden from this client is not found."""
        parameter = self._declared(key)
        return parameter if parameter is not None and parameter.is_visible(self._visible) else None

    def _declared(self, key: str) -> Parameter | None:
        by_key = self._declaration.by_key
        return by_key.get(key) or by_key.get(key.replace("_", "-"))

    def _is_foreign(self, key: str) -> bool:
        return _is_family(key) or (key in self._ignored and self._declared(key) is None)

    def _read_filter(
        self, groups: Groups, parameter: Parameter, key: str, raw_text: str, clear: Callable[[str], str]
    ) -> None:
        if groups and self._is_over("key", key, key):
            return
        if (groups, parameter) in self._seen:
            detail = f"{key_of(parameter, groups)} is given twice."
            self._faults.add("repeated-parameter", "Repeated parameter", detail, key)
            return
        self._seen.add((groups, parameter))
        if len(self._seen) > self._limits.filters:
            self._faults.over("filters", f"At most {self._limits.filters} filters are read.", key)
            return
        if (depth := too_deep(parameter, groups, self._limits)) is not None:
            self._faults.over("depth", depth, key)
            return
        text = self._cleared(raw_text, clear, "value", key)
        if text is None or self._is_over("value", text, key):
            return
        try:
            value = parameter.operand.parse(text, self._limits.list_items)
        except BadOperand as error:
            self._faults.bad(error, parameter, key)
        else:
            self._root.at(groups).values[parameter] = value

    def _refuse(self, key: str, plain: str) -> None:
        if not key:
            self._faults.add("unnamed-parameter", "Unnamed parameter", "A parameter has no name.", key)
        elif self._is_over("key", key, key):
            return
        elif _is_like_filter(key):
            self._faults.unknown(plain, key)
        else:
            hint = "; a query string is given without its question mark." if key[0] == "?" else "."
            self._faults.add("unknown-parameter", "Unknown parameter", f"{shown(key)} is no parameter{hint}", key)

    def _cleared(self, raw: str, clear: Callable[[str], str], part: str, at: str) -> str | None:
        try:
            return clear(raw)
        except Undecodable as error:
            self._faults.add("invalid-encoding", "Invalid encoding", f"The {part} {error}.", at)
            return None

    def _is_over(self, budget: Literal["key", "value"], text: str, at: str) -> bool:
        detail = self._limits.oversize(budget, text)
        if detail is not None:
            self._faults.over(budget, detail, at)
        return detail is not None
