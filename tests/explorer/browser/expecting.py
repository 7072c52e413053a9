"""Playwright's `expect`, which waits for what is expected; only the environment of these tests has it."""

from __future__ import annotations

from typing import Any

from tests.patience import PATIENCE

__all__ = ["expect"]


def expect(actual: Any) -> Any:
    """Expects something of an element or a page, however slow the machine is."""
    from playwright.sync_api import expect as expected  # noqa: PLC0415

    expected.set_options(timeout=1000 * PATIENCE)
    return expected(actual)
