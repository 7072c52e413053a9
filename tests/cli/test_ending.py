"""Work of a command that is told to end: it is stopped and waited for, whatever others make of the signal."""

import os
import signal
from collections.abc import Callable, Iterator
from threading import Event, main_thread

import pytest

from jsonapi_sieve.cli import ending
from jsonapi_sieve.cli.ending import until_told
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def asked() -> Iterator[list[int]]:
    """Let somebody else handle the signals, as Spark does of Ctrl-C; gives those that they were asked to."""
    asked: list[int] = []
    numbers = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(number, lambda number, _: asked.append(number)) for number in numbers]
    yield asked
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def told(number: int, stopped: Event) -> Callable[[], int]:
    """Make work that is told to end once it is begun, and ends when it is stopped."""

    def work() -> int:
        os.kill(os.getpid(), number)
        return int(stopped.wait(PATIENCE))

    return work


def test_work_gives_what_it_gives_and_raises_what_it_raises() -> None:
    stopped = Event()
    assert until_told(lambda: 7, stopped.set) == 7
    with pytest.raises(ZeroDivisionError):
        until_told(lambda: 1 // 0, stopped.set)
    assert not stopped.is_set()


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_work_is_stopped_and_ends_first(number: int, error: type[BaseException], asked: list[int]) -> None:
    stopped, ended = Event(), Event()
    work = told(number, stopped)

    def work_on() -> int:
        work()
        ended.set()
        return 0

    with pytest.raises(error) as raised:
        until_told(work_on, stopped.set)
    assert ended.is_set()
    assert getattr(raised.value, "code", 143) == 143
    assert asked == []
    os.kill(os.getpid(), number)
    assert asked == [number]


def test_work_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_PATIENCE", 0)
    let = Event()
    with pytest.raises(SystemExit):
        until_told(told(signal.SIGTERM, let), main_thread)
    let.set()


def test_what_the_process_shall_not_hear_it_does_not_hear() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it runs in the background
    stopped, let = Event(), Event()
    let.set()
    assert until_told(told(signal.SIGINT, let), stopped.set) == 1
    assert not stopped.is_set()
