"""Why a command ends without having done what it was called for; the message says what to change."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Literal

__all__ = ["Refused", "Unsound", "needing", "using"]


class Refused(Exception):
    """A command is called with what it cannot work with. `lines` stand below the message, for people to look at."""

    code: ClassVar[int] = 2

    def __init__(self, message: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.lines: tuple[str, ...] = lines


class Unsound(Refused):
    """What a command looked at is not in order: a row of a file that cannot be read, say."""

    code: ClassVar[int] = 1


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Say of a package that is missing inside how to get it: by an extra of this library.

    >>> with needing("parquet"):
    ...     import no_such_package
    Traceback (most recent call last):
    jsonapi_sieve.cli.refused.Refused: No module named 'no_such_package'; install it with pip install \
"jsonapi-sieve[parquet]"
    """
    try:
        yield
    except ImportError as error:
        raise _missing(error, extra) from error


def _missing(error: ImportError, extra: str) -> Refused:
    """Say of a package that is missing how to get it, and of one that cannot be used what that says itself."""
    absent = error if isinstance(error, ModuleNotFoundError) else error.__cause__
    if not isinstance(absent, ModuleNotFoundError):
        return Refused(str(error))
    return Refused(f'{absent}; install it with pip install "jsonapi-sieve[{extra}]"')


@contextmanager
def using(name: str, done: Literal["read", "written"]) -> Iterator[None]:
    """Say of a file that it cannot be read or written, and why; who has left a pipe is not told."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        said = error.strerror or " ".join(str(error).split())  # PyArrow says it in several lines
        raise Refused(f"{name} cannot be {done}: {said}") from error
    except (EOFError, zlib.error) as error:
        raise Refused(f"{name} cannot be unpacked: {error}") from error
