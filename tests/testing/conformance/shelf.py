"""A small API without the library: books that are paged by cursors or numbers, and created."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jsonapi_sieve.testing.conformance import Collection, Description, check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply

PROFILE = "https://jsonapi.org/profiles/ethanresnick/cursor-pagination"
FIELDS = {"title", "author"}
NEW = {
    "data": {
        "type": "books",
        "attributes": {"title": "x"},
        "relationships": {"author": {"data": {"type": "people", "id": "1"}}},
    }
}
Edit = Callable[[str, str, Any], Reply | None]
"""Changes a document in its place, or gives an answer instead; it is told the method and the target."""


class Shelf:
    """Answers to requests for books; with `cursors` it pages by the profile, else by numbers."""

    def __init__(self, count: int = 5, *, cursors: bool = False) -> None:
        self.titles = [chr(ord("a") + number) for number in range(count)]
        self.cursors = cursors

    def __call__(self, method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        path, _, query = target.partition("?")
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        match path.strip("/").split("/"):
            case ["books"] if method == "POST":
                return self._create(document)
            case ["books"]:
                return self._listing(target, parameters)
            case ["books", number, *rest] if number.isdecimal() and int(number) < len(self.titles):
                return self._inside(int(number), rest, parameters)
            case _:
                return refusal(403 if method in ("PATCH", "POST") else 404)

    def _book(self, number: int, shown: set[str]) -> dict[str, Any]:
        at = f"/books/{number}"
        links = {"self": f"{at}/relationships/author", "related": f"{at}/author"}
        linkage = {"type": "people", "id": "1"} if number else None
        book: dict[str, Any] = {"type": "books", "id": str(number), "links": {"self": at}}
        if "title" in shown:
            book["attributes"] = {"title": self.titles[number]}
        if "author" in shown:
            book["relationships"] = {"author": {"data": linkage, "links": links}}
        if self.cursors:
            book["meta"] = {"page": {"cursor": f"c{number}"}}
        return book

    def _listing(self, target: str, parameters: dict[str, str]) -> Reply:
        fault = next((name for name, text in parameters.items() if not self._takes(name, text)), None)
        if fault is not None:
            return refusal(400, fault, **self._kind(fault, parameters[fault]))
        order = list(range(len(self.titles)))
        if "filter[title]" in parameters:
            order = [number for number in order if self.titles[number] == parameters["filter[title]"]]
        if parameters.get("sort", "").startswith("-"):
            order.reverse()
        page, links, meta = (self._behind if self.cursors else self._numbered)(order, parameters)
        shown = self._shown(parameters)
        document: dict[str, Any] = {"data": [self._book(number, shown) for number in page]}
        document["links"] = {"self": target.replace("[", "%5B").replace("]", "%5D").replace(" ", "+"), **links}
        document["meta"] = {"page": meta}
        return reply(document | self._included(parameters, page))

    def _takes(self, name: str, text: str) -> bool:
        match name:
            case "sort":
                return text in ("title", "-title", "id", "-id")
            case "include":
                return text in ("", "author")
            case "fields[books]":
                return set(text.split(",")) <= FIELDS | {""}
            case "filter[title]":
                return True
            case "page[size]":
                return re.fullmatch("0*[1-9][0-9]?", text, re.ASCII) is not None
            case "page[number]":
                return not self.cursors and re.fullmatch("[1-9][0-9]{0,8}", text, re.ASCII) is not None
            case "page[after]" | "page[before]":
                return self.cursors and re.fullmatch("c[0-9]+", text, re.ASCII) is not None
            case "fields[people]":
                return True
            case _:
                return False

    def _kind(self, name: str, text: str) -> dict[str, Any]:
        if name == "page[size]" and text.isdecimal() and int(text) > 99:
            return {"links": {"type": f"{PROFILE}/max-size-exceeded"}, "meta": {"page": {"maxSize": 99}}}
        return {"links": {"type": f"{PROFILE}/unsupported-sort"}} if name == "sort" else {}

    def _behind(self, order: list[int], parameters: dict[str, str]) -> tuple[list[int], dict[str, Any], dict[str, Any]]:
        size = int(parameters.get("page[size]", "99"))
        after, before = parameters.get("page[after]"), parameters.get("page[before]")
        start = order.index(int(after[1:])) + 1 if after else 0
        end = order.index(int(before[1:])) if before else len(order)
        cut = after is not None and before is not None and end - start > size
        page = order[max(start, end - size) : end] if before and not after else order[start:end][:size]
        others = [(name, text) for name, text in parameters.items() if name not in ("page[after]", "page[before]")]

        def link(name: str, number: int) -> str:
            return f"/books?{urlencode([*others, (name, f'c{number}')])}"

        links = {
            "prev": link("page[before]", page[0]) if page and page[0] != order[0] else None,
            "next": link("page[after]", page[-1]) if page and page[-1] != order[-1] else None,
        }
        return page, links, {"total": len(order), **({"rangeTruncated": True} if cut else {})}

    def _numbered(
        self, order: list[int], parameters: dict[str, str]
    ) -> tuple[list[int], dict[str, Any], dict[str, Any]]:
        size, number = int(parameters.get("page[size]", "99")), int(parameters.get("page[number]", "1"))
        last = max(1, -(-len(order) // size))

        def link(to: int) -> str:
            return f"/books?{urlencode({**parameters, 'page[number]': str(to)})}"

        links = {
            "first": link(1),
            "last": link(last),
            "prev": link(min(number - 1, last)) if number > 1 else None,
            "next": link(number + 1) if number < last else None,
        }
        return order[(number - 1) * size : number * size], links, {}

    def _shown(self, parameters: dict[str, str]) -> set[str]:
        return set(parameters["fields[books]"].split(",")) if "fields[books]" in parameters else FIELDS

    def _included(self, parameters: dict[str, str], page: list[int]) -> dict[str, Any]:
        if "include" not in parameters:
            return {}
        wanted = parameters["include"] == "author" and any(page)
        person: dict[str, Any] = {"type": "people", "id": "1"}
        if "fields[people]" not in parameters:
            person["attributes"] = {"name": "Ann"}
        return {"included": [person] if wanted else []}

    def _inside(self, number: int, rest: list[str], parameters: dict[str, str]) -> Reply:
        linkage = {"type": "people", "id": "1"} if number else None
        match rest:
            case []:
                document = {"data": self._book(number, self._shown(parameters))}
                return reply(document | self._included(parameters, [number]))
            case ["author"] | ["relationships", "author"] if "include" not in parameters:
                return reply({"data": linkage})
            case ["author"] | ["relationships", "author"]:
                return refusal(400, "include")
            case _:
                return refusal(404)

    def _create(self, document: Any) -> Reply:
        match document:
            case {"data": {"id": _}}:
                return refusal(403)
            case {"data": {"type": "books", "attributes": dict(), "relationships": {"author": {"data": {"id": id_}}}}}:
                if id_ != "1":
                    return refusal(404)
                self.titles.append("x")
                number = len(self.titles) - 1
                return reply({"data": self._book(number, FIELDS)}, 201, location=f"/books/{number}")
            case {"data": {"type": str(kind)}} if kind != "books":
                return refusal(409)
            case _:
                return refusal(400)


BOOKS = Collection(
    "/books",
    filters=("filter[title]=b",),
    empty="filter[title]=none",
    sort=("title",),
    include=("author",),
    to_one=("author",),
    create=NEW,
)
NUMBERED = Description((BOOKS,))
CURSORS = Description((replace(BOOKS, pages="cursor", sort=("title", "id")),))


def bent(shelf: Shelf, edit: Edit) -> Respond:
    """Change the answers of a shelf."""

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = shelf(method, target, headers, document)
        answered = json.loads(body)
        instead = edit(method, target, answered)
        return instead if instead is not None else (status, fields, json.dumps(answered).encode())

    return respond


def told(respond: Respond, rule: str, description: Description) -> str:
    """Give what a report tells of one rule."""
    report = check(asgi(respond), description, only=[rule])
    return "\n".join(map(str, report.findings))
