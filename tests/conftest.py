"""Settings for every test."""

from hypothesis import settings

from tests.ransack.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

# How long an example takes says more about the load of the machine than about the code.
settings.register_profile("unhurried", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile("unhurried")
