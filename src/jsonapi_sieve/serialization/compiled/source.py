"""The code that makes a resource object of a row, as the schema's own does.

Names of fields, members and types enter the code as literals; all else, and whatever a field does not write in a
known way, is a global of the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from marshmallow import missing
from marshmallow.fields import Constant, Field
from marshmallow.utils import get_value
from marshmallow_jsonapi.fields import Relationship

from jsonapi_sieve.serialization.compiled.links import attribute_asked, link_source
from jsonapi_sieve.serialization.compiled.members import Member, asked_by_self_link, members_of
from jsonapi_sieve.serialization.compiled.reading import Way, read_source
from jsonapi_sieve.serialization.compiled.scalars import bound, function_of, passing, unchanged, writer
from jsonapi_sieve.serialization.stock import escaped

__all__ = ["Unforeseen", "encoder", "encoder_source"]

_READING: Final = ("get_value", "serialize")
_LINKING: Final = ("_serialize", "get_related_url", "get_self_url", "get_value", "serialize")
_CONSTANT: Final = function_of(Constant(None), "_serialize")


class Unforeseen(Exception):
    """A row has to be shown by the schema's own code."""


def encoder_source(schema: Any, way: Way) -> str:
    """Write the code for rows that are read in one way, of a schema that `refusal` has nothing against."""
    return _Code(schema, way).source


def encoder(schema: Any, way: Way) -> Callable[[Any], dict[str, Any]]:
    """Make the function that gives the resource object of a row.

    It may raise anything where the schema's own code does something else than for most rows.
    """
    code = _Code(schema, way)
    # Texts stand in the code as literals, and no part of it came from a client.
    exec(compile(code.source, "<encoder>", "exec"), code.names)  # noqa: S102
    encode: Callable[[Any], dict[str, Any]] = code.names["encode"]
    return encode


def _unforeseen() -> NoReturn:
    raise Unforeseen


def _present(value: Any) -> Any:
    return _unforeseen() if value is missing else value


def _shown(relationship: Any) -> Any:
    return relationship if relationship and relationship is not missing else _unforeseen()


def _overrides(field: Any, cls: type[Field], names: tuple[str, ...]) -> bool:
    return any(function_of(field, name) is not getattr(cls, name) for name in names)


class _Code:
    """Code in the making: `names` are its globals, and `source` is its text."""

    def __init__(self, schema: Any, way: Way) -> None:
        self.names: dict[str, Any] = {"missing": missing, "unforeseen": _unforeseen}
        self._schema = schema
        self._way = way
        self._statements = ["held = row.__dict__"] if isinstance(way, frozenset) else []
        self._kept: dict[str, str] = {}
        self._escaped: dict[str, str] = {}
        self.source = self._function()

    def _function(self) -> str:
        members = list(members_of(self._schema))
        for member in members:
            if isinstance(member.field, Relationship):
                self._keep(member.field)
        asked, written = asked_by_self_link(self._schema), dict[str, str]()
        parts: dict[str, list[str]] = {}
        for member in members:
            source = self._relationship(member) if member.part == "relationships" else self._value(member)
            if member.key in asked:
                written[member.key] = f"s{len(written)}"
                self._statements.append(f"{written[member.key]} = {source}")
                source = written[member.key]
            if source:
                parts.setdefault(member.part, []).append(f"{self._literal(member.shown)}: {source},")
        lines = [f"'type': {self._literal(self._schema.opts.type_)},"]
        for part, shown in parts.items():
            lines += shown if part == "id" else [f"{part!r}: {{", *(f"    {line}" for line in shown), "},"]
        if self._schema.opts.self_url:
            lines.append(f"'links': {{'self': {self._self_link(written)}}},")
        body = [*self._statements, "return {", *(f"    {line}" for line in lines), "}"]
        return "\n".join(["def encode(row):", *(f"    {line}" for line in body), ""])

    def _bind(self, kind: str, value: Any) -> str:
        name = f"{kind}{len(self.names)}"
        self.names[name] = value
        return name

    def _named(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def _literal(self, text: Any) -> str:
        return repr(text) if type(text) is str else self._bind("text", text)

    def _keep(self, relationship: Any) -> None:
        """Read once what links are made from; without it there are fewer of them."""
        parameters = [*relationship.self_url_kwargs.values(), *relationship.related_url_kwargs.values()]
        for name in dict.fromkeys(map(attribute_asked, parameters)):
            if name is not None and name not in self._kept:
                dotted = f"{self._named('get_value', get_value)}(row, {name!r}, missing)"
                read = dotted if "." in name else read_source(self._way, name)
                kept = self._kept[name] = f"a{len(self._kept)}"
                self._statements += [f"{kept} = {read}", f"if {kept} is None or {kept} is missing:", "    unforeseen()"]

    def _read(self, member: Member) -> str | None:
        """Write how a field's value is read; None if the field reads it in a way of its own."""
        field = member.field
        name = member.name if field.attribute is None else field.attribute
        if _overrides(field, Field, ("get_value",)) or not isinstance(name, str) or "." in name:
            return None
        # A member of an enumeration, which is text too, has a `repr` of its own.
        return self._kept.get(name) or read_source(self._way, str.__str__(name))

    def _by_field(self, member: Member) -> str:
        serialize = self._bind("serialize", member.field.serialize)
        accessor = self._named("accessor", self._schema.get_attribute)
        return f"{serialize}({member.name!r}, row, accessor={accessor})"

    def _value(self, member: Member) -> str:
        field, read = member.field, self._read(member)
        if _overrides(field, Field, ("serialize",)) or read is None:
            return f"{self._named('present', _present)}({self._by_field(member)})"
        if not field._CHECK_ATTRIBUTE:  # noqa: SLF001
            if function_of(field, "_serialize") is _CONSTANT:
                return self._bind("constant", field.constant)
            return f"{self._named('present', _present)}({self._by_field(member)})"
        write, classes = writer(field), passing(field)
        if write is unchanged:
            return f"v if (v := {read}) is not missing else unforeseen()"
        if write is None or classes is None:
            serialize, present = self._bind("serialize", field._serialize), self._named("present", _present)  # noqa: SLF001
            written = f"{present}({serialize}(v, {member.name!r}, row))"
            return f"{written} if (v := {read}) is not missing else unforeseen()"
        passes = [f"type(v) is {self._named(cls.__name__, cls)}" for cls in classes - {type(None)}]
        limit = bound(field)
        if limit is not None:
            passes.append(f"type(v) is int and {-limit} < v < {limit}")
        passed = " or ".join([f"(v := {read}) is None", *passes])
        return f"v if {passed} else {self._bind('write', write)}(v) if v is not missing else unforeseen()"

    def _relationship(self, member: Member) -> str:
        """Write a relationship object; nothing for one that is always empty."""
        is_known = isinstance(member.field, Relationship) and not _overrides(member.field, Relationship, _LINKING)
        parts = self._relationship_parts(member) if is_known else None
        if parts is None:
            return f"{self._named('shown', _shown)}({self._by_field(member)})"
        return f"{{{', '.join(parts)}}}" if parts else ""

    def _relationship_parts(self, member: Member) -> list[str] | None:
        field, read, links = member.field, self._read(member), []
        for name, template, parameters in (
            ("self", field.self_url, field.self_url_kwargs),
            ("related", field.related_url, field.related_url_kwargs),
        ):
            if template and parameters:
                link = self._link(template, parameters)
                if link is None:
                    return None
                links.append(f"{name!r}: {link}")
        parts = [f"'links': {{{', '.join(links)}}}"] if links else []
        if not field.include_resource_linkage:
            return parts
        if read is None:
            return None
        empty, linkage = "[]" if field.many else "None", self._bind("linkage", field.get_resource_linkage)
        other = f"{linkage}(v) if v is not missing else unforeseen()"
        return [*parts, f"'data': {empty} if (v := {read}) is None else {other}"]

    def _link(self, template: Any, parameters: Mapping[str, Any]) -> str | None:
        values = {}
        for name, parameter in parameters.items():
            asked = attribute_asked(parameter)
            if asked is None and parameter is None:
                return None
            values[name] = self._bind("constant", parameter) if asked is None else self._kept[asked]
        return link_source(template, values, bind=self._bind_text, escape=self._escape)

    def _self_link(self, written: Mapping[str, str]) -> str:
        options = self._schema.opts
        values = {}
        for name, parameter in (options.self_url_kwargs or {}).items():
            asked = attribute_asked(parameter)
            values[name] = self._bind("constant", parameter) if asked is None else written[asked]
        link = link_source(options.self_url, values, bind=self._bind_text, escape=self._escape)
        if link is not None:
            return link
        generate = self._bind("generate", self._schema.generate_url)
        given = ", ".join(f"{self._literal(name)}: {value}" for name, value in values.items())
        return f"{generate}({self._bind('template', options.self_url)}, **{{{given}}})"

    def _bind_text(self, text: str) -> str:
        return self._bind("text", text)

    def _escape(self, value: str) -> str:
        if value not in self._escaped:
            self._escaped[value] = f"e{len(self._escaped)}"
            self._statements.append(f"{self._escaped[value]} = {self._named('escaped', escaped)}({value})")
        return self._escaped[value]
