"""What all commands have in common: help, versions, exit codes, and ends that are not theirs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from jsonapi_sieve.cli import _COMMANDS, main

NAMES = [name for name, _, _ in _COMMANDS]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, *capsys.readouterr()


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"jsonapi-sieve {metadata.version('jsonapi-sieve')}\n", "")


def test_the_help_names_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(capsys, "--help")
    assert code == 0
    assert re.findall(r"^    ([a-z]+)\b", told, re.MULTILINE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_each_command_has_examples_of_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(capsys, name, "--help")
    assert code == 0
    assert f"  jsonapi-sieve {name} " in told.partition("\nexamples:\n")[2]


@pytest.mark.parametrize("words", [(), ("nothing",), ("explain",), ("filter", "a.csv"), ("generate",)])
def test_arguments_that_cannot_be_read_are_refused_with_the_usage(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, error = run(capsys, *words)
    assert (code, printed) == (2, "")
    assert error.startswith("usage: jsonapi-sieve")


def test_ctrl_c_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("jsonapi_sieve.cli.explain.run", interrupt)
    assert run(capsys, "explain", "", "--resource", "cdrs") == (130, "", "")


def test_what_the_terminal_cannot_show_is_escaped() -> None:
    words = ["explain", "filter[name-eq]=%C3%BC", "--resource", "accounts"]
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "jsonapi_sieve.cli", *words],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert b'name = "\\xfc"' in ended.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text('{"id": 1}\n')
    words = ["filter", str(tmp_path / "calls.jsonl"), "", "--field", "id:integer", "--count"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "jsonapi_sieve.cli", *words], stdout=full, stderr=subprocess.PIPE, check=False
        )
    told = b"jsonapi-sieve filter: error: the output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (2, told)


def test_who_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text('{"id": 1}\n' * 100_000)
    words = ["filter", str(tmp_path / "calls.jsonl"), "filter[id-eq]=1", "--field", "id:integer"]
    command = [sys.executable, "-m", "jsonapi_sieve.cli", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b'{"id": 1}\n'
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_command_needs_no_packages_of_others(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").touch()
    others = ("sqlalchemy", "marshmallow", "marshmallow_jsonapi", "httpx", "pyarrow", "tqdm", "jwt", "starlette")
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({others}))\n"
        "from jsonapi_sieve.cli import main\n"
        "assert main(['generate', '-', '--format', 'csv', '--resource', 'accounts']) == 0\n"
        "for words in (['filter', 'x.parquet', '', '--field', 'id:integer'], ['explain', '', '--resource', 'cdrs'],\n"
        "              ['filter', 'x.csv', '', '--resource', 'cdrs'], ['generate', 'x.parquet'],\n"
        "              ['generate', '--database-url', 'sqlite://'], ['token', '--customer', '1'],\n"
        "              ['filter', 'x.csv', '', '--resource', 'json:loads']):\n"
        "    assert main(words) == 2\n"
    )
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603
    told = [line.partition("pip install ")[2] for line in ended.stderr.splitlines()]
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("id,")
    assert told == [
        '"jsonapi-sieve[files]"',
        '"jsonapi-sieve[sqlalchemy]"',
        '"jsonapi-sieve[schemas]"',
        '"jsonapi-sieve[sqlalchemy]"',
        '"jsonapi-sieve[service]"',
        '"jsonapi-sieve[service]"',
        "",
    ]
    assert "json:loads is a function; a Resource, a QueryParser or a FilterSet is needed" in ended.stderr
