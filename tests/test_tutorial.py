"""The tutorial, followed to the letter: its files are written to an empty folder, and its requests are sent."""

import doctest
import json
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jsonapi_sieve.testing.conformance import Collection, Description, check

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text()
FILES: dict[str, str] = dict(re.findall(r'```python title="([a-z]+\.py)"\n(.*?)```', PAGE, re.DOTALL))
REQUESTS: list[tuple[str, str]] = re.findall(r"```sh\n(curl [^\n]*)\n```\n\n```json\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("bookshop")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        runpy.run_path("tables.py", run_name="__main__")["engine"].dispose()
        from app import app  # type: ignore[import-not-found]  # noqa: PLC0415  (there is none before)

        with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://127.0.0.1:5000") as client:
            yield client
        sys.modules["tables"].engine.dispose()
        for name in ("app", "books", "tables"):
            del sys.modules[name]


@pytest.mark.parametrize(("command", "shown"), REQUESTS)
def test_each_request_is_answered_as_it_is_told(client: httpx.Client, command: str, shown: str) -> None:
    program, options, url, *rest = shlex.split(command)
    assert (program, options, rest) == ("curl", "-sg", ["|", "python", "-m", "json.tool"])
    answer = json.dumps(client.get(url).json(), indent=4)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(shown, f"{answer}\n", flags), answer


def test_the_declaration_filters_in_memory(client: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.get("/books").is_success
    runpy.run_path("cheap.py")
    (told,) = re.findall(r"```sh\npython cheap.py\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert capsys.readouterr().out == told


def test_no_rule_is_broken(client: httpx.Client) -> None:
    assert client.get("/books/1").is_success
    report = check(sys.modules["app"].app, Description((Collection("/books"),)))
    assert report.complete
    assert report.broken == frozenset()
