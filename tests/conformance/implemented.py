"""Where the library keeps each rule: its functions, which an import proves to be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jsonapi_sieve import FilterSet, Sort, ToMany, ToOne
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.backends.sqlalchemy import compile_page
from jsonapi_sieve.conditional import entity_tag, is_current
from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.document import Link, TopLevel, read_resource, writing
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.links import form_encode, page_links
from jsonapi_sieve.methods import check_method
from jsonapi_sieve.names import check_parameters, is_member_name, spell
from jsonapi_sieve.negotiation import MediaType, check_accept, check_content_type
from jsonapi_sieve.paging import CursorPages, NumberedPages, OffsetPages
from jsonapi_sieve.paging.counts import counted
from jsonapi_sieve.paging.cursors import Signer
from jsonapi_sieve.paging.listed import listed
from jsonapi_sieve.query import Query, QueryParser
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation, ResourceSchema, load
from jsonapi_sieve.serialization.resource_objects import add_linkage, arranged
from jsonapi_sieve.sorting import total_order
from jsonapi_sieve.testing.conformance.sections.documents import foreign_keys_are_no_attributes
from jsonapi_sieve.types import Timestamp

_PLACES: Final[tuple[tuple[Callable[..., Any], str], ...]] = (
    (Answer.of, "CN-01 CN-10 CRE-05 FET-01"),
    (Answer.refusing, "CN-01 CN-10 FET-03 ERR-09"),
    (Answer.to, "FET-05"),
    (entity_tag, "FET-05"),
    (is_current, "FET-05"),
    (check_method, "FET-05 CRE-12 UPD-04 UPD-06 REL-03 REL-05 REL-06 DEL-01"),
    (MediaType.__str__, "CN-02 CN-03"),
    (Resource.media_type, "CN-04"),
    (Query.applying, "CN-04 CN-09"),
    (check_accept, "CN-07 CN-08 CN-09 CN-11 CN-12"),
    (check_content_type, "CN-05 CN-06 CN-12 CN-13 CN-14"),
    (TopLevel.jsonapi, "DOC-24"),
    (TopLevel.links, "DOC-07 DOC-08 REC-04"),
    (Link, "LNK-01 LNK-02 LNK-03"),
    (writing.collection, "DOC-01 DOC-02 DOC-03 DOC-04 DOC-05 DOC-06 DOC-25 FET-01"),
    (writing.single, "DOC-06 FET-02"),
    (writing.encode, "DOC-02 DOC-03 DOC-04 DOC-05"),
    (writing.error_document, "DOC-03 DOC-04 ERR-01"),
    (read_resource, "DOC-01 DOC-05 DOC-10 DOC-14 DOC-17 DOC-26 DOC-27 CRE-02 CRE-03 ERR-07"),
    (arranged, "DOC-09 DOC-10 FLD-01 FLD-02 FLD-03"),
    (ResourceSchema, "DOC-12 DOC-13 MEM-01 MEM-02 MEM-03 MEM-04"),
    (ResourceSchema.dump, "DOC-05 DOC-14"),
    (ResourceSchema.include, "DOC-11 DOC-22 DOC-23 INC-03 INC-06 FLD-06"),
    (Relation.linkages, "DOC-17 DOC-21 FET-04"),
    (Relation.links, "DOC-16 DOC-18 LNK-04 REC-02 REC-04"),
    (foreign_keys_are_no_attributes.run, "DOC-15"),
    (add_linkage, "DOC-22"),
    (Resource.render_relationship, "FET-04 DOC-19"),
    (Resource.render_one, "FET-02"),
    (Resource.self_link, "DOC-20 CRE-06 CRE-07"),
    (Resource.parse_one, "INC-01"),
    (Resource.parse_related, "DOC-18 FET-02"),
    (Resource.parse_relationship, "INC-01 QRY-07"),
    (is_member_name, "MEM-01 MEM-02 MEM-03 MEM-04"),
    (spell, "MEM-05 REC-01"),
    (split_query, "QRY-01 QRY-04"),
    (decode, "QRY-01 QRY-02"),
    (form_encode, "QRY-03"),
    (check_parameters, "QRY-08 QRY-09"),
    (QueryParser.parse, "QRY-05 QRY-06 QRY-07 QRY-09 QRY-10 QRY-11 PAG-05 INC-01"),
    (FilterSet.has_groups, "FIL-05"),
    (ToOne, "FIL-04"),
    (ToMany, "FIL-04"),
    (FilterSet.parse, "QRY-06 QRY-07 QRY-10 QRY-11 FIL-01 FIL-02 FIL-03 REC-03 ERR-10"),
    (Includes.parse, "INC-02 INC-04 INC-05 INC-06 INC-07"),
    (Fieldsets.parse, "FLD-01 FLD-02 FLD-04 FLD-05"),
    (Sort.parse, "SRT-01 SRT-02 SRT-03 SRT-05 SRT-06"),
    (Resource.statement, "SRT-02 SRT-04 PAG-04"),
    (NumberedPages.parse, "PAG-05 PAG-07"),
    (NumberedPages.links, "PAG-01 PAG-02 PAG-03 PAG-04 PAG-08 PAG-09"),
    (OffsetPages.parse, "PAG-05 PAG-07"),
    (OffsetPages.links, "PAG-01 PAG-02 PAG-03 PAG-08 PAG-09"),
    (page_links, "PAG-06"),
    (CursorPages, "CUR-06"),
    (CursorPages.parse, "CUR-02 CUR-04 CUR-05 CUR-08 CUR-12 CUR-20 SRT-05"),
    (CursorPages.show, "CUR-07 CUR-10 CUR-13 CUR-15"),
    (CursorPages.links, "CUR-14 CUR-15"),
    (CursorPages.cursor, "CUR-16"),
    (Signer, "CUR-08 CUR-20"),
    (total_order, "CUR-01 SRT-06"),
    (compile_page, "CUR-01 CUR-03 CUR-07 CUR-09 CUR-10 CUR-11 SRT-05"),
    (listed, "CUR-13 CUR-16 CUR-18"),
    (counted, "CUR-17"),
    (ErrorObject.to_dict, "ERR-02 ERR-03 ERR-04 ERR-05 ERR-06 ERR-08 ERR-11 ERR-12"),
    (QueryErrors, "ERR-09 ERR-10"),
    (load, "CRE-01 CRE-04 CRE-09 CRE-10 CRE-11 ERR-07"),
    (Resource.load, "CRE-01 CRE-02"),
    (Timestamp, "REC-06"),
)

IMPLEMENTED: Final[dict[str, tuple[Callable[..., Any], ...]]] = {
    rule: tuple(place for place, rules in _PLACES if rule in rules.split())
    for rule in sorted({rule for _, rules in _PLACES for rule in rules.split()})
}
"""What keeps each rule, by the rule's id."""
