"""What the checks of all backends ask of a declaration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from jsonapi_sieve.declared import Declared

__all__ = ["Declares"]


class Declares(Protocol):
    """Something with declared fields and relationships, such as a FilterSet."""

    def declarations(self) -> Iterable[Declared]:
        """Give what is declared, in order."""
