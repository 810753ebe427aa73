"""Real stores for tests: SQLite in a file, PostgreSQL on a server of our own, both migrated."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.engine import URL

from catalog.migrating import migrate
from catalog.store import open_store
from tests.postgresql import is_installed, own_server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, to be copied by each test."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    engine = open_store(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Give the URL of a migrated, empty SQLite store."""
    shutil.copy(migrated_sqlite, tmp_path / "tokentape.db")
    return f"sqlite:///{tmp_path / 'tokentape.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """One PostgreSQL server for the session: TEST_DATABASE_URL, else one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    if not is_installed():
        pytest.skip("no PostgreSQL: install its server, or set TEST_DATABASE_URL")
    with (
        tempfile.TemporaryDirectory(prefix="tokentape-pg-") as folder,
        own_server(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: URL) -> Iterator[URL]:
    """Give a migrated template database on the server."""
    name = f"template_{uuid4().hex[:8]}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    url = postgresql_server.set(database=name)
    engine = open_store(url.render_as_string(hide_password=False))
    migrate(engine)
    engine.dispose()
    yield url
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(migrated_postgresql: URL) -> Iterator[str]:
    """Give the URL of a migrated, empty PostgreSQL store."""
    name = f"test_{uuid4().hex[:8]}"
    _administer(
        migrated_postgresql, f"CREATE DATABASE {name} TEMPLATE {migrated_postgresql.database}"
    )
    yield migrated_postgresql.set(database=name).render_as_string(hide_password=False)
    _administer(migrated_postgresql, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a migrated, empty store, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    """Open a migrated, empty store, of each kind in turn."""
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Engine]:
    """Open a migrated, empty SQLite store, for what does not depend on the kind of store."""
    engine = open_store(sqlite_url)
    yield engine
    engine.dispose()
