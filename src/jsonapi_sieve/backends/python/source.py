"""From a shape to Python code, once for each shape and way of reading rows.

Names in the code come from declarations, where they are checked; values are only ever arguments. In a shape each leaf
answers "is TRUE", so `and` and `or` are exact. An attribute is tested against None once, before the first test that
None would break.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final

from jsonapi_sieve.backends.python.rows import Access, read_source
from jsonapi_sieve.normal import Group, Leaf, Shape, Some, fold_ascii
from jsonapi_sieve.own_operators import OwnOperator

__all__ = ["Code", "compile_shape", "defined", "write_test"]


class Code:
    """Generated code. Its functions take a row, or a list of them, and then one argument for each of `parameters`.

    Each is compiled when it is first used, for that takes longer than all else that is done for a few rows.
    """

    source: str
    parameters: int

    def __init__(self, test: str, parameters: int, access: Access) -> None:
        names = "".join(f", p{number}" for number in range(parameters))
        held = bound = ""
        if isinstance(access, frozenset):
            # A loop over one value is as fast as an assignment.
            held, bound = "    held = row.__dict__\n", " for held in (row.__dict__,)"
        self._matches = f"def matches(row{names}):\n{held}    return {test}\n"
        self._select = f"def select(rows{names}):\n    return [row for row in rows{bound} if {test}]\n"
        self.source = f"{self._matches}\n\n{self._select}"
        self.parameters = parameters

    @cached_property
    def matches(self) -> Callable[..., bool]:
        """Tell whether a row passes."""
        return defined("matches", self._matches)

    @cached_property
    def select(self) -> Callable[..., list[Any]]:
        """Give those of the rows that pass."""
        return defined("select", self._select)


def defined(name: str, source: str) -> Callable[..., Any]:
    """Compile a function; no part of its source may have come from a user."""
    namespace: dict[str, Any] = {"fold": fold_ascii}
    exec(compile(source, "<predicate>", "exec"), namespace)  # noqa: S102  (no part of the source came from a user)
    function: Callable[..., Any] = namespace[name]
    return function


@lru_cache(maxsize=512)
def compile_shape(shape: Shape, access: Access) -> Code:
    """Write the code of a shape for rows that are read in one way."""
    return Code(*write_test(shape, access), access)


def write_test(shape: Shape, access: Access, variables: frozenset[str] = frozenset()) -> tuple[str, int]:
    """Write the test of a `row`, and count its parameters.

    Attributes that are in variables already are named: `v_status`, say, holds the status.
    """
    writer = _Writer(access, variables)
    return writer.write(shape, set()), writer.parameters


# Tests that None passes or fails as it should; all others are guarded.
_UNGUARDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "eq": "{value} == {constant}",
        "in": "{value} in {constant}",
        "null": "{value} is None",
        "not_null": "{value} is not None",
        "blank": "not {value}",
    }
)

_GUARDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_eq": "{value} != {constant}",
        "gt": "{value} > {constant}",
        "gteq": "{value} >= {constant}",
        "lt": "{value} < {constant}",
        "lteq": "{value} <= {constant}",
        "not_in": "{value} not in {constant}",
        "present": "{value} != ''",
        "cont": "{constant} in {value}",
        "cont_any": "any(map({value}.__contains__, {constant}))",
        "cont_all": "all(map({value}.__contains__, {constant}))",
        "start": "{value}.startswith({constant})",
        "start_any": "{value}.startswith({constant})",
        "start_all": "all(map({value}.startswith, {constant}))",
        "end": "{value}.endswith({constant})",
        "end_any": "{value}.endswith({constant})",
        "end_all": "all(map({value}.endswith, {constant}))",
        "matches": "{constant}({value})",
        "matches_any": "{constant}({value})",
        "matches_all": "{constant}({value})",
    }
)

# Moments compare by order: `==` is False for those in an hour that a zone's clocks repeat (PEP 495), and where a
# datetime has no zone.
_MOMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "eq": "{constant} <= {value} <= {constant}",
        "not_eq": "not {constant} <= {value} <= {constant}",
        "in": "{constant}({value})",
        "not_in": "not {constant}({value})",
    }
)


def _template(leaf: Leaf) -> tuple[str, bool]:
    """Give the test of a leaf, and whether it is guarded."""
    name = leaf.operator.name
    if leaf.field.type.name == "timestamp" and name in _MOMENTS:
        return _MOMENTS[name], True
    if name in _UNGUARDED:
        return _UNGUARDED[name], False
    if name in _GUARDED:
        return _GUARDED[name], True
    if isinstance(leaf.operator, OwnOperator):
        # A form may answer anything that has a truth.
        test = "bool({constant}({value}))" if leaf.operator.holds else "not {constant}({value})"
        return (f"({{value}} is None or {test})", False) if leaf.operator.null else (test, True)
    return f"not {_GUARDED[leaf.operator.complement.name]}", True


class _Writer:
    """Writes the test of one shape and counts its parameters."""

    def __init__(self, access: Access, variables: frozenset[str]) -> None:
        self._access = access
        self._variables = variables
        self.parameters = 0

    def write(self, shape: Shape, present: set[str]) -> str:
        """Write a test; `present` are the attributes that are in variables here, and not None."""
        if isinstance(shape, Leaf):
            return self._leaf(shape, present)
        if isinstance(shape, Some):
            test = f"{self._parameter()}({read_source(self._access, shape.relationship.name)})"
            return test if shape.holds else f"not {test}"
        if not shape.members:
            return str(shape.conjunction)
        joint = " and " if shape.conjunction else " or "
        # What holds for one member of a conjunction, holds for the next.
        return joint.join(
            self._member(member, present if shape.conjunction else set(present)) for member in shape.members
        )

    def _member(self, member: Shape, present: set[str]) -> str:
        written = self.write(member, present)
        return f"({written})" if isinstance(member, Group) else written

    def _leaf(self, leaf: Leaf, present: set[str]) -> str:
        name = leaf.field.name
        variable = f"v_{name}"
        template, guarded = _template(leaf)
        read = variable if name in present or name in self._variables else read_source(self._access, name)
        value = variable if guarded else read
        if leaf.folded:
            value = f"({value}.lower() if {value}.isascii() else fold({value}))"
        test = template.format(value=value, constant=self._parameter() if leaf.takes_value else "")
        if not guarded or name in present:
            return test
        present.add(name)
        read = variable if read == variable else f"({variable} := {read})"
        return f"{read} is not None and {test}"

    def _parameter(self) -> str:
        self.parameters += 1
        return f"p{self.parameters - 1}"
