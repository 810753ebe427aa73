"""What runs beside a server starts with its first answer and leaves nothing running."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

SERVER = """
import signal, sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from cron.beside import beside

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
with beside([sys.executable, "-c", "import time; time.sleep(60)"], *server.server_address):
    server.serve_forever()
"""


def until(holds: Callable[[], bool], *, seconds: int = 20) -> bool:
    """Wait until something holds; False where it does not within the time."""
    end = monotonic() + seconds
    while monotonic() < end:
        if holds():
            return True
        sleep(0.05)
    return False


def started(process: int) -> list[int]:
    """Give what a process' threads have started."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(n) for task in tasks for n in (task / "children").read_text("utf-8").split()]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_beside_a_server_ends_with_it(end: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stderr=subprocess.DEVNULL) as server:  # noqa: S603 our own words
        try:
            assert until(lambda: bool(started(server.pid))), "nothing was started"
            [companion] = started(server.pid)
            server.send_signal(end)
            server.wait(20)
            assert until(lambda: not Path(f"/proc/{companion}").exists())
        finally:
            server.kill()
