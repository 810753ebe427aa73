"""Serving over real HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.catalog.builders import Catalog, point, visit

SERVE = "from api.commands import commands; commands(['serve', '--port', '{port}'])"
PATIENCE = 30.0
OTHERS = "name others with --host or --port."


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(port: int, url: str) -> subprocess.Popen[bytes]:
    environ = os.environ | {"TOKENTAPE_DATABASE_URL": url}
    command = [sys.executable, "-c", SERVE.format(port=port)]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)  # noqa: S603 our own command


def get(url: str) -> dict[str, object]:
    with urlopen(url, timeout=5) as response:  # noqa: S310 our own server
        body: dict[str, object] = json.load(response)
        return body


def wait_for(url: str) -> dict[str, object]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return get(url)
        except URLError:
            time.sleep(0.02)
    raise AssertionError(f"no answer at {url} within {PATIENCE} s")


def amounts(served: str) -> list[object]:
    listed = get(f"{served}/v1/prices?model=anthropic/claude-opus-4.7")["data"]
    return [price["amount"] for price in cast("list[dict[str, object]]", listed)]


@pytest.fixture
def served(catalog: Catalog, sqlite_url: str) -> Iterator[str]:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    port = free_port()
    server = run(port, sqlite_url)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.communicate(timeout=PATIENCE)


def test_a_served_store_answers_and_follows_what_another_process_commits(
    served: str, catalog: Catalog
) -> None:
    assert wait_for(f"{served}/healthz")["status"] == "ok"
    assert amounts(served) == ["5"]
    catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4")))
    deadline = time.monotonic() + PATIENCE
    while amounts(served) == ["5"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert amounts(served) == ["4"]


def test_a_refusal_over_http_is_a_problem(served: str) -> None:
    wait_for(f"{served}/healthz")
    with pytest.raises(HTTPError) as refused:
        get(f"{served}/models?sort=best")
    with refused.value as answer:
        assert answer.status == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_port_that_is_in_use_is_told_with_what_to_do(sqlite_url: str) -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = run(port, sqlite_url)
        _, said = server.communicate(timeout=PATIENCE)
    assert server.returncode == 3
    last = said.decode().splitlines()[-1]
    assert last == f"Nothing can be served at 127.0.0.1, port {port}; {OTHERS}"


def test_a_store_that_is_not_migrated_is_refused_with_the_command_that_does_it(
    tmp_path: Path,
) -> None:
    server = run(free_port(), f"sqlite:///{tmp_path}/new.db")
    _, said = server.communicate(timeout=PATIENCE)
    assert server.returncode == 1
    assert "tokentape migrate" in said.decode()
