"""The secret that tokens are signed with: from the environment, or from a file that a service makes once."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.service import Tokens

__all__ = ["VARIABLE", "add_secret_argument", "read_or_make_secret", "read_secret", "state_directory", "tokens_of"]

VARIABLE: Final = "JSONAPI_SIEVE_SECRET"

_OTHERS: Final = 0o077  # the permissions of everybody but the owner


def state_directory() -> Path:
    """Give the directory for what a program keeps of a user between runs (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "jsonapi-sieve"


def read_secret(path: Path | None) -> str:
    """Give the secret of the environment, unless a file is named; else that of the file.

    Without a name the file is one in the user's state directory. A file that others can read is warned of on stderr.

    Raises:
        Refused: when there is neither.
        OSError: when the file cannot be read.
        UnicodeDecodeError: when it holds no text.
    """
    file = _file_of(path)
    if file is None:
        return os.environ[VARIABLE]
    if not file.exists():
        raise Refused(f"there is no secret in {file}; name the file of the service by --secret-file, or set {VARIABLE}")
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        print(f"warning: others can read {file}, and make tokens of any customer; chmod 600 it", file=sys.stderr)
    return file.read_text().strip()


def read_or_make_secret(path: Path | None) -> str:
    """Give the secret as `read_secret` does, and make the file first where there is neither.

    Raises:
        OSError: when the file can be neither read nor made.
        UnicodeDecodeError: when it holds no text.
    """
    file = _file_of(path)
    if file is not None and not file.exists():
        _make(file)
    return read_secret(path)


def _file_of(path: Path | None) -> Path | None:
    """Give the file of the secret; None where the environment has it."""
    if path is None and VARIABLE in os.environ:
        return None
    return path or state_directory() / "secret"


def _make(file: Path) -> None:
    """Make a file that only its owner can read; of several that try at once, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}-") as new:  # of mode 0600
        new.write(secrets.token_urlsafe(48) + "\n")
        new.flush()
        try:
            os.link(new.name, file)
        except FileExistsError:
            return


def add_secret_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the file of the secret."""
    parser.add_argument(
        "--secret-file",
        type=Path,
        metavar="FILE",
        help=f"what tokens are signed with, which serve makes when it is missing (${VARIABLE}, or secret in the user's "
        "state directory)",
    )


def tokens_of(options: argparse.Namespace, read: Callable[[Path | None], str]) -> Tokens:
    """Give what makes and reads tokens; `read` gives the secret that is in a file.

    Raises:
        Refused: for a file that cannot be used, and a secret too short to be one.
    """
    try:
        return Tokens(read(options.secret_file))
    except (OSError, ValueError) as error:
        raise Refused(f"the secret cannot be used: {error}") from error
