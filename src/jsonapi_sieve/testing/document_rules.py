"""The rules that a document is held to: JSON:API 1.1, as far as a document alone, or with its request, tells."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.testing.rule import Rule

__all__ = ["DOCUMENT_RULES"]

DOCUMENT_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "DOC-01": Rule("The root is an object.", "document-top-level"),
        "DOC-02": Rule("A document has `data`, `errors`, `meta` or an extension's member.", "document-top-level"),
        "DOC-03": Rule("`data` and `errors` do not stand side by side.", "document-top-level"),
        "DOC-04": Rule("`included` needs `data` beside it.", "document-top-level"),
        "DOC-05": Rule("An object of the specification has no members but its own.", "document-structure"),
        "DOC-06": Rule("Primary data is an object, an array of objects, or null.", "document-top-level"),
        "DOC-08": Rule(
            "Top-level links are `self`, `related`, `describedby` and those of paging.", "document-top-level"
        ),
        "DOC-09": Rule("A resource object has a `type` and, but for a new one, an `id`.", "document-resource-objects"),
        "DOC-10": Rule("`type`, `id` and `lid` are text.", "document-resource-object-identification"),
        "DOC-11": Rule("A resource has one `lid` throughout.", "document-resource-object-identification"),
        "DOC-12": Rule("A `type` is spelled as member names are.", "document-resource-object-identification"),
        "DOC-13": Rule(
            "No field is named `type` or `id`, and no attribute as a relationship.", "document-resource-object-fields"
        ),
        "DOC-14": Rule("`attributes`, `relationships` and `links` are objects.", "document-structure"),
        "DOC-16": Rule(
            "A relationship is an object with `data`, `meta`, an extension's member, or `links` that have `self`, "
            "`related` or an extension's member.",
            "document-resource-object-relationships",
        ),
        "DOC-17": Rule(
            "Linkage is null, a resource identifier object, or an array of those.", "document-resource-object-linkage"
        ),
        "DOC-21": Rule(
            "A resource identifier object has a `type` and an `id`, or a `lid` for a new resource.",
            "document-resource-identifier-objects",
        ),
        "DOC-22": Rule(
            "`included` is an array of resource objects, all linked with the primary data.",
            "document-compound-documents",
        ),
        "DOC-23": Rule("No two resource objects have the same type and id.", "document-compound-documents"),
        "DOC-24": Rule(
            "`jsonapi` is an object with `version` (text), `ext` and `profile` (arrays of URIs) and `meta`.",
            "document-jsonapi-object",
        ),
        "DOC-25": Rule("`meta` is an object.", "document-meta"),
        "DOC-27": Rule("An extension's member is named `namespace:name`.", "extension-members"),
        "LNK-01": Rule("A link is a URI reference, a link object, or null.", "document-links"),
        "LNK-02": Rule(
            "A link object has an `href`; `title` and `type` are text, `hreflang` is one language tag or several.",
            "document-links-link-object",
        ),
        "LNK-03": Rule("`rel` is one relation type of RFC 8288.", "document-links-link-object"),
        "PAG-01": Rule("Only a collection has links of paging.", "fetching-pagination"),
        "MEM-01": Rule("A member name is not empty.", "document-member-names"),
        "MEM-02": Rule("A member name neither begins nor ends with `-`, `_` or a space.", "document-member-names"),
        "MEM-04": Rule("A member name has no reserved character.", "document-member-names-reserved-characters"),
        "MEM-05": Rule("A member name is safe in URLs.", "document-member-names", recommended=True),
        "ERR-01": Rule("`errors` is an array of objects.", "error-objects"),
        "ERR-02": Rule("An error object has some of its members and no others.", "error-objects"),
        "ERR-03": Rule("An error object has a `status`.", "error-objects", recommended=True),
        "ERR-04": Rule(
            "`id`, `code`, `title` and `detail` are text, `status` is an HTTP status as text, `source` is an object.",
            "error-objects",
        ),
        "ERR-05": Rule("Errors of one `code` have one `title`.", "error-objects", recommended=True),
        "ERR-06": Rule("`source` has one of its members.", "error-objects", recommended=True),
        "ERR-07": Rule("`pointer` leads to something in the request document.", "error-objects"),
        "ERR-08": Rule("`parameter` is text, `header` the name of one header.", "error-objects"),
        "ERR-11": Rule("The links of an error are `about` and `type`.", "error-objects"),
        "INC-02": Rule("A response to `include` has `included`.", "fetching-includes"),
        "INC-03": Rule("Nothing is included that `include` does not ask for.", "fetching-includes"),
        "FLD-03": Rule("A resource has no fields that `fields` does not ask for.", "fetching-sparse-fieldsets"),
        "CRE-02": Rule("What creates a resource has one resource object as `data`.", "crud-creating"),
        "CRE-03": Rule("A relationship of a new resource has `data`.", "crud-creating"),
        "UPD-01": Rule("What updates a resource has one resource object as `data`.", "crud-updating"),
        "UPD-03": Rule("A relationship that is updated has `data`.", "crud-updating-resource-relationships"),
        "REL-01": Rule("What changes a relationship has `data`.", "crud-updating-relationships"),
    }
)
"""Every rule that `check_document` checks, by the short name that a `Violation` gives."""
