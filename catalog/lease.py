"""Leases: one process at a time does a thing for a store; a lease ends with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
LET_GO = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")


@contextmanager
def lease(engine: Engine, what: str) -> Iterator[bool]:
    """Hold a store's lease of a name, a word that is a file name, while the block runs.

    Yields False where another holds it. On SQLite it is a file lock beside the database, on
    PostgreSQL an advisory lock.
    """
    locking = _advisory_lock if engine.dialect.name == "postgresql" else _file_lock
    with locking(engine, what) as mine:
        yield mine


@contextmanager
def _advisory_lock(engine: Engine, what: str) -> Iterator[bool]:
    name = {"name": f"tokentape {what}"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(TRY, name))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(LET_GO, name)


@contextmanager
def _file_lock(engine: Engine, what: str) -> Iterator[bool]:
    folder = Path(f"{engine.url.database}.locks")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / what).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
