"""The command `jsonapi-sieve`.

Exit codes: 0, also for a service that Ctrl-C ended; 1 for a server that breaks a rule; 2 for what is refused, with the
reason on stderr, and before it the usage where an argument cannot be read; 130 when Ctrl-C ends anything else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

__all__ = ["main"]

_COMMANDS: Final = (
    ("serve", "service", "serve the APIs of call detail records over HTTP, and show requests to try"),
    ("token", "service", "make a token for a customer, which a service that has the same secret takes"),
    ("conformance", "conformance", "check a running server against JSON:API 1.1, and report rule by rule"),
)
"""The name of each command, which is that of its module, the extra that it needs, and what it does."""

_INTERRUPTED: Final = 130  # 128 and the number of the signal, as shells count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    from jsonapi_sieve.cli.refused import Refused  # noqa: PLC0415  (the command alone needs no package)

    parser = argparse.ArgumentParser(
        "jsonapi-sieve",
        allow_abbrev=False,
        description="Serves call detail records, and checks servers against JSON:API.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, extra, words in _COMMANDS:
        command = commands.add_parser(
            name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
        )
        command.set_defaults(prog=command.prog)
        try:
            module = import_module(f"jsonapi_sieve.cli.{name}")
        except ModuleNotFoundError as error:
            # Each command needs packages of its own; those of the others may be missing.
            command.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
            command.set_defaults(run=_missing(error, extra))
        else:
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Refused as refused:
        print(f"{options.prog}: error: {refused}", file=sys.stderr)
        return 2


def _missing(error: ModuleNotFoundError, extra: str) -> Callable[[argparse.Namespace], int]:
    """Make what a command does that lacks a package: it says how to get it."""

    def tell(_: argparse.Namespace) -> int:
        print(f'{error}; install it with pip install "jsonapi-sieve[{extra}]"', file=sys.stderr)
        return 2

    return tell
