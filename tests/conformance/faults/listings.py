"""Faults of listings, their order, pages and filters: sections SRT, PAG and FIL of the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.conformance.exchange import Answer, Ask, Document, Fault, Request, misheard, misspoken, miswritten, refusal

_PAGING: Final = ("first", "last", "prev", "next")


def _sorts(change: Callable[[str], str | None]) -> Fault:
    """Read `sort` otherwise; None passes it over."""
    return misheard(lambda request: request.mapped(lambda name, value: change(value) if name == "sort" else value))


def _passing_over(family: str, *, where: Callable[[Request], bool] = bool) -> Fault:
    """Ignore the parameters of a family that cannot be processed."""

    async def fault(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        is_refused = answer.status == 400 and where(request)
        return await ask(request.without(lambda name: name.startswith(family))) if is_refused else answer

    return fault


def _linked(change: Callable[[dict[str, Any]], object]) -> Fault:
    """Change the links of documents that are paged."""
    return miswritten(lambda document: change(document["links"]), only=_is_paged)


def _is_paged(document: Document) -> bool:
    return not set(_PAGING).isdisjoint(document.get("links") or {})


def _pages_one(document: Document) -> None:
    document.setdefault("links", {})["next"] = "/articles?page%5Bnumber%5D=2"


def _spells_out_links(links: dict[str, Any]) -> None:
    for name, spelled in (("prev", "previous"), ("first", "start")):
        if name in links:
            links[spelled] = links.pop(name)


def _never_ends(links: dict[str, Any]) -> None:
    links["prev"] = ""
    links["next"] = links.get("next") or ""


def _skips_a_page(name: str, value: str) -> str:
    """Take any page but the first for the one behind it."""
    return str(int(value) + 1) if name == "page[number]" and value.isdecimal() and int(value) > 1 else value


def _each_link(links: dict[str, Any], change: Callable[[str], str]) -> None:
    links.update({name: change(links[name]) for name in _PAGING if links.get(name)})


def _pages_by_words_of_its_own(links: dict[str, Any]) -> None:
    _each_link(links, lambda link: link.replace("page%5B", "p%5B"))


def _forgets_what_was_asked(links: dict[str, Any]) -> None:
    def forget(link: str) -> str:
        base, _, query = link.partition("?")
        return f"{base}?{'&'.join(part for part in query.split('&') if part.startswith('page'))}"

    _each_link(links, forget)


def _counts_from_nothing(_request: Request, answer: Answer) -> Answer:
    document = answer.document
    match document:
        case {"data": [], "links": {"last": str(last)} as links}:
            links["last"] = last.replace("number%5D=1", "number%5D=0")
            return answer.saying(document)
        case _:
            return answer


def _ends_in_nothing(request: Request, answer: Answer) -> Answer:
    """Leave the array out of pages beyond the end."""
    match answer.document:
        case {"data": []} as document if request.parameter("page[number]"):
            return answer.saying({**document, "data": None})
        case _:
            return answer


def _refusing(family: str) -> Fault:
    """Refuse paths with dots, in the names or in the values of a family's parameters."""

    def change(request: Request) -> Request | Answer:
        told = [f"{name}{value}" for name, value in request.parameters if name.startswith(family)]
        return refusal(400) if any("." in text for text in told) else request

    return misheard(change)


def _takes_one_filter(request: Request) -> Request:
    first = next((name for name, _ in request.parameters if name.startswith("filter")), None)
    return request.without(lambda name: name.startswith("filter") and name != first)


def _sorts_otherwise(keys: str) -> str:
    return ",".join(reversed(keys.split(",")))


def _sends(parameters: Mapping[str, str], family: str) -> Fault:
    """Ask for something else whatever the client asks for by a family."""

    def change(request: Request) -> Request:
        asked = [pair for pair in request.parameters if not pair[0].startswith(family)]
        return request if len(asked) == len(request.parameters) else request.asking([*asked, *parameters.items()])

    return misheard(change)


FAULTS: Final[dict[str, Fault]] = {
    "SRT-01": _sorts(lambda keys: keys.replace("-", "")),
    "SRT-02": _sorts(_sorts_otherwise),
    "SRT-03": _passing_over("sort"),
    "SRT-04": _sends({}, "sort"),
    "SRT-05": _refusing("sort"),
    "SRT-06": _passing_over("sort", where=lambda request: request.parameter("sort") in ("", "-", ",")),
    "PAG-01": miswritten(_pages_one, only=lambda document: isinstance(document.get("data"), dict)),
    "PAG-02": _linked(_spells_out_links),
    "PAG-03": _linked(_never_ends),
    "PAG-04": misheard(lambda request: request.mapped(_skips_a_page)),
    "PAG-05": _linked(_pages_by_words_of_its_own),
    "PAG-06": _linked(_forgets_what_was_asked),
    "PAG-07": _passing_over("page"),
    "PAG-08": misspoken(_counts_from_nothing),
    "PAG-09": misspoken(_ends_in_nothing),
    "FIL-01": _sends({}, "filter"),
    "FIL-02": misheard(_takes_one_filter),
    "FIL-03": _passing_over("filter", where=lambda request: request.segments[0] == "tags"),
    "FIL-04": _refusing("filter"),
}
