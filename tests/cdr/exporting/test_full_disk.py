"""A disk that is really full, and a folder that really cannot be written: a small file system, and one to read only.

Only root may mount one; to others the same error is given where a file is written.
"""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.files import Digested
from tests.cdr.exporting.databases import order, sqlite

SMALL = 4_096  # bytes, of which a file takes more


def mount(*words: str) -> bool:
    command = ["mount", "-t", "tmpfs", *words]
    return os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


@contextmanager
def full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a folder in which there is no room for a file."""
    folder.mkdir()
    if mount("-o", f"size={SMALL}", "tmpfs", str(folder)):
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607
        return
    with monkeypatch.context() as patched:
        patched.setattr(Digested, "write", refuse)
        yield


def refuse(self: Digested, data: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.heavy
def test_a_full_disk_fails_the_order_and_retry_works_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite(tmp_path) as engine:
        id_ = order(engine)
        small = tmp_path / "small"
        with full(small, monkeypatch):
            (job,) = Exporter(engine, small).run_all()
            assert job.reason == f"the file cannot be written: No space left on device (ENOSPC), in {small}"
            assert job.status == "Failed"
            assert list(small.iterdir()) == []
        exporter = Exporter(engine, tmp_path / "large")
        exporter.retry(id_)
        assert [job.status for job in exporter.run_all()] == ["Completed"]


@pytest.mark.heavy
def test_a_folder_that_only_reads_fails_the_order(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    mounted = mount("-o", "ro", "tmpfs", str(folder))
    if not mounted:
        folder.chmod(0o500)
    try:
        with sqlite(tmp_path) as engine:
            order(engine)
            (job,) = Exporter(engine, folder).run_all()
        code = "Read-only file system (EROFS)" if mounted else "Permission denied (EACCES)"
        assert (job.status, job.reason) == ("Failed", f"the file cannot be written: {code}, in {folder}")
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607
