"""`Schema` and `Relationship` of marshmallow-jsonapi with the types that the package does not have.

At run time they are the package's own classes. So either spelling of the import does; this one can be type-checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import marshmallow as ma

if TYPE_CHECKING:

    class Schema(ma.Schema):
        """A schema of one resource type, which `class Meta` names in `type_`."""

    class Relationship(ma.fields.Field):
        """What a resource leads to: its linkage from `attribute`, and links made from templates."""

        def __init__(  # noqa: PLR0913  (they are that many)
            self,
            related_url: str = "",
            related_url_kwargs: Mapping[str, str] | None = None,
            *,
            self_url: str = "",
            self_url_kwargs: Mapping[str, str] | None = None,
            include_resource_linkage: bool = False,
            schema: type[ma.Schema] | ma.Schema | str | None = None,
            many: bool = False,
            type_: str | None = None,
            id_field: str | None = None,
            **options: Any,
        ) -> None: ...
else:
    from marshmallow_jsonapi import Schema
    from marshmallow_jsonapi.fields import Relationship

__all__ = ["Relationship", "Schema"]
