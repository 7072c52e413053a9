"""Predicates as JSON: the stored form of filters, as an export keeps them in an attribute of its own."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple, cast

from jsonapi_sieve.canonical import Named, Writer, is_within, source_of, writer_of
from jsonapi_sieve.declaration import CONNECTIVES, Connective, Declaration, Parameter, Visible
from jsonapi_sieve.decoding import Undecodable, check_text
from jsonapi_sieve.faults import Faults
from jsonapi_sieve.names import pointer_token
from jsonapi_sieve.operand import BadOperand, shown
from jsonapi_sieve.predicate import MAXIMUM_DEPTH, And
from jsonapi_sieve.trees import Branch, Groups, too_deep, tree_of

__all__ = ["Shapes", "canonical", "load"]

# To make code takes a while, and whoever sends many filters can send them in many ways.
_MOST_GENERATED: Final = 16
_MOST_SHAPES: Final = 256


class _Shape(NamedTuple):
    """What the names of a stored form say: their parameters, and what writes its canonical form if that is known."""

    parameters: tuple[Parameter, ...]
    write: Writer | None


class Shapes(dict[tuple[object, ...], _Shape]):
    """The shapes of a declaration's stored forms by their names, each made when it is first asked for.

    There is none, and a KeyError, for names that alone have a fault or stand for groups.
    """

    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.declaration: Declaration = declaration

    def __reduce__(self) -> tuple[object, ...]:
        return Shapes, (self.declaration,)

    def __missing__(self, names: tuple[object, ...]) -> _Shape:
        shape = self._shape(names)
        if len(self) >= _MOST_SHAPES:
            self.clear()
        self[names] = shape
        return shape

    def _shape(self, names: tuple[object, ...]) -> _Shape:
        declaration, limits = self.declaration, self.declaration.limits
        if len(names) > limits.filters or (declaration.groups and not set(CONNECTIVES).isdisjoint(names)):
            raise KeyError(names)
        parameters = tuple(declaration.by_name[cast("str", name)] for name in names)
        bad = len(set(parameters)) < len(names) or any(too_deep(parameter, (), limits) for parameter in parameters)
        if bad or declaration.missing(parameters, None):
            raise KeyError(names)
        # The function of a default is the application's, and may raise what it likes.
        few = len(parameters) <= _MOST_GENERATED and not declaration.defaults
        return _Shape(parameters, writer_of(_written(parameters), limits) if few else None)

    def source(self, names: tuple[str, ...]) -> str | None:
        """Give the code that writes stored forms of these names; None where they are loaded and dumped."""
        try:
            parameters, write = self[names]
        except KeyError:
            return None
        return None if write is None else source_of(_written(parameters), self.declaration.limits)


def _written(parameters: tuple[Parameter, ...]) -> list[Named]:
    """Give parameters in canonical order, each with its place among those that were sent."""
    written = [Named(parameter.name, parameter.operand, place) for place, parameter in enumerate(parameters)]
    return sorted(written, key=lambda named: parameters[named.place].position)


def load(
    shapes: Shapes,
    document: object,
    *,
    pointer: str,
    status: int,
    now: datetime | None,
    visible: Visible | None,
) -> And:
    """Read the stored form; see `FilterSet.load`."""
    branch = _quickly(shapes, document, visible)
    if branch is None:
        branch = _Loading(shapes.declaration, pointer, status, visible).read(document)
    return tree_of(shapes.declaration, branch, now)


def canonical(shapes: Shapes | None, document: object, visible: Visible | None) -> dict[str, object] | None:
    """Give what `FilterSet.dump` makes of a good stored form once it is loaded, without making a tree of it.

    None is for all that has to be loaded and dumped: what has a fault, groups, values of an application's types, or
    defaults; and for everything where there are no shapes.
    """
    if shapes is None or type(document) is not dict:
        return None
    try:
        parameters, write = shapes[tuple(document)]
        if write is None or not (visible is None or _are_visible(parameters, visible)):
            return None
        return write(document.values())
    except (KeyError, ValueError):
        return None


def _quickly(shapes: Shapes, document: object, visible: Visible | None) -> Branch | None:
    """Read a stored form without faults and groups; None for any other, which has to be read with care."""
    if type(document) is not dict:
        return None
    limits = shapes.declaration.limits
    try:
        parameters, _ = shapes[tuple(document)]
        values = [
            parameter.operand.load(value, limits.list_items)
            for parameter, value in zip(parameters, document.values(), strict=True)
            if is_within(value, limits)
        ]
    except (KeyError, BadOperand):
        return None
    if len(values) < len(parameters) or not (visible is None or _are_visible(parameters, visible)):
        return None
    return Branch(dict(zip(parameters, values, strict=True)), {})


def _are_visible(parameters: tuple[Parameter, ...], visible: Visible) -> bool:
    return all(parameter.is_visible(visible) for parameter in parameters)


class _Loading:
    """Reads a stored form to its end, whatever is wrong with it, and raises all its faults together."""

    def __init__(self, declaration: Declaration, pointer: str, status: int, visible: Visible | None) -> None:
        self._declaration = declaration
        self._limits = declaration.limits
        self._pointer = pointer
        self._visible = visible
        self._root = Branch({}, {})
        self._seen: dict[tuple[Groups, Parameter], str] = {}
        self._counted = 0
        self._faults = Faults(declaration, visible, source="pointer", status=status, named=_name_of)

    def read(self, document: object) -> Branch:
        if self._read_level(document, (), self._pointer):
            given = [parameter for groups, parameter in self._seen if not groups]
            self._faults.missing(given, lambda _: self._pointer)
        self._faults.raise_any()
        return self._root

    def _read_level(self, document: object, groups: Groups, at: str) -> bool:
        """Read an object of filters; False where it is none, or has too many."""
        most = self._limits.filters
        if not isinstance(document, dict):
            self._invalid(f"{shown(document)} is no object that holds filters.", at)
        elif groups and not document:
            self._invalid("A group holds no filters.", at)
        elif len(document) > most:
            self._faults.over("filters", f"{len(document)} filters were sent; at most {most} are read.", at)
        else:
            for name, value in document.items():
                # A name is text in JSON; other formats know names of other types.
                self._read_member(name if isinstance(name, str) else shown(name), value, groups, at)
            return True
        return False

    def _read_member(self, name: str, value: object, groups: Groups, inside: str) -> None:
        size, longest = _size(name), self._limits.key
        if size > longest:
            detail = f"A name is {size} bytes long; at most {longest} are read."
            self._faults.over("key", detail, inside)
            return
        at = _place(name, inside)
        if self._declaration.groups and name in CONNECTIVES:
            self._read_group(name, value, groups, at)
            return
        parameter = self._declaration.by_name.get(name)
        self._count(at)
        if parameter is None or not parameter.is_visible(self._visible):
            self._faults.unknown(name, at)
        else:
            self._read_filter(name, parameter, value, groups, at)

    def _read_group(self, connective: Connective, value: object, groups: Groups, at: str) -> None:
        if not (isinstance(value, list) and value):
            self._invalid(f"{shown(value)} is no list of groups.", at)
        elif len(groups) == min(self._limits.depth, MAXIMUM_DEPTH):
            self._faults.over("depth", f"At most {len(groups)} groups and relationships are read.", at)
        else:
            for index, branch in enumerate(value):
                self._count(at)
                self._read_level(branch, (*groups, (connective, index + 1)), f"{at}/{index}")

    def _count(self, at: str) -> None:
        """Count a filter or the branch of a group; too many end the reading, for each can be a fault of its own."""
        self._counted += 1
        if self._counted > self._limits.filters:
            detail = f"More than {self._limits.filters} filters and groups of them were sent."
            self._faults.over("filters", detail, at)
            self._faults.raise_any()

    def _read_filter(self, name: str, parameter: Parameter, value: object, groups: Groups, at: str) -> None:
        known = self._seen.setdefault((groups, parameter), name)
        if known != name:
            detail = f"{shown(name)} and {shown(known)} are the same filter."
            self._faults.add("repeated-parameter", "Repeated parameter", detail, at)
        elif (depth := too_deep(parameter, groups, self._limits)) is not None:
            self._faults.over("depth", depth, at)
        else:
            self._read_value(parameter, value, groups, at)

    def _read_value(self, parameter: Parameter, value: object, groups: Groups, at: str) -> None:
        texts = islice(value, self._limits.list_items) if isinstance(value, list) else [value]
        longest = max(map(_size, texts), default=0)
        if longest > self._limits.value:
            detail = f"A text is {longest} bytes long; at most {self._limits.value} are read."
            self._faults.over("value", detail, at)
            return
        try:
            constant = parameter.operand.load(value, self._limits.list_items)
        except BadOperand as error:
            self._faults.bad(error, parameter, at if error.index is None else f"{at}/{error.index}")
        else:
            self._root.at(groups).values[parameter] = constant

    def _invalid(self, detail: str, at: str) -> None:
        self._faults.add("invalid-filters", "Invalid filters", detail, at)


def _place(name: str, inside: str) -> str:
    """Point at a member (RFC 6901), or at the object that holds it when no text can say where it is."""
    try:
        check_text(name)
    except Undecodable:
        return inside
    return f"{inside}/{pointer_token(name)}"


def _size(value: object) -> int:
    return len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0


def _name_of(parameter: Parameter) -> str:
    return parameter.name
