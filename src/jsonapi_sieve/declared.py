"""What everything that a FilterSet declares has in common: a name, and the class that it is an attribute of."""

from __future__ import annotations

from typing import ClassVar

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.names import check_name

__all__ = ["Declared"]


class Declared:
    """Something with a name that is declared in the body of a FilterSet; `kind` says what, to people."""

    kind: ClassVar[str]

    def __init__(self, name: str | None) -> None:
        self._name = None if name is None else check_name(name)
        self._owner: tuple[type, str] | None = None

    def assign(self, owner: type, attribute: str) -> None:
        """Learn the attribute that holds this; a FilterSet calls this when it is declared.

        This is not `__set_name__`, because Python 3.11 turns every error from there into a RuntimeError.
        """
        if self._owner not in (None, (owner, attribute)):
            first = f"{self._owner[0].__name__}.{self._owner[1]}"
            raise DeclarationError(f"one {self.kind} is declared twice: as {first} and as {owner.__name__}.{attribute}")
        self._owner = (owner, attribute)
        if self._name is None:
            self._name = check_name(attribute)

    @property
    def name(self) -> str:
        """The attribute's underscored name: of the parameter, of the column, and of the row's attribute or key."""
        if self._name is None:
            raise DeclarationError(
                f"a {self.kind} has no name yet: assign it in the body of a FilterSet, or give name="
            )
        return self._name

    @property
    def owner(self) -> type | None:
        """The class in whose body this is declared; None for what is declared outside of one."""
        return None if self._owner is None else self._owner[0]

    def __reduce__(self) -> tuple[object, ...]:
        if self._owner is None:
            raise TypeError(
                f"a {self.kind} outside a FilterSet cannot be pickled or copied: it is known by its identity"
            )
        return (getattr, self._owner)

    def __repr__(self) -> str:
        owner = f"{self._owner[0].__name__}." if self._owner else ""
        return f"<{type(self).__name__} {owner}{self._name}>"
