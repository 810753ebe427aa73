"""The servers that are compared: each a process of its own, ended when its turn is over."""

import csv
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path

HERE = Path(__file__).parent.parent.parent
PATIENCE = 60.0
DATASETTE = HERE / ".venv" / "bench-datasette"
GRANIAN = HERE / ".venv" / "bench-granian"
NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  default_type application/json;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder};
{locations}
  }}
}}
"""
OF_A_FILE = frozenset(
    {"connection", "content-length", "content-type", "date", "etag", "last-modified", "server"}
)
"""The headers that nginx says of a file by itself."""
NUMBERS = frozenset(
    {
        "cached_input",
        "context",
        "input",
        "max_output",
        "output",
        "price",
        "quality.coverage",
        "quality.index",
        "stars",
        "value",
    }
)


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Ask a server on this machine once."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@contextmanager
def running(command: Sequence[str], port: int, path: str, **environ: str) -> Iterator[int]:
    """Run a server until the block ends, from its first good answer on."""
    process = subprocess.Popen(  # noqa: S603 the commands are ours
        command, env=os.environ | environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        first_answer(process, port, path)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def first_answer(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait for a server's first good answer; raise RuntimeError where none comes."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if ask(port, path)[0] == HTTPStatus.OK:
                return
        except (OSError, HTTPException):
            time.sleep(0.005)
    raise RuntimeError(f"no answer of {process.args!r} at {path}")


def ours(port: int, workers: int) -> list[str]:
    """Give the command of our server."""
    return [
        sys.executable,
        "-m",
        "tokentape",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]


def uvicorn(port: int) -> list[str]:
    """Give the command of uvicorn with one process."""
    made = ["bench.serve.application:make", "--factory", "--no-access-log", "--log-level", "error"]
    return [sys.executable, "-m", "uvicorn", *made, "--port", str(port)]


def granian(port: int) -> list[str]:
    """Give the command of granian with one process."""
    made = ["bench.serve.application:make", "--factory", "--interface", "asgi", "--workers", "1"]
    quiet = ["--no-access-log", "--log-level", "error"]
    return [sys.executable, "-m", "granian", *made, *quiet, "--port", str(port)]


def install() -> list[str]:
    """Install the two that are no part of the project, aside; say which could not be had."""
    missing = []
    if not (DATASETTE / "bin" / "datasette").exists():
        _quietly([sys.executable, "-m", "venv", str(DATASETTE)])
        missing += _quietly([str(DATASETTE / "bin" / "pip"), "install", "-q", "datasette"])
    if not (GRANIAN / "granian").exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(GRANIAN)]
        missing += _quietly([*pip, "granian", "click"])
    return missing


def _quietly(command: Sequence[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 ours
    return [] if done.returncode == 0 else [f"{' '.join(command)}: {done.stderr[-300:]}"]


def configure_nginx(folder: Path, port: int, files: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Write nginx' configuration, by which each file has the headers given; give its command."""
    user = "user root;" if os.getuid() == 0 else ""
    locations = "\n".join(_location(name, headers) for name, headers in files.items())
    file = folder / "nginx.conf"
    made = NGINX.format(folder=folder, port=port, user=user, locations=locations)
    file.write_text(made, encoding="ascii")
    folder.chmod(0o755)
    return ["nginx", "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]


def _location(name: str, headers: Mapping[str, str]) -> str:
    said = (
        f"      add_header {header} {_quoted(header, value)};"
        for header, value in headers.items()
        if header not in OF_A_FILE
    )
    return "\n".join((f"    location = /{name} {{", *said, "    }"))


def _quoted(header: str, value: str) -> str:
    """Write a header's value for nginx; a request's id is its own each time, as ours is."""
    if header == "x-request-id":
        return "$request_id"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def export_table(listed: bytes, path: Path) -> int:
    """Write a list as CSV into an indexed table for Datasette; give its number of rows."""
    head, *rows = csv.reader(StringIO(listed.decode()))
    with sqlite3.connect(path) as store:
        names = [name.replace(".", "_") for name in head]
        kinds = ["REAL" if name in NUMBERS else "TEXT" for name in head]
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
        store.execute(f"CREATE TABLE models ({columns})")
        held = ([value or None for value in row] for row in rows)
        store.executemany(f"INSERT INTO models VALUES ({', '.join('?' * len(head))})", held)  # noqa: S608 our own names
        for name in names:
            store.execute(f'CREATE INDEX "by_{name}" ON models ("{name}")')
        store.execute("ANALYZE")
    return len(rows)
