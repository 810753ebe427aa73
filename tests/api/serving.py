"""The application served over real HTTP on this machine, in a thread of the test."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from api.feeds.streams import Streams
from api.http.unreadable import Protocol

PATIENCE = 30.0


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application at a free port; give its address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=Protocol, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.005)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        streams: Streams = app.state.streams
        streams.close()
        server.should_exit = True
        thread.join(PATIENCE)
        app.state.streams = Streams(most=streams.most, life=streams.life, poll=streams.poll)
