"""The command `jsonapi-sieve`.

Exit codes: 0, also for a service that Ctrl-C ended; 1 where what was looked at is not in order: a server that breaks a
rule, a row that cannot be read, a change that breaks clients; 2 for what is refused, with the reason on stderr, and
before it the usage where an argument cannot be read; 130 when Ctrl-C ends anything else, and 141 when whoever reads the
output has gone.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Final

__all__ = ["main"]

_COMMANDS: Final = (
    ("explain", "sqlalchemy", "show what a query means and costs, its SQL, and code for rows, documents and bodies"),
    ("filter", "", "select the rows of a JSONL, CSV or Parquet file that a query asks for"),
    ("match", "", "tell of each row of a file which of many stored filters it passes"),
    ("generate", "service", "write made-up call detail records to a file or a database"),
    ("serve", "service", "serve the APIs of call detail records over HTTP, and show requests to try"),
    ("export", "service", "write the files of orders for exports, and look after orders and files"),
    ("token", "service", "make a token for a customer, which a service that has the same secret takes"),
    ("openapi", "schemas", "describe an API by OpenAPI 3.1, show its parameters, and tell what changed in it"),
    ("conformance", "conformance", "check a running server against JSON:API 1.1, and report rule by rule"),
)
"""The name of each command, which is that of its module, the extra that it needs, and what it does."""

# 128 and the number of the signal, as shells count.
_INTERRUPTED: Final = 130
_BROKEN_PIPE: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE


def _run(arguments: Sequence[str]) -> int:
    from jsonapi_sieve.cli.refused import Refused  # noqa: PLC0415  (the command alone needs no package)

    called = next((argument for argument in arguments if not argument.startswith("-")), "")
    program = f"jsonapi-sieve {called}"
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack a letter of a query
    try:
        options = _parser(called).parse_args(arguments)
        code = int(options.run(options))
        sys.stdout.flush()
    except Refused as refused:
        print(f"{program}: error: {refused}", *refused.lines, sep="\n", file=sys.stderr)
        return refused.code
    except BrokenPipeError:
        raise
    except OSError as error:  # of stdout; files have their names told
        _drop_output()
        print(f"{program}: error: the output cannot be written: {error.strerror or error}", file=sys.stderr)
        return Refused.code
    return code


def _drop_output() -> None:
    """Send what is still buffered nowhere; else the interpreter would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(called: str) -> argparse.ArgumentParser:
    """Make the parser, with the arguments of the command that is called: each needs packages of its own.

    Raises:
        Refused: when a package is missing.
    """
    from jsonapi_sieve.cli.refused import needing  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        "jsonapi-sieve",
        allow_abbrev=False,
        description="Explains JSON:API queries, filters files by them, serves call detail records, and checks servers.",
        epilog="Each command tells more: jsonapi-sieve filter --help",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {metadata.version('jsonapi-sieve')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, extra, words in _COMMANDS:
        command = commands.add_parser(
            name,
            help=words,
            description=f"{words[:1].upper()}{words[1:]}.",
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == called:
            with needing(extra):
                module = import_module(f"jsonapi_sieve.cli.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser
