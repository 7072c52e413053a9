"""Files that Spark leaves in parts are folders, which are removed and replaced as files are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.files import Folder, put, remove
from tests.cdr.exporting.databases import order, sqlite

FILE_ID = "00000000-0000-4000-8000-000000000001"
CLAIM = "0" * 32


def parts(path: Path, *names: str) -> Path:
    path.mkdir(parents=True)
    for name in names:
        path.joinpath(name).write_text(name)
    return path


def test_parts_take_the_place_of_those_of_a_runner_that_died(tmp_path: Path) -> None:
    new, old = parts(tmp_path / "new", "part-1"), parts(tmp_path / "old", "part-1", "part-2")
    put(new, old)
    assert [path.name for path in old.iterdir()] == ["part-1"]
    assert not new.exists()


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, Path.exists])
def test_whatever_is_there_is_removed(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "path"
    make(path)
    remove(path)
    assert not path.exists()


def test_of_a_link_what_it_leads_to_is_left(tmp_path: Path) -> None:
    elsewhere, link = parts(tmp_path / "elsewhere", "kept"), tmp_path / "link"
    link.symlink_to(elsewhere)
    remove(link)
    assert not link.is_symlink()
    assert [path.name for path in elsewhere.iterdir()] == ["kept"]


def test_an_order_that_is_deleted_or_left_by_a_dead_runner_leaves_no_parts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    with sqlite(tmp_path) as engine:
        exporter = Exporter(engine, folder.path)
        id_ = order(engine)
        final = parts(folder.path / f"{id_}.csv.gz.parts", "part-1")
        left = parts(folder.path / f".{id_}.{CLAIM}.parts", "part-1")
        exporter.delete(id_)
        assert not final.exists()
        parts(final, "part-1")
        assert exporter.clean().orphans == 2
        assert not final.exists()
        assert not left.exists()
