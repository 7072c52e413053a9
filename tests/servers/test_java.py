import shutil
from pathlib import Path
from unittest.mock import Mock

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


def test_a_machine_without_java_unpacks_debian_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", {}.get)
    monkeypatch.setattr(java, "unpacked", Mock(return_value=tmp_path))

    with pytest.raises(CannotStart, match="default-jre-headless is installed, but"):
        java.java_home()

    home = tmp_path / "usr" / "lib" / "jvm" / "java-17-openjdk"
    home.mkdir(parents=True)
    pretend(home, "17.0.2")
    assert java.java_home() == str(home)
