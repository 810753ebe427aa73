"""PostgreSQL servers of our own, each in a folder, reached by a socket there."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""How a server is run that need not outlive its machine."""
_DATABASE = "postgresql+psycopg"
_AS_SERVER = {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}


def is_installed() -> bool:
    """Tell whether the server's programs are on the path."""
    return all(shutil.which(program) for program in ("initdb", "pg_ctl"))


@contextmanager
def own_server(folder: Path, options: str = FAST) -> Iterator[URL]:
    """Run a server in a folder; where one was run there before, its databases are there still."""
    _hand_over(folder)
    data = str(folder / "data")
    if not Path(data).exists():
        _do("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-D", data)
    said = f"{options} -c listen_addresses='' -c unix_socket_directories='{folder}'"
    _do("pg_ctl", "-D", data, "-w", "-o", said, "-l", str(folder / "log"), "start")
    try:
        yield URL.create(_DATABASE, "postgres", database="postgres", query={"host": str(folder)})
    finally:
        _do("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")


def _hand_over(folder: Path) -> None:
    """Make the folder, and where root runs us give it to the user whom the server runs as."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _do(*command: str) -> None:
    """Run one of the server's programs; they refuse root."""
    user = {} if os.getuid() else _AS_SERVER
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload] # noqa: S603 the server's own programs, found on the path
