"""Faults of pages by cursor: section CUR of the rules."""

from __future__ import annotations

from typing import Any, Final

from tests.conformance.exchange import Answer, Ask, Document, Fault, Request, misheard, misspoken, miswritten, refusal


def _is_paged_by_cursor(request: Request) -> bool:
    return request.path.startswith("/comments")


def _listed(change: Any) -> Fault:
    """Change the resources of a page by cursor."""

    def rewrite(request: Request, answer: Answer) -> Answer:
        document = answer.document
        if not (_is_paged_by_cursor(request) and answer.status == 200 and isinstance(document.get("data"), list)):
            return answer
        return answer.saying({**document, "data": change(request, document["data"])})

    return misspoken(rewrite)


def _has(request: Request, *members: str) -> bool:
    return all(request.parameter(f"page[{member}]") is not None for member in members)


def _forgets_ties(request: Request, data: list[Document]) -> list[Document]:
    """Begin a page behind all that sort as what the cursor stands for."""
    return data[1:] if _has(request, "after") and request.parameter("sort") else data


def _starts_late(request: Request, data: list[Document]) -> list[Document]:
    """Begin the small pages that have no cursor with the second item."""
    is_first = not (_has(request, "after") or _has(request, "before"))
    return data[1:] if is_first and len(data) == 2 else data


def _repeats_itself(request: Request, data: list[Document]) -> list[Document]:
    return data[1:] if _has(request, "after") else data


def _turns_round(request: Request, data: list[Document]) -> list[Document]:
    return data[::-1] if _has(request, "before") else data


def _gives_too_few(_request: Request, data: list[Document]) -> list[Document]:
    return data[:1] if len(data) == 2 else data


def _page(change: Any) -> Fault:
    """Read the `page` parameters of a collection that is paged by cursor otherwise; None passes one over."""

    def rewrite(request: Request) -> Request:
        if not _is_paged_by_cursor(request):
            return request
        return request.mapped(lambda name, value: change(name[5:-1], value) if name.startswith("page[") else value)

    return misheard(rewrite)


def _takes_any_size(member: str, value: str) -> str | None:
    is_size = value.isdecimal() and int(value) > 0
    return value if member != "size" or is_size else None


def _clamps_sizes(member: str, value: str) -> str:
    return "5" if member == "size" and value.isdecimal() and int(value) > 5 else value


async def _starts_again_at_bad_cursors(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    if answer.status == 400 and (_has(request, "after") or _has(request, "before")):
        return await ask(request.without(lambda name: name in ("page[after]", "page[before]")))
    return answer


def _explains_no_kind(document: Document) -> None:
    for error in document.get("errors", ()):
        error.get("links", {}).pop("type", None)


def _explains_no_ranges(request: Request, answer: Answer) -> Answer:
    return refusal(400) if _has(request, "after", "before") else answer


def _cuts_ranges_in_silence(request: Request, answer: Answer) -> Answer:
    document = answer.document
    if _has(request, "after", "before") and isinstance(document, dict):
        document.get("meta", {}).get("page", {}).pop("rangeTruncated", None)
        return answer.saying(document)
    return answer


async def _takes_any_cursor(request: Request, ask: Ask) -> Answer:
    """Begin anew where a cursor is of another order."""
    answer = await ask(request)
    if answer.status == 400 and _has(request, "after") and request.parameter("sort"):
        return await ask(request.without(lambda name: name == "page[after]"))
    return answer


def _omits_links(request: Request, answer: Answer) -> Answer:
    document = answer.document
    if not _is_paged_by_cursor(request) or not isinstance(document, dict) or "links" not in document:
        return answer
    links = {name: link for name, link in document["links"].items() if name != "prev" or link is not None}
    return answer.saying({**document, "links": links})


def _always_goes_on(request: Request, answer: Answer) -> Answer:
    document = answer.document
    match document:
        case {"links": {"next": None, "first": str(link)} as links} if _is_paged_by_cursor(request):
            links["next"] = link
            return answer.saying(document)
        case _:
            return answer


def _marks_items_wrongly(_request: Request, answer: Answer) -> Answer:
    document = answer.document
    match document:
        case {"data": [{"meta": {"page": {"cursor": _}}}, *_] as data}:
            cursors = [resource["meta"]["page"]["cursor"] for resource in data]
            for resource, cursor in zip(data, [*cursors[1:], cursors[0]], strict=True):
                resource["meta"]["page"]["cursor"] = cursor
            return answer.saying(document)
        case _:
            return answer


def _counts_in_words(document: Document) -> None:
    document["meta"]["page"]["total"] = "17"


def _has_page_meta(document: Document) -> bool:
    meta = document.get("meta")
    return isinstance(meta, dict) and "page" in meta


FAULTS: Final[dict[str, Fault]] = {
    "CUR-01": _listed(_forgets_ties),
    "CUR-02": miswritten(_explains_no_kind),
    "CUR-04": _page(_takes_any_size),
    "CUR-05": _page(_clamps_sizes),
    "CUR-07": _listed(_gives_too_few),
    "CUR-08": _starts_again_at_bad_cursors,
    "CUR-09": _listed(_repeats_itself),
    "CUR-10": _listed(_turns_round),
    "CUR-11": _listed(_starts_late),
    "CUR-12": misspoken(_explains_no_ranges),
    "CUR-13": misspoken(_cuts_ranges_in_silence),
    "CUR-14": misspoken(_omits_links),
    "CUR-15": misspoken(_always_goes_on),
    "CUR-16": misspoken(_marks_items_wrongly),
    "CUR-17": miswritten(_counts_in_words, only=_has_page_meta),
    "CUR-18": miswritten(lambda document: document["meta"].update(page=[]), only=_has_page_meta),
    "CUR-20": _takes_any_cursor,
}
