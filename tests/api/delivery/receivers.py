"""A receiver of messages on this machine: what a path does with them, and what it was sent."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


@dataclass(frozen=True)
class Taken:
    """A message as it arrived."""

    path: str
    headers: Mapping[str, str]
    """By lower-case names."""
    body: bytes
    at: float
    """Monotonic seconds."""

    @property
    def id(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]

    @cached_property
    def said(self) -> dict[str, object]:
        """What it says."""
        said: dict[str, object] = json.loads(self.body)
        return said

    @property
    def type(self) -> str:
        """What it says has happened."""
        return str(self.said["type"])

    @property
    def data(self) -> dict[str, object]:
        """What it says of it."""
        return cast("dict[str, object]", self.said["data"])


@dataclass(frozen=True)
class Says:
    """How a path answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """None: the challenge, where there is one."""
    hangs: bool = False
    drips: bool = False
    """A byte now and then, for ever."""


class Receiver(ThreadingHTTPServer):
    """Takes messages at any path."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1000

    def __init__(self) -> None:
        """Listen at a port of this machine."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[Taken] = []
        self.says: dict[str, Says] = {}
        self.accepted = 0
        self.stopped = threading.Event()

    def get_request(self) -> object:  # type: ignore[override] # passed on as it is
        """Count connections."""
        self.accepted += 1
        return super().get_request()

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that leave."""

    def answer(self, taken: Taken) -> Says:
        """Say how a message is answered."""
        return self.says.get(taken.path, Says())

    def url(self, path: str = "/") -> str:
        """Give the URL of a path."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def events(self, path: str | None = None) -> list[Taken]:
        """Give the messages of events, at a path or at all."""
        found = [one for one in self.taken if not one.type.startswith("subscription.")]
        return [one for one in found if path in {None, one.path}]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        """Take a message and answer as its path does; a challenge is echoed wherever it is."""
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # Its sender was killed while it spoke.
        headers = {name.lower(): value for name, value in self.headers.items()}
        taken = Taken(self.path, headers, body, time.monotonic())
        self.server.taken.append(taken)
        if taken.type == "subscription.verify" and self.path not in {"/mute", "/hangs-at-once"}:
            self._answer(Says(body=json.dumps(taken.data).encode()))
        else:
            self._answer(self.server.answer(taken))

    def _answer(self, says: Says) -> None:
        if says.hangs:
            self.server.stopped.wait(60)
            return
        self.send_response(says.status)
        body = says.body or b""
        for name, value in says.headers.items():
            self.send_header(name, value)
        if says.drips:
            self.end_headers()
            self._drip()
            return
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        while not self.server.stopped.wait(0.05):
            self.wfile.write(b".")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Flaky(Receiver):
    """Is slow now and then, and refuses every message the first time at a path that says so."""

    def __init__(self) -> None:
        """Have refused nothing yet."""
        super().__init__()
        self._refused: set[str] = set()

    def answer(self, taken: Taken) -> Says:
        """Take a while; refuse what is new at the path that says so."""
        time.sleep(int(taken.id[-1], 36) / 1000)
        if taken.path != "/fails-once" or taken.id in self._refused:
            return Says()
        self._refused.add(taken.id)
        return Says(500)


@contextmanager
def receiving(kind: type[Receiver] = Receiver) -> Iterator[Receiver]:
    """Run a receiver while the block runs."""
    with kind() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.stopped.set()
        server.shutdown()
        thread.join()
