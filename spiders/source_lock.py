"""One run of a source at a time: a lock that ends with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
LET_GO = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")


@contextmanager
def source_lock(engine: Engine, source: str) -> Iterator[bool]:
    """Hold a source's lock on a store; yields False where another process runs that source."""
    locking = _advisory_lock if engine.dialect.name == "postgresql" else _file_lock
    with locking(engine, source) as mine:
        yield mine


@contextmanager
def _advisory_lock(engine: Engine, source: str) -> Iterator[bool]:
    name = {"name": f"tokentape source {source}"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(TRY, name))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(LET_GO, name)


@contextmanager
def _file_lock(engine: Engine, source: str) -> Iterator[bool]:
    folder = Path(f"{engine.url.database}.locks")
    folder.mkdir(exist_ok=True)
    with (folder / source).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
