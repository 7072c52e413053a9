"""Sparse fieldsets: which members of the resources of a type a client wants to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.name_lists import Codes, faults_of_names, unknown_name
from jsonapi_sieve.operand import shown

__all__ = ["Fieldsets"]

_CODES: Final = Codes(empty="empty-field", unknown="unknown-field", too_many="too-many-fields")


class Fieldsets:
    """The types of the resources in a document, and the fields of each: its attributes and relationships.

    `types` leads from a type to its fields, and these from their names in documents to those of attributes.

    >>> fieldsets = Fieldsets({"cdrs": {"duration": "duration", "time-start": "time_start"}})
    >>> fieldsets.parse({"cdrs": "time-start"})
    {'cdrs': frozenset({'time-start'})}
    """

    __slots__ = ("_types",)

    def __init__(self, types: Mapping[str, Mapping[str, str]]) -> None:
        self._types = {type_: dict(fields) for type_, fields in types.items()}

    def parse(
        self, given: Mapping[str, str], *, visible: Callable[[str], bool] | None = None
    ) -> dict[str, frozenset[str]]:
        """Read the decoded values of the `fields[...]` parameters, by type; give the names in documents, by type.

        An empty value asks for no fields at all (JSON:API 1.1, "Sparse Fieldsets"). `visible` says of an attribute's
        name, whatever the type, whether this client may see it; a hidden field is an unknown one.

        Raises:
            QueryErrors: with an error for each unknown type, and for each field that is empty, unknown or repeated; of
                a type with too many fields, with one error alone.
        """
        fieldsets: dict[str, frozenset[str]] = {}
        faults: list[ErrorObject] = []
        for type_, text in given.items():
            at, fields = f"fields[{type_}]", self._types.get(type_)
            if fields is None:
                noun = "type of these documents"
                faults.append(unknown_name(type_, self._types, at=at, noun=noun, code="unknown-type"))
                continue
            known = {member: name for member, name in fields.items() if visible is None or visible(name)}
            sent = Counter(text.split(",")) if text else Counter[str]()
            faults += faults_of_names(sent, known, at=at, noun=f"field of {type_}", codes=_CODES)
            faults += [_repeated(member, at) for member in known if sent[member] > 1]
            fieldsets[type_] = frozenset(sent)
        if faults:
            raise QueryErrors(faults)
        return fieldsets


def _repeated(member: str, at: str) -> ErrorObject:
    return ErrorObject("repeated-field", "Repeated field", f"{shown(member)} is named more than once.", at)
