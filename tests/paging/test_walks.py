"""Walking all pages by cursor while rows come, go and change: nothing that stays is lost, nothing is shown twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.paging.listing import PATH, Base, Item, Listing, cursor, ids, resource
from tests.servers.postgresql import embedded

# The tracer makes what is asked here half as slow again, and other tests reach every branch.
pytestmark = pytest.mark.no_cover

SORTS = ("", "rank", "-rank", "name,-rank", "-name", "-rank,name")
RANKS = st.none() | st.integers(0, 3)
NAMES = st.sampled_from(["", "a", "B", "é", "😀"])


class Walk(RuleBasedStateMachine):
    """One client walks through a listing, to its end and back, while others write.

    `stayed` are the rows that were there all the time with the same sort values; each is shown exactly once on a way.
    """

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.session.execute(sa.delete(Item))
        self.session.commit()
        self.listing = Listing(self.session, resource())
        self.link: str | None = None
        self.following = "next"
        self.stayed: set[int] = set()
        self.seen: list[int] = []
        self.steps = self.turns = 0
        self.last = 0

    @initialize(
        rows=st.lists(st.tuples(RANKS, NAMES), min_size=3, max_size=12),
        sort=st.sampled_from(SORTS),
        size=st.integers(1, 4),
    )
    def begin(self, rows: list[tuple[int | None, str]], sort: str, size: int) -> None:
        for rank, name in rows:
            self.insert(rank, name)
        self.link = f"{PATH}?page[size]={size}" + (f"&sort={sort}" if sort else "")
        self.stayed = set(self.numbers())

    def numbers(self) -> list[int]:
        return list(self.session.scalars(sa.select(Item.id).order_by(Item.id)))

    @rule(rank=RANKS, name=NAMES)
    def insert(self, rank: int | None, name: str) -> None:
        # New numbers come before and after those that are there.
        self.last += 1
        number = self.last if self.last % 2 else -self.last
        self.session.add(Item(id=number, rank=rank, name=name))
        self.write()

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if numbers := self.numbers():
            number = data.draw(st.sampled_from(numbers))
            self.session.execute(sa.delete(Item).where(Item.id == number))
            self.stayed.discard(number)
            self.write()

    @rule(data=st.data(), rank=RANKS, name=NAMES)
    def change(self, data: st.DataObject, rank: int | None, name: str) -> None:
        if numbers := self.numbers():
            number = data.draw(st.sampled_from(numbers))
            item = self.session.get_one(Item, number)
            if (item.rank, item.name) != (rank, name):
                item.rank, item.name = rank, name
                self.stayed.discard(number)
            self.write()

    def write(self) -> None:
        self.session.commit()
        self.session.expunge_all()

    @precondition(lambda self: self.link is not None)
    @rule()
    def step(self) -> None:
        """Follow the link to the next page; at the end, turn round."""
        assert self.link is not None
        self.steps += 1
        assert self.steps < 300, "the walk does not end"
        document = self.listing.get(self.link)
        shown = ids(document)
        self.seen += shown if self.following == "next" else shown[::-1]
        self.link = document["links"][self.following]
        if self.link is None:
            self.check()
            self.turns += 1
            if self.following == "next":
                self.following, self.link = "prev", document["links"]["last"]
            else:
                self.following, self.link = "next", document["links"]["first"]
            self.seen, self.stayed, self.steps = [], set(self.numbers()), 0

    def check(self) -> None:
        repeated = {number for number in self.stayed if self.seen.count(number) > 1}
        assert not repeated
        assert self.stayed <= set(self.seen)

    def teardown(self) -> None:
        # To the end of this way, and then there and back while nobody writes.
        until = self.turns + 3
        while self.link is not None and self.turns < until:
            self.step()


def machine(session: Session) -> type[Walk]:
    return type("Machine", (Walk,), {"session": session})


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    if request.param == "sqlite":
        yield from opened("sqlite://")
    else:
        with embedded() as url:
            yield from opened(url)


def opened(url: str) -> Iterator[Session]:
    engine = sa.create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.mark.rule("CUR-01", "CUR-03", "CUR-09", "CUR-10", "CUR-15")
def test_no_row_is_lost_and_none_is_shown_twice(session: Session) -> None:
    run_state_machine_as_test(machine(session), settings=settings(max_examples=25, stateful_step_count=30))


@pytest.mark.rule("CUR-03")
def test_a_row_that_moves_behind_the_client_may_be_missed_and_no_other(session: Session) -> None:
    session.execute(sa.delete(Item))
    session.add_all(Item(id=number, rank=number, name="a") for number in range(1, 7))
    session.commit()
    listing = Listing(session)
    first = listing.get("sort=rank&page[size]=2")
    session.execute(sa.update(Item).where(Item.id == 5).values(rank=0))
    session.commit()
    session.expunge_all()
    rest = listing.walk(first["links"]["next"])
    assert rest == [[3, 4], [6]]
    assert cursor(first["links"]["next"])
