import subprocess
from pathlib import Path

import pytest

from tests.servers import debian
from tests.servers.process import CannotStart


@pytest.mark.heavy
def test_what_is_unpacked_runs_with_its_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "CACHE", tmp_path)

    root = debian.unpacked("mariadb-server-core")
    told = subprocess.run(
        [root / "usr/sbin/mariadbd", "--version"], check=True, capture_output=True, env=debian.environment(root)
    )

    assert b"MariaDB" in told.stdout
    assert debian.unpacked("mariadb-server-core") == root


@pytest.mark.heavy
def test_what_cannot_be_downloaded_has_to_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "CACHE", tmp_path)

    with pytest.raises(CannotStart, match=r"^apt-get install no-such-package \(.*Unable to locate"):
        debian.unpacked("no-such-package")


def test_a_machine_without_apt_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "CACHE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match=r"^apt-get install mariadb-server-core \(.*No such file"):
        debian.unpacked("mariadb-server-core")


def test_absolute_links_lead_to_what_was_unpacked(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "settings").write_text("kept")
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.symlink_to("/etc/settings")
    outside.symlink_to("/etc/no-such-settings")

    for link in (inside, outside):
        debian._lead_inside(link, tmp_path)

    assert inside.read_text() == "kept"
    assert str(outside.readlink()) == "/etc/no-such-settings"
