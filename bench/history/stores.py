"""The stores that are asked: filled once, kept in a folder where one is named, asked as copies."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, create_engine, make_url

from bench.history import naive
from bench.history.fill import fill
from bench.history.shape import Shape
from catalog.migrating import migrate
from catalog.store import open_store
from tests.postgresql import is_installed, own_server

Tell = Callable[[], None]
DURABLE = "-c shared_buffers=1GB -c max_wal_size=4GB"
"""How our own server is run: durable, and with room for what it is asked of."""


class Stores(Protocol):
    """A place for filled stores of one kind."""

    kind: str

    def copy(self, shape: Shape, tell: Tell) -> AbstractContextManager[str]:
        """Give the URL of a store of a shape to be asked and written to; fill one if need be."""


@contextmanager
def stores(named: str, keep: Path | None) -> Iterator[Stores]:
    """Open the place for stores: files, our own server, or the server at a URL."""
    with tempfile.TemporaryDirectory(prefix="tokentape-bench-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if named == "sqlite":
            yield Files(folder)
        elif named == "postgresql":
            with _server(folder.resolve()) as url:
                yield Databases(url)
        else:
            yield Databases(make_url(named).set(drivername="postgresql+psycopg"))


def _fill(url: str, shape: Shape, tell: Tell) -> None:
    """Fill an empty store with a shape's history, and with the same in the naive design."""
    engine = open_store(url)
    migrate(engine)
    engine.dispose()
    fill(url, shape, tell)
    with engine.begin() as connection:
        naive.build(connection)
    engine.dispose()


def _name(shape: Shape) -> str:
    return f"bench_{shape.sources}_{shape.models}_{shape.days}"


class Files:
    """SQLite files in a folder."""

    kind = "SQLite"

    def __init__(self, folder: Path) -> None:
        """Keep the files there."""
        self.folder = folder

    @contextmanager
    def copy(self, shape: Shape, tell: Tell) -> Iterator[str]:
        """Copy the filled file; a fill that was broken off begins anew."""
        filled = self.folder / f"{_name(shape)}.db"
        part = filled.with_suffix(".part")
        if not filled.exists():
            part.unlink(missing_ok=True)
            _fill(f"sqlite:///{part}", shape, tell)
            part.rename(filled)
        shutil.copy(filled, part)
        try:
            yield f"sqlite:///{part}"
        finally:
            for path in self.folder.glob(f"{part.name}*"):
                path.unlink()


class Databases:
    """Databases on a PostgreSQL server."""

    kind = "PostgreSQL"

    def __init__(self, server: URL) -> None:
        """Keep the databases there."""
        self.server = server

    @contextmanager
    def copy(self, shape: Shape, tell: Tell) -> Iterator[str]:
        """Copy the filled database; a fill that was broken off begins anew."""
        filled, part = _name(shape), f"{_name(shape)}_part"
        if not self._has(filled):
            self._do(f"DROP DATABASE IF EXISTS {part}", f"CREATE DATABASE {part}")
            _fill(self._url(part), shape, tell)
            self._do(f"ALTER DATABASE {part} RENAME TO {filled}")
        self._do(f"DROP DATABASE IF EXISTS {part}", f"CREATE DATABASE {part} TEMPLATE {filled}")
        try:
            yield self._url(part)
        finally:
            self._do(f"DROP DATABASE {part} WITH (FORCE)")

    def _url(self, name: str) -> str:
        url = self.server.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def _has(self, name: str) -> bool:
        engine = create_engine(self.server)
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT 1 FROM pg_database WHERE datname = %s", (name,)
            ).all()
        engine.dispose()
        return bool(found)

    def _do(self, *statements: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def _server(keep: Path) -> Iterator[URL]:
    """Run our own server in a folder; where root runs us, whom it runs as must be let in there."""
    if not is_installed():
        raise SystemExit("no PostgreSQL: install its server, or name one: --store postgresql://…")
    if os.getuid() == 0:
        keep.chmod(0o755)
    with own_server(keep / "postgresql", DURABLE) as url:
        yield url
