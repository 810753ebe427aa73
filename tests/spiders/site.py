"""A small web site of our own on loopback: real HTTP for what fetching must survive."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says to one request."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: timedelta = NO_TIME
    """How long it makes the client wait."""
    cut: bool = False
    """Whether the connection breaks off in the middle of the body."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that reached the site."""

    path: str
    headers: Mapping[str, str]
    at: float


Says = Answer | Callable[[Seen], Answer]


class Site(ThreadingHTTPServer):
    """Answers by path; of several answers for one path each is given once, and the last stays."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        """Listen on loopback; port 0 is any free one."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.answers: defaultdict[str, list[Says]] = defaultdict(list)
        self.seen: list[Seen] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [seen.path for seen in self.seen]

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://{self.host}{path}"

    def says(self, path: str, *answers: Says) -> str:
        """Declare what a path answers, and give its address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def answer(self, seen: Seen) -> Answer:
        """Find the answer to a request; 404 where nothing was declared."""
        with self._lock:
            self.seen.append(seen)
            waiting = self.answers.get(seen.path) or [Answer(status=404)]
            says = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return says if isinstance(says, Answer) else says(seen)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count how many requests are answered at one time."""
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield
        finally:
            with self._lock:
                self.at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a request as the site says."""
        with self.server.counting():
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = self.server.answer(Seen(self.path, headers, time.monotonic()))
            time.sleep(answer.after.total_seconds())
            with suppress(BrokenPipeError):  # A client may lose patience.
                self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        self.close_connection = answer.cut

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it so
        """Keep tests quiet."""


@contextmanager
def serving(port: int = 0) -> Iterator[Site]:
    """Run a site while the block runs."""
    site = Site(port)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


def page(text: str) -> Answer:
    """Make an answer of an HTML page."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return Answer(body=text.encode(), headers=headers)


def robots(text: str) -> Answer:
    """Make an answer of a robots.txt."""
    return Answer(body=text.encode(), headers={"Content-Type": "text/plain"})
