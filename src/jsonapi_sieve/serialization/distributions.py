"""Which distribution gives `marshmallow_jsonapi`: there are two of that import name, and one at a time works."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from typing import Final

__all__ = ["check_distributions"]

_FOR_MARSHMALLOW_3: Final = "marshmallow-jsonapi"
_FOR_MARSHMALLOW_4: Final = "marshmallow-jsonapi-minfork"
_CHOICE: Final = """
    pip install "jsonapi-sieve[schemas]"                                   # with marshmallow 3
    pip install "marshmallow>=4" "marshmallow-jsonapi-minfork>=0.26"       # with marshmallow 4"""


def check_distributions() -> None:
    """Raise ImportError, with the commands that repair it, where schemas cannot work.

    >>> check_distributions()
    """
    if _is_installed(_FOR_MARSHMALLOW_3) and _is_installed(_FOR_MARSHMALLOW_4):
        raise ImportError(
            f"{_FOR_MARSHMALLOW_3} and {_FOR_MARSHMALLOW_4} are both installed, and the files of one lie over those of"
            f" the other. Remove both, then install one:\n"
            f"    pip uninstall --yes {_FOR_MARSHMALLOW_3} {_FOR_MARSHMALLOW_4}{_CHOICE}"
        )
    try:
        import marshmallow_jsonapi.fields  # noqa: F401, PLC0415  (whether it can be imported is the question)
    except ImportError as error:
        raise ImportError(f"schemas need marshmallow-jsonapi ({error}). Install it:{_CHOICE}") from error


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
