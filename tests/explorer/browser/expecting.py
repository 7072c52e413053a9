"""Playwright's `expect`, which waits for what is expected; only the environment of these tests has it."""

from __future__ import annotations

from typing import Any

__all__ = ["expect"]


def expect(actual: Any) -> Any:
    """Expects something of an element or a page, within some seconds."""
    from playwright.sync_api import expect as expected  # noqa: PLC0415

    return expected(actual)
