"""The command `serve` in a process of its own, with generated calls, one of which holds what must stay text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Final

__all__ = ["SCRIPT", "UNTIL", "Served", "generated", "served"]

UNTIL: Final = "2026-03-01T12:00:00Z"
SCRIPT: Final = "<script>document.title='run'</script><img src=x onerror=document.title='run'>"
PLANTED: Final = """
    update cdrs set src_name_in = ?, duration = 77
    where id = (select id from cdrs where customer_id = 1 order by time_start desc limit 1)
"""

COMMAND: Final = (sys.executable, "-m", "jsonapi_sieve.cli")


@dataclass(frozen=True)
class Served:
    """A running service: where it is, the link that opens its explorer once, and a token."""

    url: str
    link: str
    token: str


def generated(folder: Path, count: int) -> Path:
    """Makes a database of so many calls, the last of which begin at UNTIL."""
    database = folder / "calls.sqlite"
    made = [*COMMAND, "generate", "--database-url", f"sqlite:///{database}", "--count", str(count), "--until", UNTIL]
    subprocess.run(made, check=True, capture_output=True)
    with closing(connect(database)) as connection, connection:
        connection.execute(PLANTED, [SCRIPT])
    return database


@contextmanager
def served(database: Path, *options: str) -> Iterator[Served]:
    """Serves a database at a free port of loopback."""
    secret = database.with_name("secret")
    asked = ["serve", "--port", "0", "--json", "--database-url", f"sqlite:///{database}", "--secret-file", str(secret)]
    with subprocess.Popen([*COMMAND, *asked, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())
            yield Served(told["url"], told["explorer"], told["token"])
        finally:
            server.terminate()
