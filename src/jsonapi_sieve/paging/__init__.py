"""Paging: which part of a collection a client asks for, and the links to the other parts."""

from jsonapi_sieve.paging.numbered import NumberedPage, NumberedPages
from jsonapi_sieve.paging.protocol import Page, Pages

__all__ = ["NumberedPage", "NumberedPages", "Page", "Pages"]
