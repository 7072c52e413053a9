"""A check of JSON:API 1.1 documents, for users' own tests."""

from jsonapi_sieve.testing.document import assert_document, check_document
from jsonapi_sieve.testing.rules import RULES, Kind, Rule
from jsonapi_sieve.testing.violation import Violation

__all__ = ["RULES", "Kind", "Rule", "Violation", "assert_document", "check_document"]
