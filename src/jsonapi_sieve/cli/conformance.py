"""The command `conformance`: checks a running server against JSON:API 1.1, rule by rule."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx

from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.cli.values import read_by
from jsonapi_sieve.testing.conformance import Description, check
from jsonapi_sieve.testing.conformance.running import named

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve conformance https://example.com/api/articles
  jsonapi-sieve conformance https://example.com/api --description api.toml --header 'Authorization: Bearer x'
  jsonapi-sieve conformance http://localhost:8000/articles --no-create --only FET,PAG --json
"""

_QUIET: Final = 2.0
"""Seconds between two lines of progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "url", type=read_by(_url), help="the base URL of an API, or without a description the address of one collection"
    )
    parser.add_argument(
        "--description", type=Path, metavar="FILE", help="a TOML file that tells of the collections and what they offer"
    )
    parser.add_argument(
        "--header",
        type=read_by(_header),
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="a header to send with each request, such as a token; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--recommended", action="store_true", help="fail also for what is only recommended")
    parser.add_argument("--no-create", action="store_true", help="send nothing but GET and HEAD")
    parser.add_argument(
        "--only",
        type=_rules,
        default=[],
        metavar="RULES",
        help="the rules or sections to look at, with commas between, such as CN,DOC-05",
    )
    parser.add_argument(
        "--except",
        dest="except_",
        type=_rules,
        default=[],
        metavar="RULES",
        help="those not to look at, such as REC-01",
    )


def run(options: argparse.Namespace) -> int:
    """Check a server and print the report; returns the exit code, 1 where a rule is broken.

    Raises:
        Refused: for arguments that cannot be worked with, for a server that does not answer or of which nothing else
            can be seen, and for one that seems right but cannot be asked everything.
    """
    description = _described(options)
    report = check(options.url, description, only=options.only, except_=options.except_, progress=_progress())
    print(report.to_json() if options.json else report)
    if not (report.checked and report.answered):
        raise Refused(f"nothing of {options.url} could be checked")
    if report.fails(recommended=options.recommended):
        return 1
    if not report.complete:
        raise Refused(f"the check of {options.url} was cut short: {report.stopped}")
    return 0


def _described(options: argparse.Namespace) -> Description:
    """Give the description that the arguments tell of.

    Raises:
        Refused: for a file that is no description, and for a name in `only` or `except_` that no rule or section has.
    """
    try:
        description = Description() if options.description is None else Description.load(options.description)
        named([*options.only, *options.except_])
    except ValueError as error:
        raise Refused(str(error)) from error
    return replace(
        description,
        headers={**description.headers, **dict(options.header)},
        create=description.create and not options.no_create,
    )


def _rules(text: str) -> list[str]:
    return text.split(",")


def _url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"{text!r} is no URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{text!r} is no URL that begins with http:// or https://")
    return text


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise ValueError(f"{text!r} is no header; it has to be 'Name: value'")
    return name.strip(), value.strip()


def _progress() -> Callable[[str], None]:
    """Make a function that tells on stderr what is being checked, but not all of it."""
    told = time.monotonic()

    def tell(what: str) -> None:
        nonlocal told
        if time.monotonic() - told >= _QUIET:
            told = time.monotonic()
            print(f"checking {what} ...", file=sys.stderr, flush=True)

    return tell
