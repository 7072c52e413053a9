"""Cursors hold every sort value exactly, and nothing but what was signed is read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.errors import CompileError, NotRenderable, QueryErrors
from jsonapi_sieve.paging.cursors import LONGEST, BadCursor, Cursor, Signer, Walk
from tests.paging.listing import Item, Listing, cursor, database, ids, resource

SIGNER = Signer("one secret")
WALK = Walk("cdrs", "-duration,id", "", datetime(2024, 7, 17, 12, 30, 0, 1, UTC))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False)
    | TEXT
    | st.uuids()
    | st.dates()
    | st.datetimes().map(lambda naive: naive.replace(fold=0))
    | st.datetimes(timezones=st.just(UTC)).map(lambda aware: aware.replace(fold=0))
)


@given(st.lists(VALUES).map(tuple), st.datetimes(timezones=st.just(UTC)))
def test_every_value_comes_back_exactly(position: tuple[object, ...], moment: datetime) -> None:
    held = Cursor(WALK._replace(moment=moment), position)
    read = SIGNER.read(SIGNER.write(held))
    assert read == held
    assert [type(value) for value in read.position] == [type(value) for value in position]
    assert list(map(repr, read.position)) == list(map(repr, position))


def test_zones_are_kept_as_instants() -> None:
    there = datetime(2024, 7, 17, tzinfo=timezone(timedelta(hours=2)))
    (read,) = SIGNER.read(SIGNER.write(Cursor(WALK, (there,)))).position
    assert read == there


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize("value", [b"bytes", timedelta(1), Colour.RED, [1], object()])
def test_what_no_cursor_can_hold_is_refused(value: object) -> None:
    with pytest.raises(CompileError, match=f"a cursor cannot hold {type(value).__name__}: sort by another attribute"):
        SIGNER.write(Cursor(WALK, (value,)))


def test_a_cursor_that_would_not_be_read_is_not_made() -> None:
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 15_000)))
    with pytest.raises(NotRenderable, match=f"at most {LONGEST} are"):
        SIGNER.write(Cursor(WALK, (long,)))


@pytest.mark.rule("CUR-20")
def test_secrets_are_changed_one_by_one() -> None:
    position = Cursor(WALK, (1,))
    old, both, new = Signer("old"), Signer(["old", "new"]), Signer(b"new")
    assert both.read(old.write(position)) == both.read(new.write(position)) == position
    assert new.read(both.write(position)) == position
    with pytest.raises(BadCursor):
        old.read(both.write(position))


@pytest.fixture(scope="module")
def listing() -> Iterator[Listing]:
    with database() as session:
        session.add_all(Item(id=number, rank=number % 3, name="a") for number in range(10))
        session.commit()
        yield Listing(session)


def signed() -> str:
    return SIGNER.write(Cursor(WALK, (60, None, "x", Decimal("1.5"), UUID(int=7), date(2024, 1, 1))))


@pytest.mark.rule("CUR-08", "CUR-20")
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        SIGNER.read(text)


@pytest.mark.rule("CUR-08", "CUR-20")
@given(st.data())
def test_a_cursor_that_was_tampered_with_is_none(data: st.DataObject) -> None:
    text = signed()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                text[:at],
                text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + chr(ord(text[at]) ^ 1 << data.draw(st.integers(0, 6))) + text[at + 1 :],
                text[:at] + "." + text[at:],
                text * 2,
                f".{text}",
            ]
        )
    )
    try:
        read: Any = SIGNER.read(changed)
    except BadCursor:
        return
    # The last character of base64 has bits that stand for nothing, so one signature has several spellings.
    assert read == SIGNER.read(text)
    assert changed[:-1] == text[:-1]


@pytest.mark.rule("CUR-08")
@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "\ud800", "é", "\0", "a" * 40_000, "e30.abc", Signer("another secret").write(Cursor(WALK, (1, 2)))],
    ids=ascii,
)
@pytest.mark.parametrize("member", ["after", "before"])
def test_each_bad_cursor_is_one_error(listing: Listing, text: str, member: str) -> None:
    parsed = {f"page[{member}]": text}
    faults = listing_faults(listing, parsed)
    assert [fault["source"] for fault in faults] == [{"parameter": f"page[{member}]"}]
    assert {fault["status"] for fault in faults} == {"400"}
    assert faults[0]["code"] in ("invalid-cursor", "invalid-encoding", "value-limit")
    if faults[0]["code"] == "invalid-cursor":
        assert faults[0]["detail"] == "It is no cursor that was given here."


def listing_faults(listing: Listing, parsed: dict[str, str]) -> list[dict[str, Any]]:
    with pytest.raises(QueryErrors) as raised:
        listing.resource.parse(parsed)
    return [error.to_dict() for error in raised.value.errors]


@pytest.mark.rule("CUR-08")
def test_both_cursors_may_be_bad(listing: Listing) -> None:
    faults = listing.faults("page[after]=x&page[before]=y")
    assert [fault["source"]["parameter"] for fault in faults] == ["page[after]", "page[before]"]


def test_the_moment_is_that_of_the_first_good_cursor(listing: Listing) -> None:
    good = cursor(listing.get()["links"]["next"])
    faults = listing.faults(f"page[after]=x&page[before]={good}")
    assert len(faults) == 1


@pytest.mark.rule("CUR-20")
def test_a_cursor_is_no_pickle(listing: Listing) -> None:
    text = cursor(listing.get("sort=rank")["links"]["next"])
    payload = text.rpartition(".")[0]
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).startswith(b'["items","rank,id","",')
    assert ids(Listing(listing.session, resource()).get(f"sort=rank&page[after]={text}"))
