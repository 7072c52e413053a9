"""The rules that a server is held to beyond the form of its documents.

They are those of JSON:API 1.1, of its recommendations, and of the profile for cursor pagination.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.testing.rule import Rule

__all__ = ["CURSOR_PROFILE", "SERVER_RULES"]

_RECOMMENDATIONS: Final = "https://jsonapi.org/recommendations/"

CURSOR_PROFILE: Final = "https://jsonapi.org/profiles/ethanresnick/cursor-pagination/"
"""The profile for pages by cursors, and its address."""


def _must(text: str, anchor: str) -> Rule:
    return Rule(text, anchor)


def _should(text: str, anchor: str) -> Rule:
    return Rule(text, anchor, recommended=True)


def _advice(text: str, anchor: str) -> Rule:
    return Rule(text, anchor, recommended=True, page=_RECOMMENDATIONS)


def _cursor(text: str, anchor: str, *, recommended: bool = False) -> Rule:
    return Rule(text, anchor, recommended, CURSOR_PROFILE)


_NEGOTIATION: Final = {
    "CN-01": _must("Documents are sent as `application/vnd.api+json`, errors too.", "content-negotiation-all"),
    "CN-02": _must("The media type is sent with no parameters but `ext` and `profile`.", "media-type-parameter-rules"),
    "CN-03": _must("`ext` and `profile` are quoted lists of URIs with blanks between.", "media-type-parameter-rules"),
    "CN-04": _must("The media type names the extensions and profiles that are applied.", "content-negotiation-all"),
    "CN-05": _must("A body whose media type has another parameter is refused with 415.", "content-negotiation-servers"),
    "CN-06": _must("A body with an unsupported extension is refused with 415.", "content-negotiation-servers"),
    "CN-07": _must(
        "Media types in `Accept` with another parameter are passed over; where all are, the answer is 406.",
        "content-negotiation-servers",
    ),
    "CN-08": _must(
        "Media types in `Accept` with an unsupported extension are passed over; where all are, the answer is 406.",
        "content-negotiation-servers",
    ),
    "CN-09": _must("An unknown profile is ignored.", "content-negotiation-servers"),
    "CN-10": _should("`Vary` names `Accept` where extensions or profiles are known.", "content-negotiation-servers"),
    "CN-11": _should(
        "A weight is no parameter of the media type, and a weight of 0 excludes it.", "content-negotiation-clients"
    ),
    "CN-12": _must("What `jsonapi` says in a body negotiates nothing.", "document-jsonapi-object"),
    "CN-13": _should("A GET may carry a `Content-Type`.", "content-negotiation-servers"),
    "CN-14": _must("A media type with a profile is accepted.", "content-negotiation-servers"),
}

_DOCUMENTS: Final = {
    "DOC-07": _should("The top-level `self` leads to the same document again.", "document-top-level"),
    "DOC-15": _should("A foreign key is no attribute.", "document-resource-object-attributes"),
    "DOC-18": _must(
        "A `related` link answers, though it be empty, and is the same at all times.",
        "document-resource-object-related-resource-links",
    ),
    "DOC-19": _must("The paging links of a relationship page its linkage.", "document-resource-object-relationships"),
    "DOC-20": _must("The `self` of a resource leads to it.", "document-resource-object-links"),
    "DOC-26": _must("Members that begin with `@` are ignored.", "document-member-names-at-members"),
    "LNK-04": _must("Each `self`, `related` and paging link answers to GET.", "fetching-resources"),
    "MEM-03": _must("A member name has `-`, `_` and blanks only inside.", "document-member-names"),
}

_QUERIES: Final = {
    "QRY-01": _must("A query string is read as `application/x-www-form-urlencoded`.", "query-parameters-parsing"),
    "QRY-02": _should("Lists are told from encoded commas in one documented way.", "query-parameters-parsing"),
    "QRY-03": _must("In the queries of links, square brackets are encoded.", "query-parameters-parsing"),
    "QRY-04": _must("Encoded and plain square brackets mean the same.", "query-parameters-square-brackets"),
    "QRY-05": _must("The legal members of a family are read.", "query-parameters-families"),
    "QRY-06": _must("What is no legal member of a family is refused with 400.", "query-parameters-families"),
    "QRY-07": _must("A parameter that is neither known nor custom is refused with 400.", "query-parameters-custom"),
    "QRY-08": _must("A custom parameter's name is legal and not of a-z alone.", "query-parameters-custom"),
    "QRY-09": _must("A parameter of an unknown extension is refused with 400.", "extension-query-parameters"),
    "QRY-10": _should("No parameter that is repeated is dropped in silence.", "query-parameters"),
    "QRY-11": _should("An error names the whole parameter as its source.", "error-objects"),
}

_FETCHING: Final = {
    "FET-01": _must("A collection answers with 200 and an array.", "fetching-resources-responses-200"),
    "FET-02": _must(
        "A resource answers with 200 and an object, an empty to-one relationship with null.",
        "fetching-resources-responses-200",
    ),
    "FET-03": _must("A resource that does not exist answers with 404.", "fetching-resources-responses-404"),
    "FET-04": _must(
        "A relationship answers with 200 and its linkage, one that does not exist with 404.",
        "fetching-relationships-responses",
    ),
    "FET-05": _must("HEAD, `Allow` and `ETag` are as HTTP has them.", "fetching-resources-responses-other"),
    "INC-01": _must("Where nothing can be included, `include` is refused with 400.", "fetching-includes"),
    "INC-04": _must("`include` is a list of paths; an empty one includes nothing.", "fetching-includes"),
    "INC-05": _must("A path that cannot be included is refused with 400.", "fetching-includes"),
    "INC-06": _must("All resources along a path are included.", "fetching-includes"),
    "INC-07": _should("The depth of paths has a limit.", "fetching-includes"),
    "FLD-01": _must("`fields` names attributes and relationships.", "fetching-sparse-fieldsets"),
    "FLD-02": _must("An empty list of fields means none.", "fetching-sparse-fieldsets"),
    "FLD-04": _should("Fields of other types stay as they are.", "fetching-sparse-fieldsets"),
    "FLD-05": _should("A field that does not exist is refused with 400.", "fetching-sparse-fieldsets"),
    "FLD-06": _must("`fields` holds for included resources.", "fetching-sparse-fieldsets"),
}

_LISTING: Final = {
    "SRT-01": _must("A sort field is ascending, and descending after a minus.", "fetching-sorting"),
    "SRT-02": _should("Sort fields are applied in their order.", "fetching-sorting"),
    "SRT-03": _must("A sort field that is not supported is refused with 400.", "fetching-sorting"),
    "SRT-04": _must("Data is in the order that was asked for.", "fetching-sorting"),
    "SRT-05": _should("A sort field of a related resource is a path with dots.", "fetching-sorting"),
    "SRT-06": _should("An empty, repeated or malformed sort field is refused with 400.", "fetching-sorting"),
    "PAG-02": _must("Paging links are `first`, `last`, `prev` and `next`.", "fetching-pagination"),
    "PAG-03": _must("A page that does not exist has no link, or null.", "fetching-pagination"),
    "PAG-04": _must("Pages follow each other in the order of the collection.", "fetching-pagination"),
    "PAG-05": _should("Paging uses the family `page`.", "fetching-pagination"),
    "PAG-06": _should("Paging links keep the other parameters of the request.", "fetching-pagination"),
    "PAG-07": _should("A page that cannot be is refused with 400.", "fetching-pagination"),
    "PAG-08": _should("An empty collection has one empty page.", "fetching-pagination"),
    "PAG-09": _should("A page beyond the last is empty or not found.", "fetching-pagination"),
    "FIL-01": _should("Filters are of the family `filter`, and select.", "fetching-filtering"),
    "FIL-02": _advice("Several filters select what each of them does.", "filtering"),
    "FIL-03": _must("A filter that is not supported is refused with 400.", "fetching-filtering"),
    "FIL-04": _should("A filter on a related resource is a path with dots.", "fetching-filtering"),
    "FIL-05": _should("A grammar of filters that has a profile is named by it.", "profiles"),
}

_ERRORS: Final = {
    "ERR-09": _should("Of several errors, the most general status is sent.", "errors-processing"),
    "ERR-10": _should("Errors of one request stand in one stable order.", "errors-processing"),
    "ERR-12": _should("Details of an error for machines stand in its `meta`.", "error-objects"),
}

_WRITING: Final = {
    "CRE-01": _must("A request that fails creates nothing.", "crud"),
    "CRE-04": _must("A client's own id is taken, or refused with 403.", "crud-creating-client-ids"),
    "CRE-05": _must("What is created is answered with 201 and the resource.", "crud-creating-responses-201"),
    "CRE-06": _should("201 has a `Location`.", "crud-creating-responses-201"),
    "CRE-07": _must("`Location` is the `self` of the new resource.", "crud-creating-responses-201"),
    "CRE-08": _must("What is accepted but not done is answered with 202.", "crud-creating-responses-202"),
    "CRE-09": _must("A related resource that does not exist is answered with 404.", "crud-creating-responses-404"),
    "CRE-10": _must("Another type, or an id that exists, is refused with 409.", "crud-creating-responses-409"),
    "CRE-11": _should("409 comes with details.", "crud-creating-responses-409"),
    "CRE-12": _should("Creating what cannot be created is refused with 403 or 405.", "crud-creating-responses-403"),
    "UPD-02": _must("Fields that an update does not name stay as they are.", "crud-updating-resource-attributes"),
    "UPD-04": _must(
        "A to-many relationship is replaced, or all is refused with 403.", "crud-updating-to-many-relationships"
    ),
    "UPD-05": _must("An update answers with 200, 202 or 204.", "crud-updating-responses"),
    "UPD-06": _must(
        "An update that is not supported is refused with 403, one of nothing with 404.", "crud-updating-responses-403"
    ),
    "REL-02": _must("What changes a to-many relationship has an array.", "crud-updating-to-many-relationships"),
    "REL-03": _must("PATCH replaces a whole relationship, or nothing.", "crud-updating-to-many-relationships"),
    "REL-04": _must("POST adds to a relationship what is not in it.", "crud-updating-to-many-relationships"),
    "REL-05": _must("DELETE takes out of a relationship what is in it.", "crud-updating-to-many-relationships"),
    "REL-06": _must(
        "A change of a relationship that is not supported is refused with 403.",
        "crud-updating-relationship-responses-403",
    ),
    "DEL-01": _must(
        "A deletion answers with 200 and `meta` alone, 202 or 204, one of nothing with 404.", "crud-deleting-responses"
    ),
}

_ADVICE: Final = {
    "REC-01": _advice("Member names are in camel case.", "naming"),
    "REC-02": _advice("URLs are built of type, id and relationship.", "urls"),
    "REC-03": _advice("A relationship is filtered by its name.", "filtering"),
    "REC-04": _advice("Documents, resources and relationships have links.", "including-links"),
    "REC-05": _advice("`X-HTTP-Method-Override: PATCH` makes a POST a PATCH.", "patchless-clients"),
    "REC-06": _advice("Dates and times are those of ISO 8601.", "date-and-time-fields"),
    "REC-07": _advice("What takes long is a job of its own.", "asynchronous-processing"),
}

_PROFILE: Final = {
    "CUR-01": _cursor("Every order is total, so that no page loses or repeats an item.", "concepts-sorting"),
    "CUR-02": _cursor("A sort that cannot be paged is refused as such.", "errors-unsupported-sort"),
    "CUR-03": _cursor("A cursor outlives its item.", "concepts-cursors"),
    "CUR-04": _cursor("`page[size]` is a positive whole number, or refused with 400.", "terms-used-page-size"),
    "CUR-05": _cursor("A size above the maximum is refused as such.", "errors-max-page-size-exceeded"),
    "CUR-06": _cursor("There is a default size, and it is not above the maximum.", "terms-used-page-size"),
    "CUR-07": _cursor("A page has as many items as its size, if there are so many.", "terms-used-page-size"),
    "CUR-08": _cursor("What is no cursor is refused with 400.", "errors-invalid-query-parameter"),
    "CUR-09": _cursor("`page[after]` begins right behind its cursor.", "terms-paginated-data"),
    "CUR-10": _cursor("`page[before]` ends right before its cursor.", "terms-paginated-data"),
    "CUR-11": _cursor("Without a cursor, a page begins with the first item.", "terms-paginated-data"),
    "CUR-12": _cursor("A range is paged, or refused as such.", "errors-range-pagination-not-supported"),
    "CUR-13": _cursor("A range that is cut is marked.", "query-range-pagination"),
    "CUR-14": _cursor("Paged data has the links `prev` and `next`.", "terms-pagination-links"),
    "CUR-15": _cursor("`prev` and `next` are null exactly where there is no page.", "terms-pagination-links"),
    "CUR-16": _cursor("The cursor of an item falls on it.", "document-item-cursors"),
    "CUR-17": _cursor("Totals are whole numbers, estimated ones objects.", "terms-pagination-metadata"),
    "CUR-18": _cursor("`page` in `meta` is an object.", "document-page-meta"),
    "CUR-20": _cursor("A cursor belongs to its sort.", "concepts-cursors", recommended=True),
}

SERVER_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        **_NEGOTIATION,
        **_DOCUMENTS,
        **_QUERIES,
        **_FETCHING,
        **_LISTING,
        **_ERRORS,
        **_WRITING,
        **_ADVICE,
        **_PROFILE,
    }
)
"""Every rule that a document alone does not tell, by its short name."""
