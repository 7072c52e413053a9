"""Programs that run while a test session needs them."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tests.patience import PATIENCE

Command: TypeAlias = Sequence[str | Path]


class CannotStart(Exception):
    """A server that the tests need can't be had on this machine; the text says what to install or to change."""


def run(command: Command, **options: Any) -> None:
    """Runs a program to its end. Raises CannotStart, with the last things that it said, where it fails."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode:
        raise CannotStart(f"{command[0]} failed: {_last_words(done.stdout)}")


@contextmanager
def running(
    command: Command, log: Path, ready: Callable[[], bool], stop: signal.Signals, **options: Any
) -> Iterator[None]:
    """Runs a server until the context ends, which begins when it is ready. Raises CannotStart where it never is.

    It has a session of its own, so that an interrupt from the keyboard reaches the tests alone, which then stop it.
    """
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **options
        )
    try:
        _wait(server, log, ready)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"a server did not start: {_last_words(log.read_text(errors='replace'))}")
        time.sleep(0.05)


def _last_words(output: str) -> str:
    return " / ".join(output.strip().splitlines()[-5:]) or "it said nothing"
