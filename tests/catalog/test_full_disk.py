"""A full disk is known for one, whoever tells it."""

import errno

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from catalog.full_disk import is_full


def test_a_full_disk_is_known_when_sqlite_tells_it(sqlite_store: Engine) -> None:
    with sqlite_store.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("CREATE TABLE large AS SELECT randomblob(1000000)"))
    assert is_full(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        ExceptionGroup("some sources could not be crawled", [OSError(errno.ENOSPC, "full")]),
        OperationalError("INSERT", {}, DiskFull("could not extend file")),
    ],
)
def test_a_full_disk_is_known_when_the_system_or_postgresql_tells_it(error: Exception) -> None:
    assert is_full(error)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOENT, "no such file"), ValueError("full"), ExceptionGroup("", [KeyError()])],
)
def test_other_errors_are_no_full_disk(error: Exception) -> None:
    assert not is_full(error)
