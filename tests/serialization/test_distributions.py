import importlib.metadata
import sys

import pytest

from jsonapi_sieve.serialization import distributions
from jsonapi_sieve.serialization.distributions import check_distributions


def install(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    def distribution(name: str) -> object:
        if name not in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return object()

    monkeypatch.setattr(distributions, "distribution", distribution)


@pytest.mark.parametrize("name", ["marshmallow-jsonapi", "marshmallow-jsonapi-minfork"])
def test_one_distribution_is_as_it_should_be(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    install(monkeypatch, name)
    check_distributions()


def test_two_distributions_lie_over_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "marshmallow-jsonapi", "marshmallow-jsonapi-minfork")
    with pytest.raises(ImportError, match="are both installed") as caught:
        check_distributions()
    commands = [line.strip() for line in str(caught.value).splitlines()[1:]]
    assert commands[0] == "pip uninstall --yes marshmallow-jsonapi marshmallow-jsonapi-minfork"
    assert commands[1].startswith('pip install "jsonapi-sieve[schemas]"')


def test_without_a_distribution_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    monkeypatch.setitem(sys.modules, "marshmallow_jsonapi.fields", None)
    with pytest.raises(ImportError, match=r"schemas need marshmallow-jsonapi \(.*\)\. Install it:\n    pip install"):
        check_distributions()
