"""The rules that no check looks at, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["UNSEEN"]

_DECLARED: Final = "It binds what a server declares, and no answer shows that."
_UPDATES: Final = "The kit changes nothing that exists."
_CHOICE: Final = "The specification leaves it to the server."

UNSEEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "MEM-03": "It says of the inside of names what MEM-02 says of their ends, and is told as that.",
        "QRY-02": _CHOICE,
        "QRY-08": _DECLARED,
        "FLD-04": _CHOICE,
        "FIL-05": "A profile that the description names is asked for by CN-04.",
        "ERR-12": _CHOICE,
        "CRE-08": "No answer shows whether what it says is created is done.",
        "CRE-12": "Nothing is sent to collections that create nothing.",
        **dict.fromkeys(
            ("UPD-01", "UPD-02", "UPD-03", "UPD-04", "UPD-05", "REL-01", "REL-02", "REL-03", "REL-04", "REL-05"),
            _UPDATES,
        ),
        "REC-05": _UPDATES,
        "REC-07": _CHOICE,
        "CUR-03": _UPDATES,
        "CUR-06": _DECLARED,
    }
)
"""Each such rule with a sentence."""
