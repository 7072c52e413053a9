"""Faults against what the recommendations advise: section REC of the rules."""

from __future__ import annotations

from typing import Final

from tests.conformance.exchange import Document, Fault, each_resource, miswritten, relationships_of


def _addresses_relationships_otherwise(document: Document) -> None:
    for relationship in relationships_of(document):
        links = relationship.get("links", {})
        if "self" in links:
            links["self"] = links["self"].replace("/relationships/", "/linkage/")


def _links_no_relationships(document: Document) -> None:
    for relationship in relationships_of(document):
        relationship.setdefault("meta", {})
        relationship.pop("links", None)


def _writes_times_for_people(resource: Document) -> None:
    attributes = resource.get("attributes", {})
    if "createdAt" in attributes:
        attributes["createdAt"] = attributes["createdAt"].replace("T", " ")


FAULTS: Final[dict[str, Fault]] = {
    "REC-01": each_resource(lambda resource: resource.setdefault("attributes", {}).update(made_up=1)),
    "REC-02": miswritten(_addresses_relationships_otherwise),
    "REC-04": miswritten(_links_no_relationships),
    "REC-06": each_resource(_writes_times_for_people),
}
