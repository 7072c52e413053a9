"""A runner in a process of its own, to be killed: `python -m tests.cdr.exporting.runner URL FOLDER LEASE`."""

import sys
import time
from datetime import timedelta
from pathlib import Path

from jsonapi_sieve.cdr.exporting import Exporter, open_engine


def main(url: str, folder: str, lease: str) -> None:
    """Run exports until the process is ended."""
    # Whatever is killed here is killed by chance, and may be again.
    exporter = Exporter(open_engine(url), Path(folder), lease=timedelta(seconds=float(lease)), attempts=sys.maxsize)
    print("ready", flush=True)  # noqa: T201  (who started it waits for that)
    while True:
        for _ in exporter.run_all():
            pass
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
