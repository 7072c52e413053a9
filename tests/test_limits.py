from __future__ import annotations

import pytest

from jsonapi_sieve import DeclarationError, FilterSet, Limits

BUDGETS = Limits._fields


def test_the_budgets_and_their_defaults() -> None:
    assert Limits()._asdict() == {
        "query_string": 65_536,
        "key": 256,
        "value": 32_768,
        "filters": 100,
        "list_items": 1_000,
        "parameters": 200,
        "depth": 16,
        "include_depth": 3,
        "page_size": 1_000,
        "body": 1_048_576,
        "json_depth": 64,
    }


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_budget_is_at_least_one(budget: str) -> None:
    for size in (0, -1):
        with pytest.raises(DeclarationError, match=f"the budget '{budget}' must be at least 1, not {size}"):
            FilterSet(limits=Limits(**{budget: size}))
    assert FilterSet(limits=Limits(**{budget: 1})).limits._asdict()[budget] == 1


@pytest.mark.parametrize("budget", BUDGETS)
def test_an_exceeded_budget_has_a_code_and_tells_its_limit(budget: str) -> None:
    error = Limits(**{budget: 7}).exceeded(budget, "Too much.", "page[size]")
    assert error.to_dict() == {
        "status": "400",
        "code": budget.replace("_", "-") + "-limit",
        "title": "Limit exceeded",
        "detail": "Too much.",
        "source": {"parameter": "page[size]"},
        "meta": {"limit": 7},
    }


def test_an_exceeded_budget_may_stand_nowhere_or_in_a_document_and_have_a_status_of_its_own() -> None:
    assert Limits().exceeded("query_string", "Too long.", status=414).to_dict()["status"] == "414"
    assert "source" not in Limits().exceeded("query_string", "Too long.", status=414).to_dict()
    error = Limits().exceeded("json_depth", "Too deep.", "/data", source="pointer")
    assert error.to_dict()["source"] == {"pointer": "/data"}


def test_limits_are_fixed() -> None:
    with pytest.raises(AttributeError):
        Limits().filters = 1  # type: ignore[misc]
