"""Paging: which part of a collection a client asks for, and the links to the other parts."""

from jsonapi_sieve.paging.counts import Capped, Counting
from jsonapi_sieve.paging.cursor_pages import CursorPage, CursorPages, Shown
from jsonapi_sieve.paging.listed import AnyPages
from jsonapi_sieve.paging.numbered import NumberedPage, NumberedPages
from jsonapi_sieve.paging.offset import OffsetPage, OffsetPages
from jsonapi_sieve.paging.protocol import Page, Pages

__all__ = [
    "AnyPages",
    "Capped",
    "Counting",
    "CursorPage",
    "CursorPages",
    "NumberedPage",
    "NumberedPages",
    "OffsetPage",
    "OffsetPages",
    "Page",
    "Pages",
    "Shown",
]
