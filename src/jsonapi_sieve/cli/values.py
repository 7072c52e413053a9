"""Values of arguments, read and refused with words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

__all__ = ["read_by", "whole"]

T = TypeVar("T")


def read_by(read: Callable[[str], T]) -> Callable[[str], T]:
    """Make a type of argument of a function; the message of its ValueError is what the user is told."""

    def convert(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def whole(most: int) -> Callable[[str], int]:
    """Make a type of argument that takes the whole numbers from 0 to `most`.

    >>> whole(65_535)("8000")
    8000
    """

    def convert(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to {most}")
        return int(text)

    return convert
