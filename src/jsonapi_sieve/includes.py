"""Includes: the relationship paths whose resources clients may ask for together with the primary data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.name_lists import Codes, faults_of_names
from jsonapi_sieve.names import check_member_names, check_name

__all__ = ["Includes", "is_visible_path"]

_CODES: Final = Codes(empty="empty-include", unknown="unknown-include", too_many="too-many-includes")
_DEFAULT_LIMITS: Final = Limits()


class Includes:
    """The relationship paths that clients may include.

    `paths` leads from a path as documents spell it (`account`, `account.contact-person`) to the same path in names of
    attributes.

    >>> includes = Includes({"account": "account", "account.contact-person": "account.contact_person"})
    >>> includes.parse("account.contact-person")
    ('account', 'account.contact_person')

    Raises:
        DeclarationError: for a path of other names than those of attributes, or of another length than its spelling,
            and for a spelling that no document can have.
    """

    __slots__ = ("_paths", "_steps")

    def __init__(self, paths: Mapping[str, str]) -> None:
        for spelled, path in paths.items():
            check_member_names(spelled.split("."))
            for name in path.split("."):
                check_name(name)
            if spelled.count(".") != path.count("."):
                raise DeclarationError(f"the path {spelled!r} has not as many names as {path!r}")
        self._paths = dict(paths)
        self._steps = tuple(dict.fromkeys(step for path in paths.values() for step in _steps_of(path)))

    @property
    def depth(self) -> int:
        """How many relationships the longest path follows."""
        return max((path.count(".") + 1 for path in self._paths), default=0)

    def parse(
        self,
        text: str | None,
        *,
        visible: Callable[[str], bool] | None = None,
        limits: Limits = _DEFAULT_LIMITS,
    ) -> tuple[str, ...] | None:
        """Read the decoded value of an `include` parameter; None where there is none, and () for the empty value.

        The result is name paths in the order of the declaration. Each stands after the paths that lead to it, whose
        resources have to be included too (JSON:API 1.1, "Inclusion of Related Resources"). A path that is sent again
        counts once. `visible` says of a name whether this client may see it; a path with a hidden name is an unknown
        one.

        Raises:
            QueryErrors: with an error for each path that is empty or unknown; or with one alone, for too many paths, a
                path deeper than `limits` allows, or where nothing can be included.
        """
        if text is None:
            return None
        known = self._paths
        if visible is not None:
            known = {spelled: path for spelled, path in known.items() if is_visible_path(path, visible)}
        if not known:
            detail = "Nothing can be included here."
            raise QueryErrors([ErrorObject("unsupported-parameter", "Unsupported parameter", detail, "include")])
        sent = dict.fromkeys(text.split(",")) if text else {}
        depth = 1 + max((path.count(".") for path in sent), default=0)
        if depth > limits.include_depth:
            detail = f"A path is {depth} relationships deep; at most {limits.include_depth} are followed."
            raise QueryErrors([limits.exceeded("include_depth", detail, "include")])
        if not known.keys() >= sent.keys():
            raise QueryErrors(
                faults_of_names(sent, known, at="include", noun="path that can be included", codes=_CODES)
            )
        wanted = {step for path in sent for step in _steps_of(known[path])}
        return tuple(step for step in self._steps if step in wanted)


def _steps_of(path: str) -> list[str]:
    """Give the paths that lead to a path, and the path itself."""
    if "." not in path:
        return [path]
    names = path.split(".")
    return [".".join(names[:length]) for length in range(1, len(names) + 1)]


def is_visible_path(path: str, visible: Callable[[str], bool] | None) -> bool:
    """Whether a client may follow a path: it has to see each of its names."""
    return visible is None or all(map(visible, path.split(".")))
