"""Sparse fieldsets: which members of the resources of a type a client wants to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.name_lists import MOST_EXPLAINED, Codes, faults_of_names, unknown_name
from jsonapi_sieve.names import check_member_names
from jsonapi_sieve.operand import shown

__all__ = ["Fieldsets"]

_CODES: Final = Codes(empty="empty-field", unknown="unknown-field", too_many="too-many-fields")
_NO_PATHS: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


class Fieldsets:
    """The types of the resources in a document, and the fields of each: its attributes and relationships.

    `types` leads from a type to its fields, and these from their names in documents to those of attributes. `paths` has
    the paths of relationships by which the resources of a type are included; those of a type without are always there.

    >>> fieldsets = Fieldsets({"cdrs": {"duration": "duration", "time-start": "time_start"}})
    >>> fieldsets.parse({"cdrs": "time-start"})
    {'cdrs': frozenset({'time-start'})}

    Raises:
        DeclarationError: for the name of a type or a field that no document can have.
    """

    __slots__ = ("_paths", "_types")

    def __init__(
        self, types: Mapping[str, Mapping[str, str]], *, paths: Mapping[str, Collection[str]] = _NO_PATHS
    ) -> None:
        check_member_names(types)
        for fields in types.values():
            check_member_names(fields)
        self._types = {type_: dict(fields) for type_, fields in types.items()}
        self._paths = {type_: tuple(paths.get(type_, ())) for type_ in types}

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the resources in a document."""
        return tuple(self._types)

    def parse(
        self, given: Mapping[str, str], *, visible: Callable[[str], bool] | None = None
    ) -> dict[str, frozenset[str]]:
        """Read the decoded values of the `fields[...]` parameters, by type; give the names in documents, by type.

        An empty value asks for no fields at all (JSON:API 1.1, "Sparse Fieldsets"). `visible` says of an attribute's
        name, whatever the type, whether this client may see it; a hidden field is an unknown one, and so is a type that
        only hidden relationships lead to.

        Raises:
            QueryErrors: with an error for each unknown type, and for each field that is empty, unknown or repeated; of
                a type with too many fields, with one error alone.
        """
        if visible is None and (asked := self._asked(given)) is not None:
            return asked
        types = {type_: fields for type_, fields in self._types.items() if self._is_reached(type_, visible)}
        fieldsets: dict[str, frozenset[str]] = {}
        faults: list[ErrorObject] = []
        for type_, text in given.items():
            at, fields = f"fields[{type_}]", types.get(type_)
            if fields is None:
                told = types if len(faults) < MOST_EXPLAINED else ()
                faults.append(unknown_name(type_, told, at=at, noun="type of these documents", code="unknown-type"))
                continue
            known = {member: name for member, name in fields.items() if is_visible_path(name, visible)}
            sent = Counter(text.split(",")) if text else Counter[str]()
            faults += faults_of_names(sent, known, at=at, noun=f"field of {type_}", codes=_CODES)
            faults += [_repeated(member, at) for member in known if sent[member] > 1]
            fieldsets[type_] = frozenset(sent)
        if faults:
            raise QueryErrors(faults)
        return fieldsets

    def _asked(self, given: Mapping[str, str]) -> dict[str, frozenset[str]] | None:
        """Read what is all well; None for anything else."""
        fieldsets: dict[str, frozenset[str]] = {}
        for type_, text in given.items():
            sent = text.split(",") if text else []
            names = frozenset(sent)
            if len(names) < len(sent) or type_ not in self._types or not self._types[type_].keys() >= names:
                return None
            fieldsets[type_] = names
        return fieldsets

    def _is_reached(self, type_: str, visible: Callable[[str], bool] | None) -> bool:
        paths = self._paths[type_]
        return not paths or any(is_visible_path(path, visible) for path in paths)


def _repeated(member: str, at: str) -> ErrorObject:
    return ErrorObject("repeated-field", "Repeated field", f"{shown(member)} is named more than once.", at)
