"""Serving until told to stop; open streams are then told to end, rather than waited for."""

import sys
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.feeds.streams import Streams

NOT_STARTED = 3
NOWHERE = "Nothing can be served at {host}, port {port}; name others with --host or --port.\n"


class Server(uvicorn.Server):
    """Uvicorn's server, and the streams of the application that it serves."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        """Take how to serve, and the streams."""
        super().__init__(config)
        self._streams = streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: open streams end first, each at its next look at the log."""
        self._streams.close()
        super().handle_exit(sig, frame)


def run(app: FastAPI, *, host: str, port: int) -> None:
    """Serve an application until interrupted; exits 3 where that cannot be begun."""
    # Whose X-Forwarded-For is believed is our own setting, and our own layer reads it.
    config = uvicorn.Config(app, host=host, port=port, access_log=False, proxy_headers=False)
    server = Server(config, app.state.streams)
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        if not server.started:
            sys.stderr.write(NOWHERE.format(host=host, port=port))
    if not server.started:
        sys.exit(NOT_STARTED)
