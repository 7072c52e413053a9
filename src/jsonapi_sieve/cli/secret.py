"""The secret that tokens are signed with: from the environment, or from a file that is made once."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Final

from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.service import Tokens

__all__ = ["VARIABLE", "add_secret_argument", "read_secret", "state_directory", "tokens_of"]

VARIABLE: Final = "JSONAPI_SIEVE_SECRET"

_OTHERS: Final = 0o077  # the permissions of everybody but the owner


def state_directory() -> Path:
    """Give the directory for what a program keeps of a user between runs (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "jsonapi-sieve"


def read_secret(path: Path | None) -> str:
    """Give the secret of the environment, unless a file is named; else that of the file, which is made if need be.

    Without a name the file is one in the user's state directory. So a token made by one command is valid for another.
    A file that others can read is warned of on stderr.

    Raises:
        OSError: when the file can be neither read nor made.
        UnicodeDecodeError: when it holds no text.
    """
    if path is None and VARIABLE in os.environ:
        return os.environ[VARIABLE]
    file = path or state_directory() / "secret"
    if not file.exists():
        _make(file)
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        print(f"warning: others can read {file}, and make tokens of any customer; chmod 600 it", file=sys.stderr)
    return file.read_text().strip()


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
        help=f"what tokens are signed with, made when it is missing (${VARIABLE}, or secret in the user's state "
        "directory)",
    )


def tokens_of(options: argparse.Namespace) -> Tokens:
    """Give what makes and reads tokens.

    Raises:
        Refused: for a file that cannot be used, and a secret too short to be one.
    """
    try:
        return Tokens(read_secret(options.secret_file))
    except (OSError, ValueError) as error:
        raise Refused(f"the secret cannot be used: {error}") from error
