"""Runners are killed at random moments, and every order ends once, with its whole file and nothing else."""

import gzip
import hashlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting import Exporter, open_engine
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Account, CdrExport
from tests.cdr.exporting.databases import UNTIL, order
from tests.servers.postgresql import embedded

ORDERS, KILLS, RUNNERS = 50, 20, 3
CALLS = 20_000
LEASE = "1.5"
PATIENCE = 300  # seconds, after which something hangs

# What tells how often an order was completed.
COUNTED = {
    "sqlite": (
        "CREATE TABLE completions (id TEXT)",
        """CREATE TRIGGER completed AFTER UPDATE ON cdr_exports
           WHEN NEW.status = 'Completed' AND OLD.status <> 'Completed'
           BEGIN INSERT INTO completions VALUES (NEW.id); END""",
    ),
    "postgresql": (
        "CREATE TABLE completions (id TEXT)",
        """CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN INSERT INTO completions VALUES (NEW.id::text); RETURN NEW; END $$""",
        """CREATE TRIGGER completed AFTER UPDATE ON cdr_exports FOR EACH ROW
           WHEN (NEW.status = 'Completed' AND OLD.status <> 'Completed') EXECUTE FUNCTION count_it()""",
    ),
}


@contextmanager
def database(name: str, folder: Path) -> Iterator[sa.Engine]:
    with ExitStack() as opened:
        url = f"sqlite:///{folder / 'cdr.sqlite'}" if name == "sqlite" else opened.enter_context(embedded())
        engine = open_engine(url)
        opened.callback(engine.dispose)
        yield engine


def prepare(engine: sa.Engine) -> None:
    """Generate calls, and put orders for all calls of one account after the other in the place of those generated."""
    generate(engine, count=CALLS, until=UNTIL)
    with Session(engine) as session, session.begin():
        session.execute(sa.delete(CdrExport))
        accounts = session.execute(sa.select(Account.customer_id, Account.id).order_by(Account.id)).all()
        for statement in COUNTED[engine.dialect.name]:
            session.connection().exec_driver_sql(statement)
    for number in range(ORDERS):
        customer, account = accounts[number % len(accounts)]
        order(engine, number, customer_id=customer, account_id=account)


class Runners:
    """Some runners, of which one after the other is killed and another started."""

    def __init__(self, url: str, folder: Path) -> None:
        self.command = [sys.executable, "-m", "tests.cdr.exporting.runner", url, str(folder), LEASE]
        self.processes = [self.start() for _ in range(RUNNERS)]
        for process in self.processes:
            self.wait(process)

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)  # noqa: S603  (fixed arguments)

    def wait(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    def kill(self, number: int, *, again: bool) -> None:
        process = self.processes[number]
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        if again:
            self.processes[number] = self.start()
            self.wait(self.processes[number])


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_order_ends_once_whoever_is_killed(name: str, tmp_path: Path) -> None:
    random, folder = Random(5), tmp_path / "files"  # noqa: S311  (nothing here is a secret)
    with database(name, tmp_path) as engine:
        prepare(engine)
        runners = Runners(engine.url.render_as_string(hide_password=False), folder)
        try:
            for _ in range(KILLS):
                time.sleep(random.uniform(0.02, 0.3))
                runners.kill(random.randrange(RUNNERS), again=True)
            until = time.monotonic() + PATIENCE
            # Who was too slow, and lost its claim, still takes its half file away.
            while statuses(engine) != {"Completed": ORDERS} or list(folder.glob(".*")):
                assert time.monotonic() < until, statuses(engine)
                time.sleep(0.2)
        finally:
            for number in range(RUNNERS):
                runners.kill(number, again=False)
        check(engine, folder)


def statuses(engine: sa.Engine) -> Counter[str]:
    with Session(engine) as session:
        return Counter(session.scalars(sa.select(CdrExport.status)))


def check(engine: sa.Engine, folder: Path) -> None:
    exporter = Exporter(engine, folder)
    with engine.connect() as connection:
        completions = Counter(str(UUID(id_)) for id_ in connection.scalars(sa.text("SELECT id FROM completions")))
    jobs = list(exporter.jobs())
    assert completions == Counter(job.id for job in jobs)
    for job in jobs:
        content = exporter.path_of(job).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (job.file_size, job.file_digest)
        assert gzip.decompress(content).count(b"\n") - 1 == job.rows_count
        assert job.rows_count
        assert (job.claimed_by, job.claimed_until, job.reason) == (None, None, None)
    assert sorted(folder.iterdir()) == sorted(map(exporter.path_of, jobs))
    same = {job.file_digest for job in jobs}
    assert len(same) == 4  # one for each account, whoever wrote it
