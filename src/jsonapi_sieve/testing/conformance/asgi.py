"""ASGI applications in their own process: their lifespan, and an end to what they send."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import anyio
from anyio.abc import TaskStatus
from anyio.from_thread import BlockingPortal
from anyio.lowlevel import checkpoint

__all__ = ["Bounded", "living"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Any, Receive, Send], Awaitable[None]]


class Bounded:
    """An application that is ended when it sends more than is read, and that finds the state of its lifespan."""

    def __init__(self, app: App, state: dict[str, Any], most: int) -> None:
        self._app = app
        self._state = state
        self._most = most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        sent = 0

        async def sending(message: Message) -> None:
            nonlocal sent
            if sent > self._most:
                raise EOFError
            sent += len(message.get("body", b""))
            # What waits for nothing else could not be cancelled.
            await checkpoint()
            await send(message)

        await self._app({**scope, "state": dict(self._state)}, receive, sending)


@contextmanager
def living(portal: BlockingPortal, app: App, seconds: float) -> Iterator[dict[str, Any] | None]:
    """Start an application, and end it; gives the state that it leaves for requests, None where it does not start.

    An application without a lifespan raises at once, and needs none (ASGI, "Lifespan Protocol"). Both ends of its life
    have so many seconds; then it is cancelled.
    """
    state: dict[str, Any] = {}
    end = portal.call(anyio.Event)
    life, has_started = portal.start_task(_live, app, state, end, seconds)
    try:
        yield state if has_started else None
    finally:
        portal.call(end.set)
        try:
            life.result(seconds)
        except TimeoutError:
            life.cancel()


async def _live(
    app: App, state: dict[str, Any], end: anyio.Event, seconds: float, *, task_status: TaskStatus[bool]
) -> None:
    begun = False
    started = False

    async def receive() -> Message:
        nonlocal begun
        if begun:
            await end.wait()
            return {"type": "lifespan.shutdown"}
        begun = True
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        nonlocal started
        if message["type"] in ("lifespan.startup.complete", "lifespan.startup.failed") and not started:
            started = True
            scope.deadline = math.inf
            task_status.started(True)

    # An application that fails here is still asked, and its answers tell.
    with suppress(Exception), anyio.move_on_after(seconds) as scope:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}, receive, send)
    if not started:
        task_status.started(not scope.cancelled_caught)
