"""Several server processes count as one: what each counts is in files that all of them read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where Prometheus' own library keeps the files; it looks once, when it is imported."""
IN_MEMORY = Path("/dev/shm")  # noqa: S108 the folder made in it is nobody else's
"""Where Linux has files that no full disk can break; elsewhere they are temporary ones."""


@contextmanager
def counting_together() -> Iterator[Path]:
    """Let processes forked in it count together, if metrics were not imported before.

    It gives the folder of the files, which goes with the process that opened it; where that was
    killed, the others are to remove it.
    """
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    with TemporaryDirectory(prefix="tokentape-", dir=folder) as files:
        os.environ[VARIABLE] = files
        try:
            yield Path(files)
        finally:
            del os.environ[VARIABLE]


def counts_together() -> bool:
    """Whether this is one of several processes that count together."""
    return VARIABLE in os.environ
