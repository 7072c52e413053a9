"""Runs the command: `python -m jsonapi_sieve.cli`."""

import sys

from jsonapi_sieve.cli import main

if __name__ == "__main__":
    sys.exit(main())
