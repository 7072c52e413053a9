"""What `--resource` and `--model` name: a resource of the domain, or declarations in a module of the user's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard, cast

from jsonapi_sieve import DeclarationError, Field, FilterSet, types
from jsonapi_sieve.cli.refused import Refused, needing
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.query import QueryParser
from jsonapi_sieve.types import ValueType

if TYPE_CHECKING:
    from jsonapi_sieve.resource import Resource

__all__ = ["RESOURCES", "Listing", "add_resource_argument", "filters_of", "named", "open_model", "open_resource"]

Listing: TypeAlias = "Resource | QueryParser"
"""What reads the query of a listing."""

RESOURCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "cdrs": ("CDRS", "Cdr"),
        "cdr-exports": ("cdr_exports", "CdrExport"),
        "accounts": ("ACCOUNTS", "Account"),
        "transport-protocols": ("TRANSPORT_PROTOCOLS", "TransportProtocol"),
        "did-cdr-exports": ("DID_CDR_EXPORTS", "DidCdrExport"),
        "did-exports": ("DID_EXPORTS", "DidExport"),
    }
)
"""The resources of the domain, each with its name in `cdr.resources` and that of its model in `cdr.models`."""

_TYPES: Final[Mapping[str, ValueType[Any, Any]]] = MappingProxyType(
    {
        type_.name: type_
        for type_ in (
            types.Boolean(),
            types.Integer(),
            types.Decimal(),
            types.Float(),
            types.Text(),
            types.Uuid(),
            types.Address(),
            types.Timestamp(),
            types.Date(),
        )
    }
)


def add_resource_argument(parser: argparse.ArgumentParser | argparse._ArgumentGroup, *, required: bool) -> None:
    """Add the argument that names a resource."""
    parser.add_argument(
        "--resource",
        required=required,
        metavar="NAME",
        help=f"what can be asked: {', '.join(RESOURCES)}, or module:name of a Resource or FilterSet of your own",
    )


def open_resource(name: str) -> Listing:
    """Give the listing that `--resource` names; of a FilterSet, one that takes nothing but its filters.

    Raises:
        Refused: when there is none of the name, or something else.
    """
    if ":" not in name:
        if name not in RESOURCES:
            raise Refused(f"{name!r} is no resource; there are {', '.join(RESOURCES)}, or write module:name")
        with needing("schemas"):
            made = vars(import_module("jsonapi_sieve.cdr.resources"))[RESOURCES[name][0]]
        return cast("Listing", made() if callable(made) else made)
    found = named(name)
    if isinstance(found, type) and issubclass(found, FilterSet):
        try:
            found = found()
        except TypeError as error:
            raise Refused(f"{name} cannot be made without arguments: {error}; name one that is made") from error
    if isinstance(found, FilterSet):
        return QueryParser(filters=found, sort=None, pages=None, includes=Includes({}), fieldsets=Fieldsets({}))
    if not _is_listing(found):
        raise Refused(f"{name} is a {type(found).__name__}; a Resource, a QueryParser or a FilterSet is needed")
    return found


def _is_listing(found: object) -> TypeGuard[Listing]:
    with suppress(ImportError):  # without the package that schemas need there is no Resource
        from jsonapi_sieve.resource import Resource  # noqa: PLC0415

        return isinstance(found, (Resource, QueryParser))
    return isinstance(found, QueryParser)


def open_model(resource: str, model: str | None) -> Any | None:
    """Give the mapped class or table that `--model` names, or the model of the domain's resource; None without any.

    Raises:
        Refused: when there is none of the name.
    """
    if model is not None:
        return named(model)
    if resource not in RESOURCES:
        return None
    with needing("sqlalchemy"):
        return vars(import_module("jsonapi_sieve.cdr.models"))[RESOURCES[resource][1]]


def named(name: str) -> object:
    """Give what a module holds by a name, `module:name`; modules are looked for in the working directory too.

    Raises:
        Refused: when there is no such module, or nothing of the name in it.
    """
    module, _, attribute = name.partition(":")
    if not all(part.isidentifier() for part in module.split(".")):
        raise Refused(f"{name} cannot be imported: {module!r} is no name of a module; write module:name")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = vars(import_module(module))
    except (ImportError, SyntaxError) as error:
        raise Refused(f"{name} cannot be imported: {error}") from error
    except (Exception, SystemExit) as error:  # whatever the user's module does
        at = extract_tb(error.__traceback__)[-1]
        place = f"{Path(at.filename).name}, line {at.lineno}"
        raise Refused(f"{name} cannot be imported: {type(error).__name__}: {error} ({place})") from error
    if attribute not in found:
        raise Refused(f"{module} has no {attribute!r}; write module:name")
    return cast("object", found[attribute])


def filters_of(declared: list[str]) -> FilterSet:
    """Make a FilterSet of texts such as `duration:integer`; each of its attributes has all operators and may be NULL.

    >>> filters_of(["duration:integer", "name:text"]).parse("filter[duration-gt]=60")
    And(duration > 60)

    Raises:
        Refused: for a text that declares nothing.
    """
    fields: dict[str, object] = {}
    for number, text in enumerate(declared):
        name, _, type_ = text.partition(":")
        if type_ not in _TYPES:
            raise Refused(f"{text!r} declares no field: write name:type, with a type of {', '.join(_TYPES)}")
        try:
            operators = [operator.name for operator in offered_by(type_)]
            fields[f"field_{number}"] = Field(_TYPES[type_], nullable=True, name=name, operators=operators)
        except DeclarationError as error:
            raise Refused(f"{text!r} declares no field: {error}") from error
    try:
        return cast("type[FilterSet]", type("DeclaredFilters", (FilterSet,), fields))()
    except DeclarationError as error:
        raise Refused(str(error)) from error
