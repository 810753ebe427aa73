"""The lease that one worker holds per store, so that nothing is scheduled twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

WORKER_LOCK = 7_416_001
"""The advisory lock's number on PostgreSQL: any constant that no other software here takes."""


@contextmanager
def lease(engine: Engine) -> Iterator[bool]:
    """Hold the worker's lease while the block runs; yields False where another worker has it."""
    held = _advisory_lock(engine) if engine.dialect.name == "postgresql" else _file_lock(engine)
    with held as mine:
        yield mine


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        number = {"number": WORKER_LOCK}
        mine = connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number)
        try:
            yield bool(mine)
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)


@contextmanager
def _file_lock(engine: Engine) -> Iterator[bool]:
    with Path(f"{engine.url.database}.worker").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
