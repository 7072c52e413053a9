"""Links made from templates, as expressions in generated code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, Final

from marshmallow_jsonapi.utils import tpl

from jsonapi_sieve.serialization.stock import Template

__all__ = ["attribute_asked", "link_source"]

_is_plain: Final = re.compile("[A-Za-z0-9_./:?&=~%+,;@!$-]*").fullmatch


def attribute_asked(parameter: object) -> str | None:
    """Give the attribute that a template's parameter asks for; None for one that is a constant.

    >>> attribute_asked("<account.id>"), attribute_asked("all")
    ('account.id', None)
    """
    return tpl(str(parameter)) or None


def link_source(
    template: object, values: Mapping[str, str], *, bind: Callable[[Any], str], escape: Callable[[str], str]
) -> str | None:
    """Write the expression for a link from those for its parameters; None for a template that is not known.

    `bind` gives a name to what cannot stand in code, and `escape` the expression for a value that is escaped.

    >>> link_source("/calls/{id}/{kind}", {"id": "a", "kind": "b"}, bind=repr, escape=str.upper)
    "f'/calls/{a}/{b}'"
    >>> link_source("/calls/{id:03d}", {"id": "a"}, bind=repr, escape=str.upper) is None
    True
    """
    if type(template) is not str and type(template) is not Template:
        return None
    try:
        pieces = list(Formatter().parse(str.__str__(template)))
    except ValueError:
        return None
    parts: list[str] = []
    for literal, name, form, conversion in pieces:
        parts.append(literal if _is_plain(literal) else f"{{{bind(literal)}}}")
        if name is None:
            continue
        if name not in values or form or conversion:
            return None
        parts.append(f"{{{escape(values[name]) if type(template) is Template else values[name]}}}")
    # One that may be empty is no link at all then.
    return f"f'{''.join(parts)}'" if any(literal for literal, *_ in pieces) else None
