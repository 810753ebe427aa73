"""Serving until told to stop; open streams are then told to end, rather than waited for."""

import gc
import os
import sys
from contextlib import suppress
from socket import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.feeds.streams import Streams
from api.http.unreadable import Protocol
from api.workers import NOT_STARTED, NOWHERE

SWITCHES_EVERY = 0.0001
"""Seconds after which a thread that builds a view lets answers pass; usual are fifty times more."""

LOOKS_AFTER = 10_000
"""New objects after which garbage is looked for; with the usual 700 a view takes a third longer."""


class Server(uvicorn.Server):
    """Uvicorn's server, and the streams of the application that it serves."""

    def __init__(self, config: uvicorn.Config, streams: Streams, parent: int | None = None) -> None:
        """Take how to serve, the streams, and the process without which it ends."""
        super().__init__(config)
        self._streams = streams
        self._parent = parent

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: open streams end first, each at its next look at the log."""
        self._streams.close()
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Look now and then whether to stop; without its parent nobody would say so."""
        if self._parent is not None and os.getppid() != self._parent:
            self._streams.close()
            return True
        return await super().on_tick(counter)


def run(
    app: FastAPI, *, host: str, port: int, own: socket | None = None, parent: int | None = None
) -> None:
    """Serve an application until interrupted; exits 3 where that cannot be begun.

    With a socket of one's own that is listened at; with a parent it ends when that is gone.
    """
    sys.setswitchinterval(SWITCHES_EVERY)
    gc.freeze()
    gc.set_threshold(LOOKS_AFTER)
    gc.enable()
    # Whose X-Forwarded-For is believed is our own setting, and our own layer reads it.
    config = uvicorn.Config(
        app, host=host, port=port, http=Protocol, access_log=False, proxy_headers=False
    )
    server = Server(config, app.state.streams, parent)
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=None if own is None else [own])
    finally:
        if not server.started:
            sys.stderr.write(NOWHERE.format(host=host, port=port))
    if not server.started:
        sys.exit(NOT_STARTED)
