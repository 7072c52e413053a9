"""A kit that checks a whole server against the numbered rules of JSON:API 1.1.

It needs httpx, which the extra `conformance` brings.
"""

from jsonapi_sieve.testing.conformance.description import Collection, Description, Paging
from jsonapi_sieve.testing.conformance.limits import Limits
from jsonapi_sieve.testing.conformance.report import Finding, Report
from jsonapi_sieve.testing.conformance.running import check

__all__ = ["Collection", "Description", "Finding", "Limits", "Paging", "Report", "check"]
