"""Work that ends well when its process is told to end, whatever it waits for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from threading import Thread
from typing import Final

__all__ = ["until_told"]

_TERMINATED: Final = 128 + signal.SIGTERM
_LOOK: Final = 1.0  # seconds, for not every system ends a wait when a signal comes
_PATIENCE: Final = 5.0  # seconds that the work has to end


def until_told(work: Callable[[], int], stop: Callable[[], object]) -> int:
    """Do some work to its end, and give what it gives; on Ctrl-C and SIGTERM stop it, and raise what these raise.

    It is done in a thread, for a signal is not heard while a driver waits for its database in the main one. Work that
    does not end when it is stopped ends with the process.
    """
    done: Future[int] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  (it is raised below)
            done.set_exception(error)

    with _heard():
        try:
            Thread(target=run, name="work", daemon=True).start()
            while not wait([done], _LOOK).done:
                pass
        except (KeyboardInterrupt, SystemExit):
            stop()
            wait([done], _PATIENCE)
            raise
    return done.result()


@contextmanager
def _heard() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does; and Ctrl-C as ever, of which Spark makes the end of all its jobs."""
    handlers: dict[signal.Signals, Callable[..., object]] = {
        signal.SIGTERM: lambda *_: sys.exit(_TERMINATED),
        signal.SIGINT: signal.default_int_handler,
    }
    before = {number: signal.getsignal(number) for number in handlers}
    heard = [number for number in handlers if before[number] is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
