"""Changes as Server-Sent Events over real HTTP: each once, in order, through every break."""

import gc
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from typing import cast
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.feeds.streams import Streams
from catalog.current.view import Views
from catalog.vocabulary import Cause
from tests.api.serving import served
from tests.api.test_serving import free_port, run, wait_for
from tests.catalog.builders import Catalog, point, visit

BREAKS = int(os.environ.get("TOKENTAPE_STREAM_BREAKS", "40"))
"""How often the connection is cut; `make fuzz` cuts it 1,000 times."""
AT_ONCE = 3


@dataclass
class Reader:
    """What a browser's EventSource keeps: the last id, also of blocks without data."""

    last_id: str | None = None
    events: list[dict[str, object]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def read(self, response: HTTPResponse, *, most: int) -> int:
        """Read so many events; fewer where the stream ends."""
        read, data, id_ = 0, "", None
        while read < most and (line := response.readline().decode()):
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "data":
                data = value
            elif name == "id":
                id_ = value
            elif line.startswith(":"):
                self.comments.append(value)
            elif line == "\n":
                self.last_id = id_ or self.last_id
                if data:
                    self.events.append(json.loads(data))
                    read += 1
                data, id_ = "", None
        return read

    @property
    def sequences(self) -> list[int]:
        """The numbers of what was read."""
        return [cast("int", one["sequence"]) for one in self.events]


@contextmanager
def connected(
    url: str, query: str = "", *, last_id: str | None = None, method: str = "GET"
) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
    headers = {"Accept": "text/event-stream"}
    if last_id is not None:
        headers["Last-Event-ID"] = last_id
    connection.request(method, f"/changes/stream{query}", headers=headers)
    try:
        yield connection.getresponse()
    finally:
        connection.close()


@pytest.fixture
def streaming(catalog: Catalog) -> FastAPI:
    """An application that looks at its log often, and ends a stream after two seconds."""
    app = create_app(catalog.engine)
    app.state.views = Views(catalog.engine, now=catalog.now)
    app.state.streams = Streams(most=AT_ONCE, life=2, poll=0.01)
    return app


@pytest.fixture
def url(streaming: FastAPI) -> Iterator[str]:
    with served(streaming) as address:
        yield address


def move(catalog: Catalog, number: int) -> None:
    """Let one price of Opus differ, two hours after the one before."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=2 * number)
    moved = point("Claude Opus 4.7", f"{10 + number % 7}.{number % 10}")
    catalog.take(visit("2026-01-01", moved, fetched_at=moment, cause=Cause.OBSERVED))


def numbers(catalog: Catalog) -> list[int]:
    return [one.sequence for one in catalog.events() if not one.initial]


def test_who_follows_gets_what_is_recorded_from_then_on(url: str, catalog: Catalog) -> None:
    move(catalog, 0)
    move(catalog, 1)
    reader = Reader()
    with connected(url) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-cache"
        move(catalog, 2)
        reader.read(response, most=1)
    (event,) = reader.events
    assert event["sequence"] == numbers(catalog)[-1] == int(reader.last_id or 0)
    assert (event["old"], event["new"]) == ("11.1", "12.2")


def test_an_event_is_the_same_as_in_the_list(url: str, catalog: Catalog) -> None:
    for number in range(4):
        move(catalog, number)
    reader = Reader()
    with connected(url, "?since=0&everything=true") as response:
        reader.read(response, most=len(catalog.events()))
    connection = HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", "/changes?limit=1000")
    assert reader.events == json.load(connection.getresponse())["data"]
    connection.close()


def test_what_is_filtered_out_is_passed_over_but_not_forgotten(url: str, catalog: Catalog) -> None:
    for number in range(3):
        move(catalog, number)
    reader = Reader()
    with connected(url, "?since=0&type=price.withdrawn") as response:
        assert reader.read(response, most=1) == 0
    assert reader.last_id == str(catalog.events()[-1].sequence)


def test_a_stream_whose_reader_goes_away_is_counted_no_more_at_once(
    url: str, streaming: FastAPI, catalog: Catalog
) -> None:
    streaming.state.streams.most, streaming.state.streams.life = 100, 60
    move(catalog, 0)
    gc.disable()  # what is left to the collection of garbage is left for long
    try:
        for _ in range(20):
            with connected(url, last_id="0") as response:
                response.read1(30)
        end = time.monotonic() + 5
        while streaming.state.streams.open and time.monotonic() < end:
            time.sleep(0.01)
        assert streaming.state.streams.open == 0
    finally:
        gc.enable()


def test_a_reader_that_is_cut_off_again_and_again_misses_nothing(
    url: str, streaming: FastAPI, catalog: Catalog
) -> None:
    """Connections are cut after none to three events, or in the middle of one.

    Until the server sees that one was cut it counts as open: none is refused here for that.
    """
    streaming.state.streams.most = 2 * BREAKS
    chance = random.Random(7)  # noqa: S311 chances of a test
    move(catalog, 0)
    reader = Reader(last_id="0")
    total = 2 * BREAKS

    def write() -> None:
        for number in range(1, total + 1):
            move(catalog, number)

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        for _ in range(BREAKS):
            with connected(url, last_id=reader.last_id) as response:
                reader.read(response, most=chance.randrange(4))
                response.read1(chance.randrange(1, 80))
        writing.result()
    while reader.sequences[-1:] != numbers(catalog)[-1:]:
        with connected(url, last_id=reader.last_id) as response:
            reader.read(response, most=total)
    assert reader.sequences == numbers(catalog)


def test_a_stream_ends_after_its_life_and_is_counted_no_more(url: str, streaming: FastAPI) -> None:
    reader = Reader()
    with connected(url) as response:
        assert reader.read(response, most=1) == 0
    assert reader.last_id == "0"
    assert streaming.state.streams.open == 0


def test_one_stream_too_many_is_refused(url: str) -> None:
    with connected(url) as first, connected(url) as second, connected(url) as third:
        for stream in (first, second, third):
            assert stream.readline() == b": the log\n"
        with connected(url) as refused:
            assert refused.status == 503
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["retry-after"] == "60"


def test_head_tells_what_get_would_and_ends(url: str) -> None:
    with connected(url, method="HEAD") as response:
        assert response.status == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize("last_id", ["99", "x", "-1", "1.0"])
def test_an_id_of_another_log_is_refused(url: str, last_id: str) -> None:
    with connected(url, last_id=last_id) as response:
        assert response.status == 422
        problem = json.load(response)
    assert problem["errors"][0]["parameter"] == "Last-Event-ID"


def test_an_idle_stream_is_kept_alive_by_comments(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.1)
    reader = Reader()
    with connected(url) as response:
        reader.read(response, most=1)
    assert reader.comments.count("ping") > 3


def test_a_server_that_is_stopped_ends_its_streams(catalog: Catalog, sqlite_url: str) -> None:
    move(catalog, 0)
    port = free_port()
    server = run(port, sqlite_url)
    wait_for(f"http://127.0.0.1:{port}/healthz")
    with connected(f"http://127.0.0.1:{port}") as response:
        assert response.readline() == b": the log\n"
        server.send_signal(signal.SIGTERM)
        stopped_at = time.monotonic()
        rest = response.read()
    _, said = server.communicate(timeout=20)
    assert time.monotonic() - stopped_at < 5
    assert rest.endswith(b"\n\n")
    assert b"Error" not in said
    assert b"Traceback" not in said
