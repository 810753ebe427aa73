"""Operations of one process, counted; the nth of a kind fails, or the process dies at it.

For child processes only: what is installed here stays for the life of the process.
"""

import asyncio.selector_events
import logging
import os
import signal
import sqlite3
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

import psycopg
from sqlalchemy.engine.default import DefaultDialect

SELECTOR_TRANSPORT = "_SelectorSocketTransport"
FILE_EVENTS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}
NETWORK_EVENTS = {"socket.connect", "socket.getaddrinfo"}
STATEMENTS = ("do_execute", "do_executemany", "do_execute_no_params")


class Kind(StrEnum):
    """What an operation is done to."""

    DATABASE = "database"
    FILE = "file"
    NETWORK = "network"


class How(StrEnum):
    """What happens at the chosen operation."""

    ERROR = "error"
    KILL = "kill"


@dataclass(frozen=True)
class Fault:
    """The nth operation of a kind goes wrong; counted from 1."""

    kind: Kind
    nth: int
    how: How

    def __str__(self) -> str:
        """Name it as a person would: kill at database 17."""
        return f"{self.how} at {self.kind} {self.nth}"


class Transport(Protocol):
    """The part of asyncio's socket transport that is needed here."""

    def _force_close(self, error: OSError) -> None:
        """Break the connection off."""


@dataclass
class Breaker:
    """Counts operations; at the chosen one the process dies, or the operation is told to fail."""

    fault: Fault | None
    folder: Path
    """Files elsewhere are not the product's."""
    seen: Counter[Kind] = field(default_factory=Counter)
    paused: bool = False

    def breaks(self, kind: Kind, *, torn: int | None = None) -> bool:
        """Count an operation; die at the chosen one, or say that it must fail.

        ``torn`` is a file of which only half arrives on the disk when the process dies.
        """
        if self.paused:
            return False
        self.seen[kind] += 1
        fault = self.fault
        if fault is None or (fault.kind, fault.nth) != (kind, self.seen[kind]):
            return False
        if fault.how is How.KILL:
            _die(torn)
        return True

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """Count nothing while the block runs."""
        self.paused, before = True, self.paused
        try:
            yield
        finally:
            self.paused = before


def _die(torn: int | None) -> None:
    if torn is not None and stat.S_ISREG(os.fstat(torn).st_mode):
        os.ftruncate(torn, os.fstat(torn).st_size // 2)
    os.kill(os.getpid(), signal.SIGKILL)


def install(breaker: Breaker) -> None:
    """Count this process's operations from now on; what drivers log of breaking is expected."""
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    sys.addaudithook(lambda event, args: _audit(breaker, event, args))
    _watch_syncs(breaker)
    _watch_statements(breaker)
    _watch_commits(breaker)
    _watch_connections(breaker)
    _watch_sockets(breaker)


def _audit(breaker: Breaker, event: str, args: tuple[object, ...]) -> None:
    if event in NETWORK_EVENTS and breaker.breaks(Kind.NETWORK):
        raise ConnectionRefusedError(111, "Connection refused")
    ours = event in FILE_EVENTS and _inside(breaker.folder, args[0])
    if (ours or event == "fcntl.flock") and breaker.breaks(Kind.FILE):
        raise OSError(5, "Input/output error", str(args[0]))


def _inside(folder: Path, path: object) -> bool:
    return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(str(folder))


def _watch_syncs(breaker: Breaker) -> None:
    sync = os.fsync

    def fsync(file: int) -> None:
        if breaker.breaks(Kind.FILE, torn=file):
            raise OSError(5, "Input/output error")
        sync(file)

    os.fsync = fsync  # type: ignore[assignment] # it is given file numbers only here


def _watch_statements(breaker: Breaker) -> None:
    for name in STATEMENTS:
        do = getattr(DefaultDialect, name)

        def doing(
            self: DefaultDialect, cursor: object, *args: object, do: Callable[..., None] = do
        ) -> None:
            if breaker.breaks(Kind.DATABASE):
                _break_connection(breaker, getattr(cursor, "connection", None))
            do(self, cursor, *args)

        setattr(DefaultDialect, name, doing)


def _watch_commits(breaker: Breaker) -> None:
    """Break before a commit, and after one: then the store has it, and nobody was told."""
    commit = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: object) -> None:
        driven = getattr(connection, "driver_connection", None)
        if breaker.breaks(Kind.DATABASE):
            _break_connection(breaker, driven)
        commit(self, connection)  # type: ignore[no-untyped-call] # SQLAlchemy says no types here
        if breaker.breaks(Kind.DATABASE):
            _lose_answer(driven)

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign] # that is what breaking is


def _watch_connections(breaker: Breaker) -> None:
    connect = DefaultDialect.connect

    def connecting(self: DefaultDialect, *args: object, **kwargs: object) -> object:
        if breaker.breaks(Kind.DATABASE):
            if self.name == "postgresql":
                raise psycopg.OperationalError("connection refused")
            raise sqlite3.OperationalError("unable to open database file")
        return connect(self, *args, **kwargs)

    DefaultDialect.connect = connecting  # type: ignore[method-assign,assignment] # that is what breaking is


def _break_connection(breaker: Breaker, connection: object) -> None:
    """End the connection at the server, so that what comes next fails; SQLite has but a disk."""
    if not isinstance(connection, psycopg.Connection):
        raise sqlite3.OperationalError("disk I/O error")
    known = psycopg.conninfo.make_conninfo(**connection.info.get_parameters())
    with breaker.pausing(), psycopg.connect(known, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])


def _lose_answer(connection: object) -> None:
    if isinstance(connection, psycopg.Connection):
        raise psycopg.OperationalError("server closed the connection unexpectedly")
    raise sqlite3.OperationalError("disk I/O error")


def _watch_sockets(breaker: Breaker) -> None:
    kind = getattr(asyncio.selector_events, SELECTOR_TRANSPORT)
    for name in ("write", "_read_ready__data_received"):
        do = getattr(kind, name)

        def doing(self: object, *args: object, do: Callable[..., None] = do) -> None:
            if breaker.breaks(Kind.NETWORK):
                cast("Transport", self)._force_close(ConnectionResetError(104, "Reset by peer"))  # noqa: SLF001 the one way to break a transport
                return
            do(self, *args)

        setattr(kind, name, doing)
