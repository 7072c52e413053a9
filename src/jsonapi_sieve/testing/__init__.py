"""Checks for users' own tests: of JSON:API 1.1 documents, and of value types of their own."""

from jsonapi_sieve.testing.document import assert_document, check_document
from jsonapi_sieve.testing.rules import RULES, Kind, Rule
from jsonapi_sieve.testing.same_rows import assert_same_rows
from jsonapi_sieve.testing.value_types import assert_value_type
from jsonapi_sieve.testing.violation import Violation

__all__ = [
    "RULES",
    "Kind",
    "Rule",
    "Violation",
    "assert_document",
    "assert_same_rows",
    "assert_value_type",
    "check_document",
]
