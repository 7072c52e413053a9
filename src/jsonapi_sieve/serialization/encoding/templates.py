"""Texts that are the same for all resources but for a few places, such as links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import quote

from marshmallow_jsonapi.utils import tpl

from jsonapi_sieve.document import to_json

__all__ = ["ORIGIN", "Part", "Slot", "Template", "link_parts"]

ORIGIN: Final = "\0"
"""Where the scheme and host of the request's URL come in; JSON has no such character."""

_ABSOLUTE: Final = re.compile("/[^/{]").match


class Slot(NamedTuple):
    """A place for a text of each row: a value of what `kind` says."""

    kind: str
    name: str = ""


Part: TypeAlias = str | Slot


class Template:
    """Parts of JSON and places between them.

    >>> links = Template(['{"self":"', ORIGIN, "/calls/", Slot("id"), '"}'])
    >>> links.fill({Slot("id"): ["7", "8"]}, "https://example.org", 2)
    ['{"self":"https://example.org/calls/7"}', '{"self":"https://example.org/calls/8"}']
    """

    __slots__ = ("_texts", "slots")

    slots: tuple[Slot, ...]

    def __init__(self, parts: Sequence[Part]) -> None:
        texts, slots = [""], []
        for part in parts:
            if isinstance(part, Slot):
                slots.append(part)
                texts.append("")
            else:
                texts[-1] += part
        self._texts = tuple(texts)
        self.slots = tuple(slots)

    def fill(self, columns: Mapping[Slot, Sequence[str]], origin: str, count: int) -> list[str]:
        """Write the text of each of `count` rows; the columns hold JSON."""
        texts = [text.replace(ORIGIN, origin) for text in self._texts]
        if not self.slots:
            return texts * count
        used = [columns[slot] for slot in self.slots]
        if all(column is used[0] for column in used):
            return [text.join(texts) for text in used[0]]
        template = "%s".join(text.replace("%", "%%") for text in texts)
        return [template % values for values in zip(*used, strict=True)]


def link_parts(template: str, values: Mapping[str, Any], kind: str) -> list[Part] | None:
    r"""Give the parts of a link that marshmallow-jsonapi makes of a template; None where it may be made otherwise.

    >>> link_parts("/calls/{id}/account", {"id": "<id>"}, "path")
    ['\x00', '/calls/', Slot(kind='path', name='id'), '/account']
    """
    parts: list[Part] = [ORIGIN] if _ABSOLUTE(template) else []
    if not parts and template.startswith(("/", "{")):
        return None  # what a row holds would decide whether a host comes before it
    used = set()
    for literal, name, specification, conversion in Formatter().parse(template):
        parts.append(to_json(literal)[1:-1])
        if name is None:
            continue
        used.add(name)
        value = values.get(name)
        if specification or conversion or type(value) not in (str, int):
            return None
        attribute = tpl(str(value))
        parts.append(Slot(kind, attribute) if attribute else quote(str(value), safe="", errors="replace"))
    return parts if used == values.keys() else None
