"""Link objects (JSON:API 1.1, "Link Objects")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from jsonapi_sieve.uris import is_language_tag, is_relation_type, is_uri_reference

__all__ = ["Link"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link that says more than where it leads; `encode` writes it wherever a link may stand.

    `href` is a URI or a relative reference, `rel` a relation type of RFC 8288, `type` a media type, and `hreflang` one
    language tag of RFC 5646 or several, those of what the link leads to. `describedby` leads to a description of that:
    a text is an `href`.

    >>> Link("/calls?sort=id", title="Calls", hreflang=("en", "de-CH")).to_dict()
    {'href': '/calls?sort=id', 'title': 'Calls', 'hreflang': ['en', 'de-CH']}

    Raises:
        ValueError: for an `href`, a `describedby`, a `rel` or a language that is none.
    """

    href: str
    rel: str | None = None
    describedby: str | Link | None = None
    title: str | None = None
    type: str | None = None
    hreflang: str | tuple[str, ...] | None = None
    meta: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        for reference in (self.href, self.describedby if isinstance(self.describedby, str) else ""):
            if not is_uri_reference(reference):
                raise ValueError(f"{reference!r} is no URI reference: escape what URIs do not have, as %5B for [")
        if self.rel is not None and not is_relation_type(self.rel):
            raise ValueError(f"{self.rel!r} is no relation type: one of lower case, or a URI")
        languages = () if self.hreflang is None else self.hreflang
        for language in languages if isinstance(languages, tuple) else (languages,):
            if not is_language_tag(language):
                raise ValueError(f"{language!r} is no language tag such as en or de-CH")

    def to_dict(self) -> dict[str, object]:
        """Give the members of the link object, those that it has."""
        members = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in members.items() if value is not None}


def _plain(value: object) -> object:
    match value:
        case Link():
            return value.to_dict()
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value
