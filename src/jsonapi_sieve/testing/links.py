"""Links and link objects (JSON:API 1.1, "Links")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.members import Shape, check_meta
from jsonapi_sieve.testing.pointers import Finding, Place
from jsonapi_sieve.uris import is_language_tag, is_relation_type, is_uri_reference

__all__ = ["PAGING", "check_links", "check_paging"]

PAGING: Final = ("first", "last", "prev", "next")

_LINK_OBJECT: Final = Shape(
    "A link object", ("href", "rel", "describedby", "title", "type", "hreflang", "meta"), "LNK-02"
)


def check_links(holder: dict[str, Any], at: Place, shape: Shape) -> Iterator[Finding]:
    """Check the `links` of an object, if it has some; `shape` says which ones there may be."""
    if "links" in holder:
        links, at = holder["links"], at / "links"
        if not isinstance(links, dict):
            yield at.breaks("DOC-14", f"links is {shown(links)}, and has to be an object.")
            return
        yield from shape.check(links, at)
        for name in shape.members:
            if name in links:
                yield from _check_link(links[name], at / name)


def check_paging(holder: dict[str, Any], at: Place) -> Iterator[Finding]:
    """Check that an object whose data is no collection has no links of paging; null ones are none."""
    links = holder.get("links")
    if "data" in holder and not isinstance(holder["data"], list) and isinstance(links, dict):
        for name in PAGING:
            if links.get(name) is not None:
                yield (at / "links" / name).breaks("PAG-01", f"The data beside this link {name} is no collection.")


def _check_link(link: object, at: Place) -> Iterator[Finding]:
    while isinstance(link, dict):
        yield from _check_link_object(link, at)
        # What describes the target is a link, and can be a link object again.
        link, at = link.get("describedby"), at / "describedby"
    if link is not None and not is_uri_reference(link):
        yield at.breaks("LNK-01", f"This link is {shown(link)}, and has to be a URI reference, a link object or null.")


def _check_link_object(link: dict[str, Any], at: Place) -> Iterator[Finding]:
    yield from _LINK_OBJECT.check(link, at)
    yield from check_meta(link, at)
    if "href" not in link:
        yield at.breaks("LNK-02", "A link object needs an href.")
    elif not is_uri_reference(link["href"]):
        yield (at / "href").breaks("LNK-02", f"href is {shown(link['href'])}, and has to be a URI reference.")
    if "rel" in link and not is_relation_type(link["rel"]):
        yield (at / "rel").breaks("LNK-03", f"rel is {shown(link['rel'])}, and has to be one relation type.")
    for name in ("title", "type"):
        if not isinstance(link.get(name, ""), str):
            yield (at / name).breaks("LNK-02", f"{name} is {shown(link[name])}, and has to be text.")
    if "hreflang" in link:
        yield from _check_languages(link["hreflang"], at / "hreflang")


def _check_languages(value: object, at: Place) -> Iterator[Finding]:
    tags = [(tag, at / index) for index, tag in enumerate(value)] if isinstance(value, list) else [(value, at)]
    for tag, place in tags:
        if not is_language_tag(tag):
            yield place.breaks("LNK-02", f"hreflang is {shown(tag)}, and has to be a language tag such as en or de-CH.")
