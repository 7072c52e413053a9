"""The components of a document: what is described once, and referred to wherever it stands.

The rules are those of OpenAPI 3.1, "Components Object".
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal, TypeAlias

__all__ = ["Components", "Kind", "Reference"]

Reference: TypeAlias = dict[str, Any]
"""A reference object: `{"$ref": "#/components/schemas/cdrs"}`."""

Kind: TypeAlias = Literal["parameters", "responses", "schemas"]

_KINDS: Final[tuple[Kind, ...]] = ("schemas", "parameters", "responses")

_other = re.compile(r"[^A-Za-z0-9._-]").sub


class Components:
    """Gathers components by kind and name, in the order in which they are first met.

    >>> components = Components()
    >>> components.add("schemas", "text", {"type": "string"}), components.add("schemas", "text", {"type": "string"})
    ({'$ref': '#/components/schemas/text'}, {'$ref': '#/components/schemas/text'})
    >>> components.add("schemas", "text", {"type": "string", "minLength": 1})
    {'$ref': '#/components/schemas/text.2'}
    """

    def __init__(self) -> None:
        self._found: dict[Kind, dict[str, Any]] = {kind: {} for kind in _KINDS}

    def add(self, kind: Kind, name: str, component: dict[str, Any]) -> Reference:
        """Add a component unless it is there, under its name or, where another has it, with a number behind that."""
        found, free = self._found[kind], _other("_", name)
        number = 2
        while found.get(free, component) != component:
            free = _other("_", f"{name}.{number}")
            number += 1
        found[free] = component
        return {"$ref": f"#/components/{kind}/{free}"}

    def to_dict(self) -> dict[str, Any]:
        """Give the components that were added."""
        return {kind: dict(found) for kind, found in self._found.items() if found}
