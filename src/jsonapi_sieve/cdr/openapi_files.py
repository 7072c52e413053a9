"""What no JSON:API library describes of the domain's APIs: files, budgets, and versions that a header names."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.openapi.errors import error_responses

__all__ = ["CSV", "PARQUET", "VERSION_HEADER", "add_budget", "add_file", "add_versions"]

CSV: Final = "text/csv; charset=utf-8"
"""The media type of CSV (RFC 7111), as upstream says it of packed files too."""

PARQUET: Final = "application/vnd.apache.parquet"
"""The media type of Parquet, as it is registered."""

VERSION_HEADER: Final = "X-DIDWW-API-Version"
"""The header by which clients of version 3 say which of its versions they speak."""

_TEXT: Final = {"schema": {"type": "string"}}
_OF_FILES: Final = {
    "ETag": {"description": "the SHA-256 of the file", **_TEXT},
    "Last-Modified": {"description": "when the file was written", **_TEXT},
    "Accept-Ranges": {"description": "bytes", **_TEXT},
    "Content-Disposition": {"description": "an attachment, by the name of the file", **_TEXT},
}
_NAME: Final = {
    "name": "file",
    "in": "path",
    "required": True,
    "description": "the name of the file, as the `url` of an export has it",
    "schema": {"type": "string", "format": "uuid"},
}
_PARTS: Final = {"Content-Range": {"description": "which bytes of how many", **_TEXT}}
_ASKED: Final = (
    ("Range", "the bytes that are wanted, such as bytes=0-999; without it all are"),
    ("If-Range", "the tag or the time of the file that the client has parts of"),
    ("If-Match", "tags of the files that the client wants; where it is none of these the answer is 412"),
    ("If-Unmodified-Since", "without If-Match: where the file was written later the answer is 412"),
    ("If-None-Match", "tags of files that the client has"),
    ("If-Modified-Since", "without If-None-Match: when the file was written that the client has"),
)
# Of the answers that the resource itself may get, those that its file does not.
_NOT_OF_FILES: Final = ("200", "304", "404", "406")


def add_file(document: dict[str, Any], path: str, file: str, media_types: Sequence[str]) -> None:
    """Describe the address of the file of each resource of a collection, `file` behind its path.

    It has the parameter `{id}`, or `{file}` where files have names of their own.
    """
    resource = document["paths"][f"{path}/{{id}}"]
    get = resource["get"]
    bytes_ = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    several = {"multipart/byteranges": {"schema": {"type": "string", "format": "binary"}}}
    others = {status: each for status, each in get["responses"].items() if status not in _NOT_OF_FILES}
    (type_,) = get["tags"]
    operation = {
        "operationId": f"{type_}.file",
        "summary": f"Fetch the file of one of {type_}",
        "tags": get["tags"],
        "parameters": [{"name": name, "in": "header", "description": told, **_TEXT} for name, told in _ASKED],
        "responses": {
            "200": {"description": "OK", "headers": _OF_FILES, "content": bytes_},
            "206": {"description": "Partial Content", "headers": _OF_FILES | _PARTS, "content": {**bytes_, **several}},
            "304": {"description": "The client has the file already."},
            "404": {"description": "There is no file (yet)."},
            "412": _refusal(document, 412, "precondition-failed"),
            "416": {**_refusal(document, 416, "range-not-satisfiable"), "headers": _PARTS},
            **others,
        },
    }
    document["paths"][f"{path}{file}"] = {
        "parameters": [_NAME] if "{file}" in file else resource["parameters"],
        "get": operation,
    }


def add_budget(document: dict[str, Any], path: str) -> None:
    """Describe that a customer may have ordered too much of a collection."""
    components = Components()
    refused = error_responses([{429: ["exports-limit"]}], components)
    document["paths"][path]["post"]["responses"] |= refused
    document["components"]["responses"] |= components.to_dict()["responses"]


def _refusal(document: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """Describe a refusal that only files know, like any other."""
    [(media_type, content)] = document["components"]["responses"]["errors.404"]["content"].items()
    error, _ = content["schema"]["properties"]["errors"]["items"]["allOf"]
    items = {"allOf": [error, {"properties": {"code": {"enum": [code]}}}]}
    errors = {"type": "array", "minItems": 1, "items": items}
    schema = {"type": "object", "required": ["errors"], "properties": {"errors": errors}}
    return {"description": HTTPStatus(status).phrase, "content": {media_type: {"schema": schema}}}


def add_versions(document: dict[str, Any], path: str, versions: Sequence[str]) -> None:
    """Describe the versions of the API that documents at a path and below it may be of, and the header that chooses."""
    header = {
        "name": VERSION_HEADER,
        "in": "header",
        "description": f"the version of the documents, {versions[0]} without it or for any that is not among these",
        "schema": {"type": "string", "examples": list(versions)},
    }
    for at in (path, f"{path}/{{id}}"):
        item = document["paths"][at]
        item["parameters"] = [*item.get("parameters", []), header]
    type_ = path.rpartition("/")[2]
    for name in (f"{type_}.collection", f"{type_}.document"):
        meta = document["components"]["schemas"][name]["properties"]["meta"]["properties"]
        meta["api_version"] = {"enum": list(versions)}
