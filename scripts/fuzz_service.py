"""Runs schemathesis against the service, by the documents of its APIs: `python scripts/fuzz_service.py MINUTES`.

It sends requests that a document admits, which have to be answered as the document says, and requests that it does not,
which have to be refused. The budgets of filters and parameters are raised: no document can say that a request has a
hundred filters at most, and schemathesis sends them all.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any, Final

import schemathesis
from schemathesis.cli import schemathesis as command

from jsonapi_sieve import Limits
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service import Api, Tokens, create_app, customer_api, did_api, make_server, open_engine

TOKENS: Final = Tokens("a secret for these runs only, of 32 bytes or more")
LIMITS: Final = Limits(filters=1000, parameters=1000, query_string=400_000)
TOO_LONG: Final = (413, 414)  # schemathesis knows these for no refusals
TOGETHER: Final = ("from has to be before to", "Exports of the type cdr_out take no number")
SHARES: Final = ((customer_api, 0.9), (did_api, 0.1))


def main(minutes: float) -> int:
    """Test each API for its share of the time; returns the exit code."""
    schemathesis.hook(filter_failure)
    codes = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # where schemathesis keeps what it found
        apis = [(roomy(make()), share) for make, share in SHARES]
        with served([api for api, _ in apis], Path(folder)) as url:
            for api, share in apis:
                codes.append(run(f"{url}{api.path}/openapi.json", url, api, max(1, round(minutes * 60 * share))))
    return max(codes)


def roomy(api: Api) -> Api:
    """Raise the budgets of an API."""
    endpoints = [endpoint._replace(resource=_roomy(endpoint.resource)) for endpoint in api.endpoints]
    return api._replace(endpoints=tuple(endpoints))


def _roomy(resource: Resource) -> Resource:
    if len(resource.filters.parameters) < Limits().filters // 2:  # no request of them exceeds a budget
        return resource
    filters = type(resource.filters)(limits=LIMITS)
    schema, include = resource.schema.schema, resource.include
    return Resource(schema, filters=filters, sort=resource.sort, pages=resource.pages, include=include)


@contextmanager
def served(apis: list[Api], folder: Path) -> Iterator[str]:
    """Serve APIs from a small database; gives the URL."""
    engine = open_engine(f"sqlite:///{folder / 'cdr.sqlite'}")
    generate(engine, count=300)
    with create_server(("127.0.0.1", 0)) as listener:
        server = make_server(create_app(engine, TOKENS, apis), log_level="error")
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
    engine.dispose()


def run(document: str, url: str, api: Api, seconds: int) -> int:
    """Run schemathesis by the document at an address for so many seconds; returns its exit code."""
    token = f"{api.header}: {TOKENS.issue(api.audience, 1)}"
    # The service ends what takes too long by itself, and says so.
    options = [
        "--max-time",
        str(seconds),
        "--request-timeout",
        "60",
        "--continue-on-failure",
        "--warnings",
        "off",
        "--no-color",
    ]
    try:
        command.main(["run", document, "--url", url, "--header", token, *options], standalone_mode=False)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Tell whether a failure is one: some are none, for a document cannot say it otherwise."""
    match type(failure).__name__:
        case "AcceptedNegativeData":
            return response.status_code not in TOO_LONG and not _are_empty_lists(case.query or {}, failure.message)
        case "RejectedPositiveData":
            errors = json.loads(response.content)["errors"]
            return not (_hold_nul(errors) or _are_floats(case.body, errors) or _are_apart(errors))
        case _:
            return True


def _are_empty_lists(query: dict[str, Any], message: str) -> bool:
    """Tell whether all that is blamed are lists of the empty text alone, which are written as the empty list is."""
    blamed = [text for name, text in query.items() if f"`{name}`" in message]
    return bool(blamed) and all(text in ("", [""]) for text in blamed)


def _hold_nul(errors: list[dict[str, Any]]) -> bool:
    """Tell whether all that is refused is NUL in a text, which stands in members that nobody reads."""
    return all(error["code"] == "invalid-encoding" for error in errors)


def _are_floats(body: Any, errors: list[dict[str, Any]]) -> bool:
    """Tell whether all that is refused is 60.0 in the place of 60, which JSON Schema takes for the same."""
    refused = [error["source"]["pointer"] for error in errors if error["status"] != "404" and "source" in error]
    return bool(refused) and all(_is_whole(_at(body, pointer)) for pointer in refused)


def _are_apart(errors: list[dict[str, Any]]) -> bool:
    """Tell whether all that is refused are members that are good each by itself, and do not go together."""
    return all(error["detail"].startswith(TOGETHER) for error in errors)


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _at(body: Any, pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901) as far as there are objects."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        body = body.get(name) if isinstance(body, dict) else None
    return body


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
