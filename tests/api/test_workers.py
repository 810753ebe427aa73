"""Several server processes: they answer, are replaced when they die, and end together."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from catalog.store import open_store
from tests.api.test_serving import PATIENCE, amounts, free_port, get, wait_for
from tests.catalog.builders import Catalog, point, visit

SERVE = (
    "from api.commands import commands; commands(['serve', '--port', '{port}', '--workers', '2'])"
)

SO_OFTEN = 8
"""Each question is a connection of its own: after so many both processes were asked."""


def start(port: int, url: str) -> subprocess.Popen[bytes]:
    environ = os.environ | {"TOKENTAPE_DATABASE_URL": url}
    command = [sys.executable, "-c", SERVE.format(port=port)]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)  # noqa: S603 our own command


def children(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return {int(one) for one in listed.split()}


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def server(catalog: Catalog, sqlite_url: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    port = free_port()
    process = start(port, sqlite_url)
    wait_for(f"http://127.0.0.1:{port}/livez")
    yield process, f"http://127.0.0.1:{port}"
    process.kill()
    process.communicate(timeout=PATIENCE)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux' /proc")
def test_a_process_that_dies_is_replaced_all_count_as_one_and_end_together(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, root = server
    until(lambda: len(children(process.pid)) == 2)
    before = children(process.pid)
    for _ in range(10):
        get(f"{root}/providers")
    until(lambda: _counted(root, "/providers") == 10)  # an answer is counted when it has ended
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(children(process.pid) - before) == 1)
    until(lambda: _answers(root, 8))
    assert [_counted(root, "/providers") for _ in range(4)] == [10] * 4
    process.terminate()
    assert process.wait(PATIENCE) == 0
    _, said = process.communicate(timeout=PATIENCE)
    assert f"(pid {min(before)}) ended; another one takes its place" in said.decode()


def _files(pid: int) -> set[Path]:
    """Give the folders in which the processes of a server count together."""
    maps = (Path(f"/proc/{child}/maps").read_text("utf-8") for child in children(pid))
    return {Path(path).parent for one in maps for path in re.findall(r"/\S+/counter_\d+\.db", one)}


def _counted(root: str, route: str) -> float:
    """Give how many good answers of an address are counted, whichever process is asked."""
    with urlopen(f"{root}/metrics", timeout=5) as response:  # noqa: S310 our own server
        families = list(text_string_to_metric_families(response.read().decode()))
    wanted = {"route": route, "method": "GET", "status": "200"}
    samples = (one for family in families for one in family.samples)
    return sum(one.value for one in samples if one.labels == wanted)


def _answers(root: str, times: int) -> bool:
    """Ask so often that both processes were asked."""
    try:
        return all(get(f"{root}/models")["data"] is not None for _ in range(times))
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux' /proc")
def test_without_their_parent_they_end(server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, root = server
    until(lambda: len(children(process.pid)) == 2)
    until(lambda: bool(_files(process.pid)))
    files = _files(process.pid)
    process.kill()
    process.wait(PATIENCE)
    until(lambda: not _answers(root, 1))
    until(lambda: not any(map(Path.exists, files)))


def test_each_process_follows_what_is_committed_to_postgresql(postgresql_url: str) -> None:
    catalog = Catalog(open_store(postgresql_url))
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    port = free_port()
    process, root = start(port, postgresql_url), f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{root}/livez")
        assert {amounts(root)[0] for _ in range(SO_OFTEN)} == {"5"}
        catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4")))
        until(lambda: {amounts(root)[0] for _ in range(SO_OFTEN)} == {"4"})
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
        catalog.engine.dispose()


def test_an_address_in_use_is_refused_with_what_to_do(catalog: Catalog, sqlite_url: str) -> None:
    del catalog
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(taken.getsockname()[1], sqlite_url)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert "name others with --host or --port" in said.decode()
