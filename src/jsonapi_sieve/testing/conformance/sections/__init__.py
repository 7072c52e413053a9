"""The checks, a file for each section of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.testing.conformance.checking import Check
from jsonapi_sieve.testing.conformance.sections.negotiation import NEGOTIATION

__all__ = ["CHECKS", "UNSEEN"]

CHECKS: Final[tuple[Check, ...]] = (*NEGOTIATION,)
"""All checks, in the order in which they are made."""

UNSEEN: Final[Mapping[str, str]] = MappingProxyType({})
"""The rules that no answer can show to be kept or broken, and why."""
