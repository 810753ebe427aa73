"""Copies of a prepared store: each is broken once and thrown away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


@contextmanager
def copied(store: str, folder: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Copy a store that nobody has open, and the folder beside it; give both, in a new folder."""
    with TemporaryDirectory(prefix="tokentape-faults-") as made:
        own = Path(made) / "place"
        if folder is None:
            own.mkdir()
        else:
            shutil.copytree(folder, own)
        with _copied_store(store, own) as url:
            yield url, own


@contextmanager
def _copied_store(store: str, folder: Path) -> Iterator[str]:
    url = make_url(store)
    if url.get_backend_name() == "sqlite":
        path = folder / "copied.db"
        shutil.copy(str(url.database), path)
        yield f"sqlite:///{path}"
        return
    name = f"faults_{uuid4().hex[:12]}"
    administer(store, f"CREATE DATABASE {name} TEMPLATE {url.database}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        administer(store, f"DROP DATABASE {name} WITH (FORCE)")


def administer(store: str, statement: str) -> None:
    """Say something to the server of a store."""
    server = make_url(store).set(drivername="postgresql+psycopg", database="postgres")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
