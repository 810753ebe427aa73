"""Several server processes at one address: each follows the store; one that dies is replaced.

They are forked off one process that has read the code and made the application, so that many
start as fast as one. Each listens by a socket of its own; the system shares connections out.
"""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from types import FrameType

NOT_STARTED = 3
"""The exit of a process that could not begin to serve."""
NOWHERE = "Nothing can be served at {host}, port {port}; name others with --host or --port.\n"
BACKLOG = 2048
GRACE = 20.0
"""Seconds that a process gets to end by itself."""
SOON = 1.0
"""A process that dies sooner is replaced only after as many seconds."""
LOOKS_EVERY = 0.1
Serve = Callable[[socket.socket, int], None]
"""Serves at a socket until told to stop, as the process of a number; exits if it cannot begin."""


def address_of(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """Find what to bind; raises OSError where the host is none."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, (str(address[0]), int(address[1]))


def bound(host: str, port: int) -> socket.socket:
    """Take an address that several sockets of ours may have; it does not listen yet."""
    family, address = address_of(host, port)
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    taken.bind(address)
    return taken


@dataclass
class Workers:
    """The processes of one server."""

    serve: Serve
    host: str
    port: int
    running: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By process id: its number, and when it was started."""
    stopping: bool = False
    failed: bool = False

    def run(self, count: int) -> None:
        """Run so many until told to stop; exits 3 where one cannot begin to serve."""
        with self._address() as kept:
            self.port = kept.getsockname()[1]
            gc.freeze()
            before = {one: signal.signal(one, self._stop) for one in _STOPS}
            try:
                for number in range(1, count + 1):
                    self._start(number)
                self._watch()
            finally:
                self._end()
                for one, handler in before.items():
                    signal.signal(one, handler)
        if self.failed:
            sys.exit(NOT_STARTED)

    def _address(self) -> socket.socket:
        """Hold the address for as long as the server runs; it is the one to be told of."""
        try:
            return bound(self.host, self.port)
        except OSError:
            _say(NOWHERE.format(host=self.host, port=self.port).strip())
            sys.exit(NOT_STARTED)

    def _start(self, number: int) -> None:
        child = os.fork()
        if child:
            self.running[child] = (number, monotonic())
            return
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _exit_as(lambda: self._serve(number))

    def _serve(self, number: int) -> None:
        own = bound(self.host, self.port)
        own.listen(BACKLOG)
        self.serve(own, number)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _watch(self) -> None:
        """Replace what dies, until told to stop."""
        while not self.stopping:
            for number in self._died():
                self._start(number)
            sleep(LOOKS_EVERY)

    def _died(self) -> list[int]:
        """Give the numbers of those that ended; who could not begin ends them all."""
        gone = []
        for child, (number, since) in list(self.running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                continue
            del self.running[child]
            if os.waitstatus_to_exitcode(status) == NOT_STARTED:
                self.stopping = self.failed = True
                return []
            _say(f"server process {number} (pid {child}) ended; another one takes its place")
            sleep(SOON if monotonic() - since < SOON else 0)
            gone.append(number)
        return [] if self.stopping else gone

    def _end(self) -> None:
        """End all, kindly first."""
        deadline = monotonic() + GRACE
        for child in self.running:
            os.kill(child, signal.SIGTERM)
        while self.running:
            if monotonic() > deadline:
                for child in self.running:
                    os.kill(child, signal.SIGKILL)
            for child in list(self.running):
                if os.waitpid(child, os.WNOHANG)[0]:
                    del self.running[child]
            sleep(LOOKS_EVERY / 10)


_STOPS = (signal.SIGTERM, signal.SIGINT)


def _exit_as(work: Callable[[], None]) -> None:
    """Do the work of a forked process and leave, whatever comes of it, without its parent's end."""
    code = 1
    try:
        work()
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except KeyboardInterrupt:
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
