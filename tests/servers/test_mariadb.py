import pytest
import sqlalchemy as sa

from tests.servers.mariadb import mariadb


@pytest.mark.heavy
def test_the_server_has_debian_s_defaults_and_listens_on_a_socket_only() -> None:
    with mariadb() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            row = connection.execute(sa.text("select @@version, @@collation_database, @@skip_networking")).one()

    version, collation, without_network = row
    assert "MariaDB" in version
    assert collation == "utf8mb4_general_ci"
    assert without_network == 1
