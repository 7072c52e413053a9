"""Members of objects: how they are named, and which ones an object may have (JSON:API 1.1, "Member Names")."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.pointers import Finding, Place

__all__ = ["Shape", "check_meta", "check_name", "check_names_within", "has_extension", "is_foreign", "name_fault"]

_ALPHANUMERIC: Final = frozenset(string.ascii_letters + string.digits)
_INSIDE: Final = frozenset("-_ ")
_RESERVED: Final = frozenset(map(chr, range(0x80))) - _ALPHANUMERIC - _INSIDE


def name_fault(name: str) -> tuple[str, str] | None:
    """Give the rule that a member name breaks, and how; None for a legal name.

    >>> name_fault("created-at"), name_fault("created-at-")
    (None, ('MEM-02', "'created-at-' begins or ends with one of '-', '_' and space."))
    """
    if not name:
        return "MEM-01", "A member name is empty."
    if not _RESERVED.isdisjoint(name):
        reserved = next(character for character in name if character in _RESERVED)
        return "MEM-04", f"{shown(name)} has the reserved character {reserved!r}."
    if name[0] in _INSIDE or name[-1] in _INSIDE:
        return "MEM-02", f"{shown(name)} begins or ends with one of '-', '_' and space."
    return None


def is_foreign(name: str) -> bool:
    """Whether a member is outside the specification: an @-member, or one of an extension.

    >>> is_foreign("@id"), is_foreign("version:id"), is_foreign("id")
    (True, True, False)
    """
    return name.startswith("@") or ":" in name


def has_extension(value: dict[str, Any]) -> bool:
    """Whether an object has a member of an extension."""
    return any(":" in name and not name.startswith("@") for name in value)


def check_name(name: str, at: Place) -> Iterator[Finding]:
    """Check the name of a member that an implementation, an extension or a profile defines.

    What follows the `@` of an @-member, or the namespace of an extension, obeys the rules of all names.
    """
    namespace, colon, rest = name.partition(":")
    if colon and not name.startswith("@"):
        if not namespace or not _ALPHANUMERIC.issuperset(namespace) or name_fault(rest):
            yield at.breaks("DOC-27", f"{shown(name)} is no namespace of ASCII letters and digits, ':' and a name.")
    elif fault := name_fault(name.removeprefix("@")):
        yield at.breaks(*fault)
    elif " " in name or not name.isascii():
        yield at.breaks("MEM-05", f"{shown(name)} has characters that URLs escape.")


def check_names_within(value: object, at: Place) -> Iterator[Finding]:
    """Check all names in a value of any form; what @-members and extensions hold is theirs."""
    waiting = [(value, at)]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, dict):
            for name, member in value.items():
                yield from check_name(name, at / name)
                if not is_foreign(name):
                    waiting.append((member, at / name))
        elif isinstance(value, list):
            waiting.extend((item, at / index) for index, item in enumerate(value))


def check_meta(holder: dict[str, Any], at: Place) -> Iterator[Finding]:
    """Check the `meta` of an object, if it has one (JSON:API 1.1, "Meta Information")."""
    if "meta" in holder:
        if not isinstance(holder["meta"], dict):
            yield (at / "meta").breaks("DOC-25", f"meta is {shown(holder['meta'])}, and has to be an object.")
        yield from check_names_within(holder["meta"], at / "meta")


class Shape(NamedTuple):
    """The members that an object of the specification may have, and the rule that says so."""

    what: str
    members: tuple[str, ...]
    rule: str = "DOC-05"

    def check(self, value: dict[str, Any], at: Place) -> Iterator[Finding]:
        """Check that there are no others but @-members and those of extensions."""
        for name in value:
            if is_foreign(name):
                yield from check_name(name, at / name)
            elif name not in self.members:
                allowed = ", ".join(self.members)
                yield (at / name).breaks(self.rule, f"{self.what} has no member {shown(name)}, only {allowed}.")
