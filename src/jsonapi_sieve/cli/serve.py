"""The command `serve`: the APIs of the domain over HTTP, and ready requests for a start."""

from __future__ import annotations

import argparse
import json
import shlex
import socket
import sys
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final

from jsonapi_sieve.cli.curl import curl_lines, first_customer, sample_of
from jsonapi_sieve.cli.databases import Opened, add_database_arguments, open_chosen
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.cli.secret import add_secret_argument, read_or_make_secret, tokens_of
from jsonapi_sieve.cli.serving import add_export_arguments, exports_of, folder_chosen
from jsonapi_sieve.cli.values import read_by, whole
from jsonapi_sieve.explorer import Links
from jsonapi_sieve.service import (
    LOOPBACK,
    Tokens,
    create_app,
    customer_api,
    did_api,
    explorer_routes,
    host_of,
    make_server,
)

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve serve
  jsonapi-sieve serve --port 0 --count 1000 --no-auth --json
  jsonapi-sieve serve --database-url postgresql+psycopg://user@localhost/calls --fill
"""

_LIFETIME: Final = timedelta(days=30)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    parser.add_argument(
        "--port", type=whole(65_535), default=8000, help="the port, or 0 for any that is free (%(default)s)"
    )
    parser.add_argument(
        "--allowed-host",
        type=read_by(host_of),
        action="append",
        default=[],
        metavar="HOST",
        help="a further name by which clients may call, besides loopback and --host; may be repeated",
    )
    parser.add_argument(
        "--trust-proxy",
        type=read_by(ip_network),
        action="append",
        default=[],
        metavar="ADDRESS",
        help="an address or network whose X-Forwarded-Proto and -Host are believed; may be repeated",
    )
    parser.add_argument(
        "--no-auth",
        action="store_true",
        help="answer without a token as the first customer; on loopback only, by its own names",
    )
    parser.add_argument(
        "--no-explorer",
        action="store_true",
        help="serve no page at /, which shows customers the SQL of their queries too",
    )
    add_export_arguments(parser)
    parser.add_argument("--json", action="store_true", help="tell where and how to call as one JSON object")
    add_secret_argument(parser)
    add_database_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C; returns the exit code.

    Raises:
        Refused: for arguments that cannot be served with.
    """
    tokens = tokens_of(options, read_or_make_secret)
    with _listen(options.host, options.port) as listener:
        address, port = listener.getsockname()[:2]
        if options.no_auth and (options.trust_proxy or options.allowed_host or not ip_address(address).is_loopback):
            raise Refused(
                "--no-auth is for loopback only: it goes with no other --host, nor with --trust-proxy or --allowed-host"
            )
        opened = open_chosen(options)
        first = first_customer(opened.engine)
        customer = 1 if first is None else first
        waiting = options.exports_limit
        api = customer_api(times_required=options.require_times, times_shown=options.export_times, waiting=waiting)
        links, anonymous = Links[int](), customer if options.no_auth else None
        base = f"http://{host_of(_reachable(address, options.host))}:{port}"
        page = None if options.no_explorer else f"{base}/"
        if page is not None and not options.no_auth:
            page = f"{page}explorer/open?token={links.new(customer)}"
        try:
            with exports_of(options, opened.engine.url) as exports:
                _greet(base, page, opened, tokens, customer, options)
                routes = explorer_routes(api, opened.engine, tokens, links, anonymous=anonymous, files=exports)
                app = create_app(
                    opened.engine,
                    tokens,
                    [api, did_api(waiting=waiting)],
                    hosts={*LOOPBACK, host_of(options.host), *options.allowed_host},
                    proxies=options.trust_proxy,
                    anonymous=anonymous,
                    exports=exports,
                    routes=() if options.no_explorer else routes,
                )
                make_server(app).run(sockets=[listener])
        except KeyboardInterrupt:
            if not options.json:
                print("\nEnded.")
        finally:
            opened.engine.dispose()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """Open the port before anything else is done, so that a client that is early waits and none is refused."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise Refused(f"port {port} of {host} cannot be opened: {error.strerror or error}") from error


def _reachable(address: str, host: str) -> str:
    """Give a host by which a client on this machine reaches an address; no client connects to all addresses."""
    if not ip_address(address).is_unspecified:
        return host
    return "::1" if ":" in address else "127.0.0.1"


def _called() -> list[str]:
    """Give the words that the command was called by: its own file, or a module where it was run as one."""
    file = Path(sys.argv[0])
    return [sys.executable, "-m", "jsonapi_sieve.cli"] if file.name == "__main__.py" else [str(file)]


def _greet(
    base: str, page: str | None, opened: Opened, tokens: Tokens, customer: int, options: argparse.Namespace
) -> None:
    token = key = None
    if not options.no_auth:
        token, key = (tokens.issue(audience, customer, _LIFETIME) for audience in ("customer-v1", "did-v3"))
    lines = list(curl_lines(base, token, key, sample_of(opened.engine, customer)))
    if options.json:
        told = {
            "url": base,
            "explorer": page,
            "customer": customer,
            "token": token,
            "key": key,
            "database": opened.described,
            "exports": str(folder_chosen(options, opened.engine.url)),
        }
        print(json.dumps({**told, "requests": lines}), flush=True)
        return
    other = [*_called(), "token", "--customer", "N"]
    if options.secret_file is not None:
        other += ["--secret-file", str(options.secret_file)]
    print(f"{opened.described}\nServing at {base}; Ctrl-C ends it.")
    others = "others write" if options.no_exports else "it writes"
    print(f"The files of exports, which {others}, are in {folder_chosen(options, opened.engine.url)}.\n")
    if page is not None:
        print(f"Look at it in a browser{'' if options.no_auth else ', by a link that works once'}:\n\n  {page}\n")
    print(f"{shlex.join(other)} makes tokens for other customers.")
    if options.no_auth:
        print(f"Requests without a token are those of customer {customer}. Some of them:\n")
    else:
        print(f"Requests of customer {customer}, with tokens that are valid for {_LIFETIME.days} days:\n")
    print(*lines, sep="\n\n", end="\n\n", flush=True)
