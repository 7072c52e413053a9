"""What is expected of each case, and why: computed from the case and the rows, without the library."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.ransack import reference
from tests.ransack.corpus import ROWS, Condition
from tests.ransack.readings import LETTERS, REASONS, Reason, select_as

__all__ = ["MEASURED", "Verdict", "refused_keys", "verdict"]

MEASURED: Final = "the measured rows"
REFUSING: Final = tuple(reason for reason in REASONS if reason.refused)
DIFFERING: Final = (*(reason for reason in REASONS if not reason.refused), LETTERS)


@dataclass(frozen=True)
class Verdict:
    """What the library has to do with a case: refuse the conditions at `refused`, or give `rows` if there are none."""

    title: str
    refused: frozenset[str]
    rows: list[int]


def refused_keys(conditions: Sequence[Condition]) -> frozenset[str]:
    """Give the keys of the conditions that rules 6, 8 and 10 refuse."""
    return frozenset(condition.key for condition in conditions if reference.refuses(condition))


def verdict(conditions: Sequence[Condition], measured: list[int]) -> Verdict:
    """Judge a case; fails when anything but the listed reasons stands between the library's rules and the measured."""
    assert select_as(conditions, {*REASONS, LETTERS}) == measured, "Ransack reads the case in yet another way"
    refused = refused_keys(conditions)
    if refused:
        titles = {_refusing(condition).title for condition in conditions if condition.key in refused}
        return Verdict(" and ".join(sorted(titles)), refused, [])
    rows = reference.select(conditions)
    return Verdict(MEASURED if rows == measured else _differing(conditions, rows, measured).title, refused, rows)


def _refusing(condition: Condition) -> Reason:
    """Find the one reason for which a condition is refused."""
    (reason,) = (reason for reason in REFUSING if reason.read(condition) is not None)
    return reason


def _differing(conditions: Sequence[Condition], rows: list[int], measured: list[int]) -> Reason:
    """Find the one reason for other rows: with Ransack's rule for it alone, the measured rows come out.

    It may concern no other row and no other condition than it names.
    """
    (reason,) = (reason for reason in DIFFERING if select_as(conditions, {reason}) == measured)
    if reason is LETTERS:
        concerned = [row["id"] for row in ROWS if any(_has_letters(condition, row) for condition in conditions)]
        assert set(rows) ^ set(measured) <= set(concerned)
    return reason


def _has_letters(condition: Condition, row: dict[str, object]) -> bool:
    """Tell whether letters outside ASCII stand in the value or in the row, where case is ignored."""
    texts = [*condition.items, *(row[attribute] for attribute in condition.attributes)]
    return reference.ignores_case(condition) and not all(str(text).isascii() for text in texts)
