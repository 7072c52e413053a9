"""japyd: filters in the syntax of JsonApiDotNetCore, over pydantic models."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from japyd import JsonApiBaseModel, JsonApiQueryModel

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter


class Call(JsonApiBaseModel):
    """A row."""

    id: str
    status: str
    customer_price: Decimal | None
    time_start: datetime
    account_id: int | None
    src_name_in: str | None

    @property
    def jsonapi_type(self) -> str:
        """Name the type."""
        return "calls"


def select() -> Adapter:
    """Match models, which are made before."""
    rows = tasks.rows()
    given = [Call(**{**row, "id": str(row["id"])}) for row in rows]
    first, second = tasks.WANTED
    query = JsonApiQueryModel.model_validate(
        {
            "filter": [
                f"not(equals(account_id,'{tasks.ACCOUNT}'))",
                "not(equals(account_id,null))",
                f"greaterOrEqual(customer_price,'{tasks.LEAST}')",
                f"any(status,'{first}','{second}')",
                f"lessThan(time_start,'{tasks.BEFORE.isoformat()}')",
            ]
        }
    )

    def shown(found: list[Any]) -> object:
        return [rows[int(model.id)] for model in found]

    return Adapter("japyd", lambda: query.select(given), shown)
