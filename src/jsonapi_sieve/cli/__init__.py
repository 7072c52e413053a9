"""The command `jsonapi-sieve`.

Exit codes: 0, also for a service that Ctrl-C ended; 2 for what is refused, with the reason on stderr, and before it the
usage where an argument cannot be read; 130 when Ctrl-C ends anything else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

__all__ = ["main"]

_INTERRUPTED: Final = 130  # 128 and the number of the signal, as shells count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    try:
        from jsonapi_sieve.cli import serve, token  # noqa: PLC0415  (they need more than the library itself)
        from jsonapi_sieve.cli.refused import Refused  # noqa: PLC0415
    except ModuleNotFoundError as error:
        print(f'{error}; install it with pip install "jsonapi-sieve[service]"', file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser("jsonapi-sieve", allow_abbrev=False, description="Serves call detail records.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module, words in (
        ("serve", serve, "serve the APIs of call detail records over HTTP, and show requests to try"),
        ("token", token, "make a token for a customer, which a service that has the same secret takes"),
    ):
        command = commands.add_parser(
            name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, prog=command.prog)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Refused as refused:
        print(f"{options.prog}: error: {refused}", file=sys.stderr)
        return 2
