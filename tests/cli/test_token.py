"""The command `token`, and the secret that it shares with the service."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from jsonapi_sieve.cli import main
from jsonapi_sieve.cli.secret import VARIABLE, read_or_make_secret
from jsonapi_sieve.service import Tokens

SECRET = "of the environment, and more than 32 bytes"  # noqa: S105  (it signs nothing but the tokens of tests)


def token(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["token", *arguments]) == 0
    return capsys.readouterr().out.removesuffix("\n")


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["token", *arguments]) == 2
    error = capsys.readouterr().err
    assert "usage:" not in error
    assert error.splitlines()[-1].startswith("jsonapi-sieve token: error: ")
    return error


def test_the_secret_is_made_once_in_a_file_of_the_user(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (read_or_make_secret(None) for _ in range(2))
    assert first == second == (state / "secret").read_text().strip()
    assert stat.S_IMODE((state / "secret").stat().st_mode) == 0o600
    assert [file.name for file in state.iterdir()] == ["secret"]
    assert Tokens(first).customer("customer-v1", token(capsys, "--customer", "13")) == 13


def test_a_token_is_not_signed_with_a_secret_that_no_service_has(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, file in (([], state / "secret"), (["--secret-file", str(tmp_path / "no")], tmp_path / "no")):
        error = refusal(capsys, "--customer", "2", *arguments)
        assert f"there is no secret in {file}" in error
        assert "--secret-file" in error
        assert VARIABLE in error
        assert not file.exists()
    assert not state.exists()


def test_the_environment_names_the_secret_unless_a_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    assert Tokens(SECRET).customer("customer-v1", token(capsys, "--customer", "1")) == 1
    file = tmp_path / "deeper" / "secret"
    read_or_make_secret(file)
    made = token(capsys, "--customer", "1", "--secret-file", str(file))
    assert Tokens(SECRET).customer("customer-v1", made) is None
    assert Tokens(file.read_text().strip()).customer("customer-v1", made) == 1


def test_a_file_that_others_can_read_is_used_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "secret"
    for mode, warned in ((0o600, False), (0o640, True), (0o604, True)):
        file.write_text(SECRET)
        file.chmod(mode)
        assert main(["token", "--customer", "1", "--secret-file", str(file)]) == 0
        assert (f"warning: others can read {file}" in capsys.readouterr().err) is warned


def test_several_that_make_a_secret_at_once_agree(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: read_or_make_secret(file), range(64)))
    assert secrets == {file.read_text().strip()}


def test_a_token_may_expire_and_be_for_version_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    made = token(capsys, "--customer", "1", "--hours", "2", "--audience", "did-v3")
    claims = jwt.decode(made, SECRET, algorithms=["HS256"], audience="did-v3")
    assert claims["exp"] == pytest.approx(datetime.now(UTC).timestamp() + 7_200, abs=60)
    claims = jwt.decode(token(capsys, "--customer", "1"), SECRET, algorithms=["HS256"], audience="customer-v1")
    assert claims == {"sub": "1", "aud": ["customer-v1"]}


def test_a_token_is_told_to_machines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    told = json.loads(token(capsys, "--customer", "7", "--hours", "2", "--json"))
    assert Tokens(SECRET).customer("customer-v1", told.pop("token")) == 7
    assert told == {"customer": 7, "audience": "customer-v1", "hours": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--customer"),
        (["--customer", "-1"], "no whole number"),
        (["--customer", "x"], "no whole number from 0 to 2147483647"),
        (["--customer", "1", "--hours", "1.5"], "no whole number"),
        (["--customer", "1", "--audience", "v4"], "invalid choice"),
    ],
)
def test_bad_arguments_are_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["token", *arguments])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: jsonapi-sieve token")
    assert message in error


def test_a_secret_that_cannot_be_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "secret"
    file.write_text("short\n")
    assert "at least 32 bytes" in refusal(capsys, "--customer", "1", "--secret-file", str(file))
    file.write_bytes(b"\xff" * 40)
    assert "the secret cannot be used" in refusal(capsys, "--customer", "1", "--secret-file", str(file))
    assert "the secret cannot be used" in refusal(capsys, "--customer", "1", "--secret-file", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "short")
    assert "at least 32 bytes" in refusal(capsys, "--customer", "1")
