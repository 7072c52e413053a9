"""All rules of JSON:API 1.1 that concern a server, those of its cursor pagination profile, and what is recommended."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.testing.document_rules import DOCUMENT_RULES
from jsonapi_sieve.testing.rule import Kind, Rule
from jsonapi_sieve.testing.server_rules import SERVER_RULES

__all__ = ["RULES", "Kind", "Rule"]

# The order of the specification.
_SECTIONS: Final = (
    *("CN", "DOC", "LNK", "MEM", "QRY", "FET", "INC", "FLD", "SRT", "PAG", "FIL", "ERR"),
    *("CRE", "UPD", "REL", "DEL", "REC", "CUR"),
)


def _in_order(rules: Mapping[str, Rule]) -> Mapping[str, Rule]:
    names = sorted(rules, key=lambda name: (_SECTIONS.index(name.partition("-")[0]), name))
    return MappingProxyType({name: rules[name] for name in names})


RULES: Final[Mapping[str, Rule]] = _in_order({**DOCUMENT_RULES, **SERVER_RULES})
"""Every rule by its short name, section by section."""
