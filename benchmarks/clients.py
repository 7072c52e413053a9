"""Load the service for a while with concurrent clients, one request in ten being bad: `python -m benchmarks.clients`.

Fails when an answer has another status than its request asks for, or when the service's memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Final, NamedTuple

from tqdm import tqdm

ROOT: Final = "/api/rest/customer/v1"
ACCOUNT: Final = "aa3432e2-a26e-11ef-a008-0242ac120003"  # one of the generated ones, whatever the seed
GROWTH: Final = 1.10  # of the service's memory, from a fifth of the time to its end


class Service(NamedTuple):
    """A running service: its process, its port, and what proves who asks."""

    process: subprocess.Popen[str]
    port: int
    token: str
    key: str

    @property
    def memory(self) -> float:
        """The resident memory of the process, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024


class Request(NamedTuple):
    """The bytes of a request, and the status that its answer has to have."""

    sent: bytes
    status: int


GOOD: Final = (
    f"{ROOT}/cdrs?filter[duration-gteq]=60&filter[success-eq]=true&page[size]=20",
    f"{ROOT}/cdr-exports?filter[status-in]=Pending,Completed&sort=-created-at",
    f"{ROOT}/cdrs/8",
    f"{ROOT}/cdrs?filter[src-name-in-cont-any]=berg,o&sort=-customer-price&page[number]=2&page[size]=10",
    f"{ROOT}/cdrs/8/account",
    f"{ROOT}/cdr-exports?include=account&fields[cdr-exports]=status,account",
    "/v3/cdr_exports?sort=-status",
    f"{ROOT}/cdrs/8/relationships/auth-orig-transport-protocol",
)
BAD: Final = (
    (f"{ROOT}/cdrs?filter[duration-eq]=ten&sort=size", 400),
    (f"{ROOT}/cdrs/99999999999999999999", 404),
    (f"{ROOT}/cdr-exports?page[number]=99999999999999999999", 400),
    (f"{ROOT}/cdrs?filter[orig-call-id-in]=" + ",".join(map(str, range(1_001))), 400),
    (f"{ROOT}/cdrs?filter[src-name-in-eq]=" + "a" * 70_000, 414),
    ("/v3/cdr_exports?filter[__class__-eq]=1", 400),
    ("/nowhere", 404),
)


def requests_of(service: Service) -> list[Request]:
    """Give nine good requests and a bad one, for each of the bad ones."""
    good = [*(Request(_get(service, path), 200) for path in GOOD), Request(_order(service, 60), 201)]
    bad = [*(Request(_get(service, path), status) for path, status in BAD), Request(_order(service, "ten"), 422)]
    return [request for last in bad for request in (*good, last)]


def _get(service: Service, path: str) -> bytes:
    return _head(service, "GET", path.replace("[", "%5B").replace("]", "%5D"))


def _order(service: Service, duration: object) -> bytes:
    """Write a POST that orders an export of calls of a duration."""
    resource = {
        "type": "cdr-exports",
        "attributes": {"filters": {"time_start_gteq": "2026-01-01", "duration_gteq": duration}},
        "relationships": {"account": {"data": {"type": "accounts", "id": ACCOUNT}}},
    }
    body = json.dumps({"data": resource}).encode("ascii")
    described = ("Content-Type: application/vnd.api+json", f"Content-Length: {len(body)}")
    return _head(service, "POST", f"{ROOT}/cdr-exports", *described) + body


def _head(service: Service, method: str, target: str, *further: str) -> bytes:
    lines = (
        f"{method} {target} HTTP/1.1",
        f"Host: 127.0.0.1:{service.port}",
        "Accept: application/vnd.api+json",
        f"Authorization: {service.token}",
        f"Api-Key: {service.key}",
        *further,
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


@contextmanager
def serving() -> Iterator[Service]:
    """Start the service on a free port, over generated data in a file of its own, and stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "jsonapi_sieve.cli", "serve", "--port", "0", "--count", "20000"]
        files = ["--database", f"{folder}/cdr.sqlite", "--secret-file", f"{folder}/secret"]
        process = subprocess.Popen([*command, *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            yield _greeted(process)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _greeted(process: subprocess.Popen[str]) -> Service:
    """Read where the service is, and the credentials, from what it prints."""
    port, found = 0, dict[str, str]()
    for line in process.stdout or ():
        if line.startswith("Serving at "):
            port = int(line.split(";")[0].rpartition(":")[2])
        for name in ("Authorization", "Api-Key"):
            _, separator, rest = line.partition(f"'{name}: ")
            if separator:
                found[name] = rest.partition("'")[0]
        if port and len(found) == 2:
            return Service(process, port, found["Authorization"], found["Api-Key"])
    raise RuntimeError("the service ended before it served")


async def client(
    service: Service, requests: Iterator[Request], end: float, answers: list[tuple[float, int, int]]
) -> None:
    """Send one request after another on one connection; note how long each took and the two statuses."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    while monotonic() < end:
        request = next(requests)
        start = monotonic()
        writer.write(request.sent)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(line.partition(":")[2] for line in head.split("\r\n") if line.startswith("content-length:"))
        await reader.readexactly(int(length))
        answers.append((monotonic() - start, int(head.split()[1]), request.status))
    writer.close()


async def load(service: Service, seconds: float, clients: int) -> tuple[list[tuple[float, int, int]], list[float]]:
    """Run the clients; gives the answers, and the memory at each fifth of the time."""
    answers: list[tuple[float, int, int]] = []
    memory: list[float] = []
    requests = cycle(requests_of(service))
    end = monotonic() + seconds
    tasks = [asyncio.create_task(client(service, requests, end, answers)) for _ in range(clients)]
    for _ in tqdm(range(5), desc="Loading", leave=False):
        await asyncio.sleep(seconds / 5)
        memory.append(service.memory)
    await asyncio.gather(*tasks)
    return answers, memory


def main() -> int:
    """Load the service and print what came of it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="how long (%(default)s)")
    parser.add_argument("--clients", type=int, default=16, help="how many connections at once (%(default)s)")
    options = parser.parse_args()
    with serving() as service:
        answers, memory = asyncio.run(load(service, options.seconds, options.clients))
    wrong = Counter((expected, status) for _, status, expected in answers if status != expected)
    times = quantiles([seconds * 1000 for seconds, _, _ in answers], n=100)
    print(f"{len(answers):,} requests in {options.seconds:g} s by {options.clients} clients:", end=" ")
    print(f"{len(answers) / options.seconds:,.0f} a second; half within {times[49]:.1f} ms, p99 {times[98]:.1f} ms")
    print("statuses:", dict(sorted(Counter(status for _, status, _ in answers).items())))
    print("memory of the service, MiB:", ", ".join(f"{mib:.0f}" for mib in memory))
    for (expected, status), count in wrong.items():
        print(f"{count} answers were {status} and not {expected}", file=sys.stderr)
    grows = memory[-1] > memory[0] * GROWTH
    if grows:
        print("the service's memory grows", file=sys.stderr)
    return int(bool(wrong) or grows)


if __name__ == "__main__":
    sys.exit(main())
