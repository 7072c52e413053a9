"""MariaDB that listens on a socket only: the system's, else Debian's."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.debian import environment, unpacked
from tests.servers.process import Command, run, running


@contextmanager
def mariadb() -> Iterator[str]:
    """Starts a server with the defaults of Debian; gives the URL of an empty database."""
    root = _root()
    with tempfile.TemporaryDirectory(prefix="mariadb-") as name:
        place = Path(name)
        # A server that starts takes away the temporary tables in its folder for those, whosesoever they are.
        started = {"cwd": place, "env": {**environment(root), "TMPDIR": name}}
        options = [
            "--no-defaults",
            f"--basedir={root / 'usr'}",
            f"--datadir={place / 'data'}",
            "--character-set-server=utf8mb4",
            *([] if os.geteuid() else ["--user=root"]),
        ]
        run([root / "usr/bin/mariadb-install-db", *options, "--auth-root-authentication-method=normal"], **started)
        address = place / "socket"
        start = place / "start.sql"
        start.write_text("create database tests;")
        command: Command = [
            root / "usr/sbin/mariadbd",
            *options,
            "--skip-networking",
            f"--socket={address}",
            f"--init-file={start}",
        ]
        with running(command, place / "log", lambda: _listens(address), signal.SIGTERM, **started):
            yield f"mariadb+pymysql://root@localhost/tests?unix_socket={address}&charset=utf8mb4"


def _root() -> Path:
    """Returns the folder below which Debian's file names lead to the programs."""
    system = Path("/")
    if shutil.which("mariadbd", path=system / "usr/sbin"):
        return system
    return unpacked("mariadb-server-core", "mariadb-client-core")


def _listens(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(address)) == 0
