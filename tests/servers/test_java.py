import shutil
from pathlib import Path

import pytest

from tests.servers import java
from tests.servers.process import CannotStart


def pretend(home: Path, version: str) -> str:
    program = home / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return str(home)


def test_the_home_that_is_set_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", pretend(tmp_path, "21.0.1"))

    assert java.java_home() == str(tmp_path)


def test_else_the_program_of_the_path_tells_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", pretend(tmp_path, "17.0.1") + "/bin", prepend=":")

    assert java.java_home() == str(tmp_path.resolve())


def test_a_java_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", pretend(tmp_path, "1.8.0_392"))

    with pytest.raises(CannotStart, match=r"Java 17 or newer .*apt-get install default-jre-headless"):
        java.java_home()


@pytest.mark.heavy
def test_a_machine_without_java_unpacks_debian_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", {}.get)

    assert Path(java.java_home(), "bin", "java").is_file()
