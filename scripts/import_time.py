"""Checks that importing jsonapi_sieve is quick and loads no package that only some users need."""

import os
import statistics
import subprocess
import sys

LIMIT_MS = 30.0
RUNS = 15
MOST_RUNS = 60  # while the machine is busy with other work
HEAVY = frozenset(
    {
        "dateutil",
        "itsdangerous",
        "marshmallow",
        "marshmallow_jsonapi",
        "msgspec",
        "narwhals",
        "numpy",
        "orjson",
        "pandas",
        "polars",
        "pyarrow",
        "sqlalchemy",
    }
)

# The processor's time in each fresh interpreter; that of its start, which varies more than the import, is left out.
# An installed package has its bytecode, so this one may write its own.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

PROBE = """
import sys, time
start = time.process_time()
import jsonapi_sieve
print((time.process_time() - start) * 1000, *{name.partition(".")[0] for name in sys.modules})
"""


def probe() -> tuple[float, set[str]]:
    """Returns the milliseconds that the import takes in a fresh interpreter, and the top-level packages loaded then."""
    run = subprocess.run([sys.executable, "-c", PROBE], check=True, capture_output=True, text=True, env=ENVIRONMENT)
    milliseconds, *packages = run.stdout.split()
    return float(milliseconds), set(packages)


def main() -> int:
    """Prints the time and what is wrong; returns the exit status."""
    probe()  # the first import may still compile the modules
    probes = [probe() for _ in range(RUNS)]
    while min(milliseconds for milliseconds, _ in probes) > LIMIT_MS and len(probes) < MOST_RUNS:
        probes.append(probe())
    times = [milliseconds for milliseconds, _ in probes]
    heavy = sorted(HEAVY.intersection(*(packages for _, packages in probes)))
    print(
        f"import jsonapi_sieve takes {min(times):.1f} ms (the least of {len(times)} interpreters, for other work only"
        f" adds; the median is {statistics.median(times):.1f} ms; the limit is {LIMIT_MS:.0f} ms)"
    )
    if heavy:
        print(f"import jsonapi_sieve loads what it must not: {', '.join(heavy)}")
    return int(min(times) > LIMIT_MS or bool(heavy))


if __name__ == "__main__":
    sys.exit(main())
