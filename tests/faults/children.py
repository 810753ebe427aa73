"""Child processes that may die: forked from a server that has imported everything already."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

T = TypeVar("T")
PRELOADED = [
    "tests.api.delivery.kills",
    "tests.faults.clocks",
    "tests.faults.cycle",
    "tests.faults.fullness",
    "tests.faults.steps",
    "tests.faults.writers",
    # What a crawl imports only when it begins.
    "anyio._backends._asyncio",
    "filelock",
    "scrapy.core.downloader.handlers.datauri",
    "scrapy.core.downloader.handlers.file",
    "scrapy.core.downloader.handlers.s3",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.extensions.throttle",
    "scrapy.pqueues",
    "scrapy.resolver",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.squeues",
    "spiders.fetching.archiving",
    "spiders.fetching.handler",
    "spiders.fetching.robots_gate",
    "tldextract",
]
FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(PRELOADED)
LONGEST = 120
"""Seconds after which a child hangs."""


@dataclass(frozen=True)
class Ended(Generic[T]):
    """How a child ended: its exit code (negative: the signal), what it gave, or why it failed."""

    code: int | None
    gave: T | None = None
    failure: str = ""


@dataclass(frozen=True)
class Failed:
    """What a child raised, in words."""

    why: str


def run_child(function: Callable[..., T], *args: object) -> Ended[T]:
    """Run a function in a child process and wait for its end."""
    return Child(function, *args).end()


class Child(Generic[T]):
    """A function that runs in a process of its own."""

    def __init__(self, function: Callable[..., T], *args: object) -> None:
        """Start it."""
        self._pipe, theirs = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(target=_give, args=(theirs, function, args))
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        """Let it die where it is."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def end(self) -> Ended[T]:
        """Wait for its end."""
        gave: T | Failed | None = _received(self._pipe)
        self._process.join(LONGEST)
        if self._process.exitcode is None:
            self.kill()
            raise TimeoutError("a child process hangs")
        self._pipe.close()
        if isinstance(gave, Failed):
            return Ended(self._process.exitcode, failure=gave.why)
        return Ended(self._process.exitcode, gave)


def _give(into: Connection, function: Callable[..., T], args: tuple[object, ...]) -> None:
    try:
        gave = function(*args)
    except Exception as error:  # noqa: BLE001 what a child raises is what its parent asks for
        into.send(Failed("; ".join(_words(error))))
        raise SystemExit(1) from None
    into.send(gave)


def _words(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__name__}: {error}"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _words(part)


def _received(pipe: Connection) -> T | Failed | None:
    try:
        return pipe.recv() if pipe.poll(LONGEST) else None
    except EOFError:
        return None
