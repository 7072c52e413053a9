"""The command `openapi`: describes an API by OpenAPI 3.1, and tells what changed since an older description."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from jsonapi_sieve.cdr import openapi as domain
from jsonapi_sieve.cli.declared import named
from jsonapi_sieve.cli.refused import Refused, using
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.openapi import Collection, Difference, differences, openapi, parameter_tables
from jsonapi_sieve.resource import Resource

__all__ = ["add_arguments", "run"]

_APIS: Final = {"customer": domain.customer_api, "did": domain.did_api}

_EXAMPLES: Final = """examples:
  jsonapi-sieve openapi > openapi.json
  jsonapi-sieve openapi did --format markdown
  jsonapi-sieve openapi shop.api:resources --title Shop --api-version 2.1 --server https://shop.example/api
  jsonapi-sieve openapi shop.api:resources --diff openapi.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "api",
        nargs="?",
        default="customer",
        metavar="API",
        help="customer or did, the APIs of call detail records, or module:name of a Resource or Collection of your own,"
        " of several in a list, of a finished document, or of a function that gives one of these (%(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=("json", "table", "markdown"),
        help="the document (json, the default), or its parameters as lines of text or in Markdown;"
        " with --diff the changes, as lines of text unless it says otherwise",
    )
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument(
        "--diff", type=Path, metavar="OLD", help="a document as it was: tell what changed; exit code 1 if that breaks"
    )
    own = parser.add_argument_group("for resources of your own")
    own.add_argument("--title", default="API", help="the title of the API (%(default)s)")
    own.add_argument("--api-version", default="1", metavar="VERSION", help="the version of the API (%(default)s)")
    own.add_argument("--server", action="append", default=[], metavar="URL", help="where it is; may be repeated")
    own.add_argument(
        "--hide", action="append", default=[], metavar="NAME", help="an attribute or relationship to leave out"
    )


def run(options: argparse.Namespace) -> int:
    """Print the document, its tables, or what changed; returns the exit code, 1 where a change breaks clients.

    Raises:
        Refused: for what is no API, and for an old document that is none.
    """
    document = _document(options)
    if options.diff is not None:
        found = differences(_read(options.diff), document)
        print(_changes(found, options.format or "table"))
        return int(any(difference.breaking for difference in found))
    if options.format in (None, "json"):
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return 0
    is_markdown = options.format == "markdown"
    for table in parameter_tables(document):
        print(f"## {table.operation}" if is_markdown else table.operation, end="\n\n")
        print(table.to_markdown() if is_markdown else table.to_text(), end="\n\n")
    return 0


def _document(options: argparse.Namespace) -> Mapping[str, Any]:
    if ":" not in options.api and options.api not in _APIS:
        raise Refused(f"{options.api!r} is no API; there are {', '.join(_APIS)}, or write module:name")
    found = _APIS[options.api] if options.api in _APIS else named(options.api)
    if callable(found):
        found = found()
    match found:
        case dict():
            return _checked(found, options.api)
        case Resource() | Collection():
            return _described([found], options)
        case Iterable():
            return _described(list(found), options)
        case _:
            raise _no_api(options.api, found)


def _described(resources: list[Any], options: argparse.Namespace) -> Mapping[str, Any]:
    for each in resources:
        if not isinstance(each, (Resource, Collection)):
            raise _no_api(options.api, each)
    try:
        return openapi(
            *resources,
            title=options.title,
            version=options.api_version,
            servers=options.server,
            visible=lambda name: name not in options.hide,
        )
    except DeclarationError as error:
        raise Refused(str(error)) from error


def _no_api(name: str, found: object) -> Refused:
    held = type(found).__name__
    return Refused(f"{name} is of the type {held}; a Resource, a Collection, or several in a list are needed")


def _read(file: Path) -> Mapping[str, Any]:
    with using(str(file), "read"):
        text = file.read_bytes()
    try:
        return _checked(json.loads(text), str(file))
    except ValueError as error:
        raise Refused(f"{file} is no JSON: {error}") from error


def _checked(document: Any, name: str) -> Mapping[str, Any]:
    """Check that something is an OpenAPI document, as far as it is looked at here."""
    match document:
        case {"openapi": str(), "paths": dict(), **members}:
            return {"components": {}, **members, **document}
        case _:
            raise Refused(f"{name} is no OpenAPI document in JSON")


def _changes(found: list[Difference], form: str) -> str:
    match form:
        case "json":
            told = {"differences": [difference._asdict() for difference in found]}
            return json.dumps(told, indent=2, ensure_ascii=False)
        case "markdown":
            lines = [
                f"* **{'breaking' if each.breaking else 'harmless'}** `{each.place}`: {each.message}" for each in found
            ]
        case _:
            lines = [str(difference) for difference in found]
    return "\n".join(lines) or "Nothing changed."
