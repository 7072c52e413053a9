"""Filters through relationships in SQL: EXISTS, whatever the relationship, and never a join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    WriteOnlyMapped,
    aliased,
    foreign,
    mapped_column,
    relationship,
    with_loader_criteria,
)

from jsonapi_sieve import (
    TRUE,
    And,
    AnyOf,
    CompileError,
    Field,
    FilterSet,
    Not,
    Predicate,
    Related,
    SortKey,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import (
    check,
    compile_count,
    compile_page,
    compile_select,
    compile_sqlalchemy,
)

SQLITE, POSTGRESQL = registry.load("sqlite")(), registry.load("postgresql.psycopg")()


class Base(DeclarativeBase):
    pass


class Tenant:
    """What all rows of customers have."""

    customer: Mapped[int] = mapped_column(default=1)


read_by = sa.Table(
    "read_by",
    Base.metadata,
    sa.Column("book_id", sa.ForeignKey("books.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("people.id"), primary_key=True),
)


class Person(Tenant, Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    teacher_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    teacher: Mapped[Person | None] = relationship(remote_side="Person.id", back_populates="pupils")
    pupils: Mapped[list[Person]] = relationship(back_populates="teacher")
    books: Mapped[list[Book]] = relationship(back_populates="author")
    read: Mapped[list[Book]] = relationship(secondary=read_by, back_populates="readers")
    drafts: WriteOnlyMapped[Book] = relationship(viewonly=True)


class Book(Tenant, Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    heading: Mapped[str] = mapped_column(default="-")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    author: Mapped[Person | None] = relationship(back_populates="books")
    readers: Mapped[list[Person]] = relationship(secondary=read_by, back_populates="read")
    pages: Mapped[list[Page]] = relationship(back_populates="book")


class Page(Base):
    """Its key is that of its book, and a number."""

    __tablename__ = "pages"

    book_id: Mapped[int] = mapped_column(sa.ForeignKey("books.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[Book] = relationship(back_populates="pages")
    lines: Mapped[list[Line]] = relationship(back_populates="page")


class Line(Base):
    __tablename__ = "lines"
    __table_args__ = (sa.ForeignKeyConstraint(["book_id", "page"], ["pages.book_id", "pages.number"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int]
    page_number: Mapped[int] = mapped_column("page")
    text: Mapped[str]
    page: Mapped[Page] = relationship(back_populates="lines")


class Account(Base):
    """Classes that inherit from it have a table of their own, or none."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "plain"}  # noqa: RUF012


class Customer(Account):
    __mapper_args__ = {"polymorphic_identity": "customer"}  # noqa: RUF012


class Vendor(Account):
    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    rating: Mapped[int]
    wares: Mapped[list[Ware]] = relationship(back_populates="vendor", foreign_keys="Ware.vendor_id")
    __mapper_args__ = {"polymorphic_identity": "vendor"}  # noqa: RUF012


class Ware(Base):
    __tablename__ = "wares"

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendors.id"))
    buyer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    vendor: Mapped[Vendor | None] = relationship(back_populates="wares", foreign_keys=vendor_id)
    buyer: Mapped[Customer | None] = relationship(foreign_keys=buyer_id)


Best = aliased(Vendor, sa.select(Vendor).where(Vendor.rating > 5).subquery())
Ware.best = relationship(Best, primaryjoin=lambda: foreign(Ware.vendor_id) == Best.id, viewonly=True)


class Named(FilterSet):
    name = Field(types.Text(), nullable=True)


class LineFilters(FilterSet):
    text = Field(types.Text())


class PageFilters(FilterSet):
    number = Field(types.Integer(32))
    lines = ToMany(LineFilters)


class BookFilters(FilterSet):
    title = Field(types.Text())
    heading = Field(types.Text())
    either = AnyOf("title", "heading", operators=("eq",))
    author = ToOne(Named)
    readers = ToMany(Named)
    pages = ToMany(PageFilters)


class PersonFilters(FilterSet, groups=True):
    id = Field(types.Integer(32))
    name = Field(types.Text(), nullable=True)
    teacher = ToOne(Named)
    pupils = ToMany(Named)
    books = ToMany(BookFilters)
    read = ToMany(BookFilters)


class Deep(FilterSet):
    pupils = ToMany(PersonFilters)
    teacher = ToOne(PersonFilters)


P, B, N, L, G = PersonFilters, BookFilters, Named, LineFilters, PageFilters


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ada, ben, cay, dan = (
            Person(id=number, name=name) for number, name in enumerate(("Ada", "Ben", None, "Dan"), 1)
        )
        ben.teacher, cay.teacher, dan.teacher = ada, ada, ben
        dan.customer = 2
        for number, (title, author, readers) in enumerate(
            (("Air", ada, [ben, cay]), ("Bed", ada, []), ("Cup", ben, [ada]), ("Dog", None, [dan, ben])), 1
        ):
            book = Book(id=number, title=title, author=author, readers=readers)
            book.pages = [
                Page(number=1, lines=[Line(text=title)]),
                Page(number=2, lines=[Line(text=title * 2), Line(text="")]),
            ]
            session.add(book)
        session.flush()
        session.get_one(Book, 3).customer = 2
        session.add_all([ada, ben, cay, dan])
        session.commit()
        yield session
    engine.dispose()


def sql(predicate: Predicate, target: Any = Person) -> str:
    return " ".join(str(compile_select(predicate, target)[0].compile(dialect=SQLITE)).split())


HOPS: list[tuple[Predicate, list[int]]] = [
    (P.teacher.any(N.name.eq("Ada")), [2, 3]),
    (P.teacher.none(N.name.eq("Ada")), [1, 4]),
    (P.teacher.any(TRUE), [2, 3, 4]),
    (P.teacher.none(TRUE), [1]),
    (P.pupils.any(N.name.cont("b")), [1]),
    (P.pupils.any(N.name.null()), [1]),
    (P.pupils.any(~N.name.eq("Ben")), [2]),
    (P.pupils.none(N.name.eq("Ben")), [2, 3, 4]),
    (P.pupils.all(N.name.eq("Dan")), [2, 3, 4]),
    (P.pupils.all(N.name.eq("Ben")), [1, 3, 4]),
    (P.pupils.any(N.name.eq("Ben")) & P.pupils.none(N.name.eq("Dan")), [1]),
    (P.pupils.any(N.name.eq("Ben")) & P.pupils.any(N.name.null()), [1]),
    (P.pupils.any(N.name.eq("Ben") & N.name.null()), []),
    (P.books.any(B.title.in_(["Air", "Cup"])), [1, 2]),
    (P.books.any(B.readers.any(N.name.eq("Ada"))), [2]),
    (P.books.any(B.either.compare("eq", "Cup")), [2]),
    (P.books.none(B.either.compare("eq", "-")), [3, 4]),
    (P.books.all(B.readers.any(TRUE)), [2, 3, 4]),
    (P.read.any(B.title.eq("Dog")), [2, 4]),
    (P.read.any(B.author.any(N.name.eq("Ada"))), [2, 3]),
    (P.read.none(B.author.any(TRUE)), [4]),
    (P.read.any(B.readers.any(N.name.eq("Dan"))), [2, 4]),
    (P.read.any(B.readers.none(N.name.eq("Ben"))), [1]),
    (P.books.any(B.pages.any(G.number.eq(2) & G.lines.any(L.text.eq("CupCup")))), [2]),
    (P.books.any(B.pages.any(G.number.eq(1) & G.lines.any(L.text.eq("CupCup")))), []),
    (P.books.any(B.pages.any(G.lines.none(L.text.eq("")))), [1, 2]),
    (Deep.pupils.any(P.pupils.any(N.name.eq("Dan"))), [1]),
    (Deep.teacher.any(P.teacher.any(N.name.eq("Ada"))), [4]),
    (Deep.pupils.any(P.teacher.any(N.name.eq("Ada"))), [1]),
    (Deep.pupils.any(P.teacher.none(N.name.eq("Ada"))), [2]),
]  # fmt: skip


@pytest.mark.parametrize(("predicate", "ids"), HOPS, ids=repr)
def test_related_rows_are_found_by_exists(session: Session, predicate: Predicate, ids: list[int]) -> None:
    statement = sql(predicate)
    assert statement.count("EXISTS (SELECT 1 FROM") == repr(predicate).count("Related(")
    assert "JOIN" not in statement
    assert statement.partition(" WHERE ")[0].endswith("FROM people")
    for target in (Person, aliased(Person), aliased(Person, sa.select(Person).subquery())):
        people = session.scalars(*compile_select(predicate, target))
        assert sorted(person.id for person in people) == ids
        clause = compile_sqlalchemy(predicate, target)
        assert sorted(person.id for person in session.scalars(sa.select(target).where(clause))) == ids
    objects = session.scalars(sa.select(Person)).all()
    assert [person.id for person in compile_python(predicate).select(objects)] == ids
    assert [person.id for person in filter(compile_python(predicate), objects)] == ids


def test_the_text_of_a_statement() -> None:
    predicate = P.books.any(B.title.eq("Air") & B.readers.none(N.name.eq("Ben")))
    assert sql(predicate).partition(" WHERE ")[2] == (
        "((EXISTS (SELECT 1 FROM books AS books_1 WHERE people.id = books_1.author_id AND books_1.title = ? AND (NOT "
        "((EXISTS (SELECT 1 FROM people AS people_1, read_by AS read_by_1 WHERE books_1.id = read_by_1.book_id AND "
        "people_1.id = read_by_1.person_id AND people_1.name = ?)))))))"
    )


def test_subqueries_side_by_side_share_an_alias_and_nested_ones_do_not(session: Session) -> None:
    taught = P.pupils.any(N.name.eq("Ben")) & P.pupils.any(N.name.null()) & P.pupils.none(N.name.eq("Eve"))
    assert sql(taught).count("FROM people AS people_1 WHERE people.id = people_1.teacher_id") == 3
    nested = Deep.pupils.any(P.pupils.any(N.name.eq("Dan"))) & Deep.pupils.any(P.pupils.any(N.name.not_eq("Eve")))
    text = sql(nested)
    assert text.count("FROM people AS people_2 WHERE people_1.id = people_2.teacher_id") == 2
    assert text.count("FROM people AS people_1 WHERE people.id = people_1.teacher_id") == 2
    for predicate, everywhere, own in ((taught, [1], [1]), (nested, [1], [])):
        statement, values = compile_select(predicate, Person)
        assert [person.id for person in session.scalars(statement, values)] == everywhere
        assert [person.id for person in session.scalars(statement.options(CRITERIA), values)] == own


def test_classes_that_inherit() -> None:
    class Vendors(FilterSet):
        name = Field(types.Text())
        rating = Field(types.Integer(32))

    class Buyers(FilterSet):
        name = Field(types.Text())

    class Wares(FilterSet):
        id = Field(types.Integer(32))
        vendor = ToOne(Vendors)
        buyer = ToOne(Buyers)
        best = ToOne(Vendors)

    class Selling(FilterSet):
        wares = ToMany(Wares)

    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        anna, bert = Vendor(id=1, name="a", rating=1), Vendor(id=2, name="b", rating=2)
        session.add_all([Ware(id=1, vendor=anna), Ware(id=2, vendor=bert), Ware(id=3, buyer=Customer(id=3, name="a"))])
        session.flush()
        session.add(Ware(id=4, buyer_id=1))  # an account that is no customer
        session.flush()
        found: list[tuple[Predicate, Any, list[int]]] = [
            (Wares.vendor.any(Vendors.name.eq("a") & Vendors.rating.eq(1)), Ware, [1]),
            (Wares.vendor.none(TRUE), Ware, [3, 4]),
            (Wares.buyer.any(Buyers.name.eq("a")), Ware, [3]),
            (Wares.buyer.none(TRUE), Ware, [1, 2, 4]),
            (Selling.wares.any(Wares.id.gt(1)), Vendor, [2]),
        ]
        for predicate, target, ids in found:
            assert [row.id for row in session.scalars(*compile_select(predicate, target))] == ids, predicate
        orders = {SortKey("vendor.rating", descending=True): [4, 3, 2, 1], SortKey("buyer.name"): [3, 1, 2, 4]}
        for key, ids in orders.items():
            assert [row.id for row in session.scalars(*compile_select(TRUE, Ware, (key,)))] == ids
    engine.dispose()
    message = "best: Ware leads to an alias of a class; map a class to what that selects"
    with pytest.raises(CompileError, match=message):
        compile_select(Wares.best.any(TRUE), Ware)
    with pytest.raises(CompileError, match=message):
        compile_select(TRUE, Ware, (SortKey("best.name"),))


def test_a_clause_serves_updates_and_deletes_too(session: Session) -> None:
    with session.begin_nested() as change:
        clause = compile_sqlalchemy(P.teacher.any(N.name.eq("Ada")), Person)
        session.execute(sa.update(Person).where(clause).values(name="Eve").execution_options(synchronize_session=False))
        assert session.scalars(sa.select(Person.id).where(Person.name == "Eve")).all() == [2, 3]
        clause = compile_sqlalchemy(P.pupils.none(TRUE), Person)
        session.execute(sa.delete(Person).where(clause).execution_options(synchronize_session=False))
        assert session.scalars(sa.select(Person.id)).all() == [1, 2]
        change.rollback()


def test_a_write_only_relationship_leads_to_rows_too(session: Session) -> None:
    class Drafts(FilterSet):
        drafts = ToMany(BookFilters)

    assert [each.id for each in session.scalars(*compile_select(Drafts.drafts.any(B.title.eq("Cup")), Person))] == [2]


def test_one_statement_for_each_shape(session: Session) -> None:
    filters = PersonFilters()
    queries = [
        f"filter[books.readers-none.name-eq]={name}&filter[or][1][teacher.name-cont]={name}" for name in ("Ada", "Ben")
    ]
    (first, values), (second, others) = (compile_select(filters.parse(query), Person) for query in queries)
    assert first is second
    assert values != others
    assert (
        compile_select(P.books.any(B.title.eq("a")), Person)[0]
        is not compile_select(P.read.any(B.title.eq("a")), Person)[0]
    )
    before = len(session.get_bind()._compiled_cache)  # type: ignore[arg-type, union-attr]
    for name in "abcdefg":
        session.scalars(*compile_select(P.books.any(B.title.eq(name) & B.author.any(N.name.eq(name))), Person)).all()
    assert len(session.get_bind()._compiled_cache) == before + 1  # type: ignore[arg-type, union-attr]


def test_counts_and_pages(session: Session) -> None:
    predicate = P.books.any(B.pages.any(TRUE)) | P.read.any(TRUE)
    assert session.scalar(*compile_count(predicate, Person)) == 4
    page = session.scalars(*compile_page(predicate, Person, (SortKey("name", True),), limit=2, offset=1))
    assert [person.id for person in page] == [4, 2]


@pytest.mark.parametrize(
    ("filters", "target", "message"),
    [
        (PersonFilters, Person.__table__, "teacher: people has no such relationship; filters through one need a map"),
        (PersonFilters, sa.select(Person).subquery(), "has no such relationship"),
        (PersonFilters, Page, "teacher: Page has no such relationship"),
    ],
)  # fmt: skip
def test_a_target_without_the_relationship_is_refused(filters: Any, target: Any, message: str) -> None:
    for compile_ in (compile_select, compile_sqlalchemy):
        with pytest.raises(CompileError, match=message):
            compile_(filters.teacher.any(TRUE), target)


def test_what_leads_to_another_number_of_rows_is_refused() -> None:
    class Wrong(FilterSet):
        teacher = ToMany(Named)
        pupils = ToOne(Named)

    with pytest.raises(CompileError, match=r"^teacher: Person leads to at most one row; declare ToOne\(...\)"):
        compile_select(Wrong.teacher.any(TRUE), Person)
    with pytest.raises(CompileError, match=r"^pupils: Person leads to several rows; declare ToMany\(...\)"):
        compile_select(And(Not(Related(Wrong.pupils, TRUE))), aliased(Person))


def test_what_is_behind_a_hop_is_checked() -> None:
    class Odd(FilterSet):
        name = Field(types.Text())
        size = Field(types.Integer(32))
        books = ToMany(Named)
        readers = ToOne(Named)

    class Filters(FilterSet):
        id = Field(types.Integer(32))
        pupils = ToMany(Odd)
        friends = ToMany(Odd)

    for dialect in (None, SQLITE, POSTGRESQL):
        with pytest.raises(CompileError) as found:
            check(Filters(), Person, dialect)
        lines = str(found.value).split("\n")
        assert lines[0].startswith("pupils.name: ")
        assert lines[0].endswith(".name may be NULL; declare the field with nullable=True")
        assert lines[1].startswith("pupils.size: Person has no such column; it has ")
        assert lines[2].startswith("pupils.books.name: Book has no such column")
        assert lines[-2].startswith("pupils.readers: Person has no such relationship")
        assert lines[-1].startswith("friends: Person has no such relationship")
    check(PersonFilters(), Person)
    check(PersonFilters(), Person, POSTGRESQL)
    check(PersonFilters(), aliased(Person), SQLITE)


def test_clickhouse_is_not_asked_what_it_would_answer_wrongly() -> None:
    """Of generated predicates it answered one in five wrongly, without an error."""
    clickhouse = registry.load("clickhousedb.connect")()
    message = "ClickHouse may answer wrongly where a subquery looks at the row around it"
    statement, _ = compile_select(P.books.any(TRUE), Person)
    with pytest.raises(CompileError, match=message):
        statement.compile(dialect=clickhouse)
    with pytest.raises(CompileError, match=f"books: {message}"):
        check(PersonFilters(), Person, clickhouse)


CRITERIA = with_loader_criteria(Tenant, lambda row: row.customer == 1, include_aliases=True)


def test_criteria_of_a_session_hold_for_related_rows_too(session: Session) -> None:
    hidden = [
        (P.pupils.any(N.name.eq("Dan")), [2], []),
        (P.pupils.none(N.name.eq("Dan")), [1, 3, 4], [1, 2, 3]),
        (P.books.any(B.title.eq("Cup")), [2], []),
        (P.books.any(B.readers.any(N.name.eq("Ada"))), [2], []),
        (P.read.any(B.readers.any(N.name.eq("Dan"))), [2, 4], []),
        (P.books.all(B.title.in_(["Air", "Bed"])), [1, 3, 4], [1, 2, 3]),
    ]
    for predicate, everywhere, own in hidden:
        statement, values = compile_select(predicate, Person)
        assert sorted(person.id for person in session.scalars(statement, values)) == everywhere
        assert sorted(person.id for person in session.scalars(statement.options(CRITERIA), values)) == own
        count, values = compile_count(predicate, Person)
        assert session.scalar(count.options(CRITERIA), values) == len(own)


def test_without_aliases_criteria_do_not_reach_related_rows(session: Session) -> None:
    outer = with_loader_criteria(Tenant, lambda row: row.customer == 1)
    statement, values = compile_select(P.pupils.any(N.name.eq("Dan")), Person)
    assert [person.id for person in session.scalars(statement.options(outer), values)] == [2]


def plan(session: Session, predicate: Predicate) -> list[str]:
    connection, sent = session.connection(), []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    session.scalars(*compile_select(predicate, Person)).all()
    sa.event.remove(connection, "before_cursor_execute", note)
    text, parameters = sent[0]
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)]


def test_sqlite_finds_related_rows_by_the_index_of_their_key(session: Session) -> None:
    for predicate, step in (
        (P.books.any(B.title.eq("Air")), "SEARCH books_1 USING INDEX ix_books_author_id (author_id=?)"),
        (P.books.none(B.title.cont("i")), "SEARCH books_1 USING INDEX ix_books_author_id (author_id=?)"),
        (P.teacher.any(N.name.eq("Ada")), "SEARCH people_1 USING INTEGER PRIMARY KEY (rowid=?)"),
        (P.pupils.all(N.name.eq("Ada")), "SEARCH people_1 USING INDEX ix_people_teacher_id (teacher_id=?)"),
    ):
        assert step in plan(session, predicate)
