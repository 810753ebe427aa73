"""What is wrong outside of the program, told in a line that says what to do about it."""

import errno
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import psycopg
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from catalog.full_disk import WHAT_TO_DO, is_full
from catalog.settings import SettingError
from catalog.store import BUSY_MILLISECONDS, StoreError

USAGE = 2
FAILED = 1
OF_STORE = "TOKENTAPE_DATABASE_URL"
BASIC = 0xFF
"""The bits of SQLite's codes that say what is wrong; the others say more of it."""
OF_SQLITE: Mapping[int, str] = {
    sqlite3.SQLITE_CANTOPEN: f"The store's file cannot be opened: see that {OF_STORE} names one "
    "in a folder that you may write to.",
    sqlite3.SQLITE_NOTADB: f"The store's file is no SQLite database: name another in {OF_STORE}.",
    sqlite3.SQLITE_READONLY: "The store's file may not be written to: change who may, or name "
    f"another in {OF_STORE}.",
    sqlite3.SQLITE_BUSY: "Another program has held the store locked for "
    f"{BUSY_MILLISECONDS // 1000} seconds: wait until it is done, or end it; then do this again.",
    sqlite3.SQLITE_CORRUPT: "The store's file is damaged: put a copy of it back in its place.",
}
OF_FILES: Mapping[int, str] = {
    errno.EACCES: "you may not read or write it",
    errno.EEXIST: "it is there already",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "it is not there, or cannot be made there",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EPERM: "you may not read or write it",
    errno.EROFS: "nothing can be written there",
}
NEWER = (
    "The store was made by another version of Tokentape, which has tables that this one does not "
    f"know: use that version, or name another store in {OF_STORE}."
)


@dataclass(frozen=True)
class Failure:
    """A line for whoever ran a command, and the status that the command ends with."""

    line: str
    status: int = FAILED


def failure_of(error: BaseException | None) -> Failure | None:
    """Tell an error, or the first of a group that can be told; None: it is one of ours."""
    if is_full(error):
        return Failure(WHAT_TO_DO)
    match error:
        case BaseExceptionGroup():
            return _first(failure_of(part) for part in error.exceptions)
        case SettingError():
            return Failure(str(error), USAGE)
        case StoreError():
            return Failure(str(error))
    return _first(tell(error) for tell in _TELLERS)


def _first(failures: Iterable[Failure | None]) -> Failure | None:
    return next((one for one in failures if one is not None), None)


def _of_database(error: BaseException | None) -> Failure | None:
    stated = error.orig if isinstance(error, DBAPIError) else error
    match stated:
        case sqlite3.Error():
            line = OF_SQLITE.get(getattr(stated, "sqlite_errorcode", 0) & BASIC)
            return Failure(line) if line else None
        case psycopg.OperationalError():
            said = str(stated).strip().partition("\n")[0]
            return Failure(f"PostgreSQL cannot be used: {said}. See that it runs, and {OF_STORE}.")
    return None


def _of_version(error: BaseException | None) -> Failure | None:
    known = isinstance(error, CommandError) and "Can't locate revision" in str(error)
    return Failure(NEWER) if known else None


def _of_file(error: BaseException | None) -> Failure | None:
    if not isinstance(error, OSError) or error.filename is None:
        return None
    why = OF_FILES.get(error.errno or 0)
    return Failure(f"{error.filename} cannot be used: {why}.") if why else None


_TELLERS: tuple[Callable[[BaseException | None], Failure | None], ...] = (
    _of_database,
    _of_version,
    _of_file,
)
