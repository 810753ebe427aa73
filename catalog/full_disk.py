"""A full disk, however it is told: by the system, by SQLite or by PostgreSQL."""

import errno
import sqlite3

from psycopg.errors import DiskFull
from sqlalchemy.exc import DBAPIError

FULL = {errno.ENOSPC, errno.EDQUOT}
WHAT_TO_DO = (
    "The disk is full: free some space, then do this again. What was being written is left out "
    "whole; what the store held can be read."
)


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or one of a group of them, says that the disk is full."""
    match error:
        case BaseExceptionGroup():
            return any(is_full(part) for part in error.exceptions)
        case DBAPIError():
            return is_full(error.orig)
        case sqlite3.Error():
            return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        case OSError():
            return error.errno in FULL
    return isinstance(error, DiskFull)
