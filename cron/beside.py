"""A process beside a server: started once the server answers, ended with it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Thread
from time import sleep

TRIES = 600
BETWEEN_TRIES = 0.1
GRACE_SECONDS = 10


def answering(host: str, port: int) -> bool:
    """Wait until something listens there; False where nothing does within a minute."""
    for _ in range(TRIES):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            sleep(BETWEEN_TRIES)
        else:
            return True
    return False


@contextmanager
def beside(command: Sequence[str], host: str, port: int) -> Iterator[None]:
    """Run a command from when something listens there to the block's end, however it ends.

    Only for the main thread: a SIGTERM ends the block as Ctrl-C does.
    """
    companion = _Companion(command)
    # A server may hand a SIGTERM on once it has shut down; that must not skip the end below.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Thread(target=companion.start_once_answering, args=(host, port), daemon=True).start()
    try:
        yield
    finally:
        companion.stop()


class _Companion:
    """A process beside a server; stopped, it does not start any more."""

    def __init__(self, command: Sequence[str]) -> None:
        """Name the command; nothing runs yet."""
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = Lock()

    def start_once_answering(self, host: str, port: int) -> None:
        """Start the command as soon as something listens there; not at all if nothing does."""
        if not answering(host, port):
            return
        with self._lock:
            if not self._stopped:
                self._process = subprocess.Popen(self._command)  # noqa: S603 the command is ours

    def stop(self) -> None:
        """End the command, kindly first."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
