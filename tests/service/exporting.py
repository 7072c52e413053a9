"""A service that writes exports while it serves, and what tests ask of it."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Engine

from jsonapi_sieve.cdr.exporting import Exporter, open_engine
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.exporting.exporter import Format
from jsonapi_sieve.service.exports import Exports
from tests.patience import until
from tests.service.running import ROOT, Service, service_of

ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"
EXPORTS = f"{ROOT}/cdr-exports"


class Exporting(NamedTuple):
    """A running service, the folder of its files, and its exporter."""

    service: Service
    folder: Path
    exporter: Exporter

    def order(self, path: str, attributes: dict[str, Any], customer: int = 1) -> dict[str, Any]:
        """Order an export, and give its resource."""
        resource = {"type": path.rpartition("/")[2], "attributes": attributes}
        if path == EXPORTS:
            resource["relationships"] = {"account": {"data": {"type": "accounts", "id": ACCOUNT}}}
        response = self.service.post(path, {"data": resource}, customer)
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()["data"]
        return found

    def completed(self, path: str, attributes: dict[str, Any], customer: int = 1) -> dict[str, Any]:
        """Order an export, and give its resource when its file is there."""
        address = f"{path}/{self.order(path, attributes, customer)['id']}"
        found: dict[str, Any] = {}

        def is_done() -> bool:
            found.update(self.service.get(address, customer).json()["data"])
            return found["attributes"]["status"].lower() not in ("pending", "processing")

        until(is_done)
        assert found["attributes"]["status"].lower() == "completed", found
        return found


@contextmanager
def exporting(
    engine: Engine, folder: Path, *, runs: bool = True, writes: Format = "csv", **options: Any
) -> Iterator[Exporting]:
    """Serve a database with a runner of exports, which looks for orders often; options are those of `service_of`."""
    url: URL = engine.url
    own = open_engine(url)
    exporter = Exporter(own, folder, kinds=EVERY_KIND, format=writes)
    exports = Exports(exporter, runs=runs, pause=0.2)
    with service_of(engine, exports=exports, **options) as service:
        yield Exporting(service, folder, exporter)
    own.dispose()


def rows_of(file: bytes) -> list[list[str]]:
    """Read a CSV file, packed or not."""
    text = (gzip.decompress(file) if file.startswith(b"\x1f\x8b") else file).decode()
    return list(csv.reader(io.StringIO(text)))
