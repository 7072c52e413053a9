"""The command `token`: makes a token for a customer, which a service that has the same secret takes."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import Final, get_args

from jsonapi_sieve.cli.secret import add_secret_argument, read_secret, tokens_of
from jsonapi_sieve.cli.values import whole
from jsonapi_sieve.service import Audience

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve token --customer 2 --hours 24
  jsonapi-sieve token --customer 2 --audience did-v3 --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "--customer", type=whole(2**31 - 1), required=True, metavar="N", help="whose rows the token shows"
    )
    parser.add_argument("--hours", type=whole(1_000_000), metavar="H", help="how long it is valid (for ever)")
    parser.add_argument(
        "--audience",
        choices=get_args(Audience),
        default="customer-v1",
        help="the API that it is for: the header Authorization of the customer API, or Api-Key of version 3 "
        "(%(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Print the token; returns the exit code.

    Raises:
        Refused: when there is no secret to sign it with.
    """
    lifetime = None if options.hours is None else timedelta(hours=options.hours)
    token = tokens_of(options, read_secret).issue(options.audience, options.customer, lifetime)
    told = {"token": token, "customer": options.customer, "audience": options.audience, "hours": options.hours}
    print(json.dumps(told) if options.json else token)
    return 0
