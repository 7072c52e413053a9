"""The page and its files, as the package has them: each is read once, and kept by browsers for as long as it is so."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.conditional import entity_tag, is_current
from jsonapi_sieve.explorer.replies import OF_FORMS, fresh

__all__ = ["Files"]

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    }
)


class Files:
    """The files of the page by name. `digest` is that of all of them: other files have other addresses.

    >>> files = Files()
    >>> files.page(None).status, files.file("app.js").headers["Cache-Control"], files.file("../__init__.py")
    (200, 'public, max-age=31536000, immutable', None)
    """

    def __init__(self) -> None:
        folder = files("jsonapi_sieve.explorer") / "static"
        found = sorted((each.name, each.read_bytes()) for each in folder.iterdir() if each.is_file())
        self._files = {name: body for name, body in found if name.rpartition(".")[2] in _TYPES}
        hashed = blake2b(digest_size=8)
        for name, body in self._files.items():
            hashed.update(f"{name} {len(body)} ".encode() + body)
        self.digest: str = hashed.hexdigest()
        self._page = self._referring("index.html", "explorer/")
        self._opening = self._referring("open.html", "")
        self._tag = entity_tag(self._page, _TYPES["html"])

    def page(self, if_none_match: str | None) -> Answer:
        """Give the page, which has no data in it and is for everybody."""
        kept = {"Cache-Control": "no-cache", "ETag": self._tag}
        if is_current(if_none_match, self._tag):
            return Answer(b"", 304, kept)
        return fresh(self._page, _TYPES["html"], headers=kept)

    def opening(self) -> Answer:
        """Give the page behind a link, whose button sends its own address by POST: the token stands nowhere in it."""
        return fresh(self._opening, _TYPES["html"], headers=OF_FORMS)

    def file(self, name: str) -> Answer | None:
        """Give a file; None where there is none of the name."""
        body = self._files.get(name)
        if body is None:
            return None
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return fresh(body, _TYPES[name.rpartition(".")[2]], headers=kept)

    def _referring(self, name: str, folder: str) -> bytes:
        """Take a page out of the files, and let it refer to these from below a folder."""
        return self._files.pop(name).replace(b'"static/', f'"{folder}{self.digest}/'.encode())
