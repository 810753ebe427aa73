"""The access log: one JSON object a line for each request, without anything that is secret."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.delivery.keys import HINT
from api.delivery.tokens import is_api_key
from api.http.request_ids import request_id
from api.http.route_table import USUAL_ORDER, route_table
from api.listing.rows import json_text
from catalog.moments import print_moment, utc_now

STANDARD_OUTPUT = "-"
TO_ITS_END = os.O_WRONLY | os.O_CREAT | os.O_APPEND
NEW_FILES = 0o640
Write = Callable[[str], None]


def writer_of(named: str) -> Write:
    """Give what writes a line to the end of a file, or for ``-`` to standard output.

    The file is opened for each line: one that was moved away is begun anew, and a line of several
    processes stays whole. Raises OSError where it cannot be opened.
    """
    if named == STANDARD_OUTPUT:
        return lambda line: print(line, flush=True)  # noqa: T201 that is what was asked for
    Path(named).parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(named, TO_ITS_END, NEW_FILES))
    return partial(_append, named)


def _append(path: str, line: str) -> None:
    file = os.open(path, TO_ITS_END, NEW_FILES)
    try:
        os.write(file, f"{line}\n".encode())
    finally:
        os.close(file)


class Logged:
    """Log each request when its answer has ended."""

    def __init__(self, app: ASGIApp, write: Write) -> None:
        """Wrap an application."""
        self.app = app
        self.write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log how it went, however it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, clock = utc_now(), time.perf_counter()
        status: int | None = None
        size = 0

        async def send_on(message: Message) -> None:
            nonlocal status, size
            await send(message)
            status = message.get("status", status)
            size += len(message.get("body", b""))

        try:
            await self.app(scope, receive, send_on)
        finally:
            seconds = round(time.perf_counter() - clock, 6)
            line = {
                "time": print_moment(began),
                "method": scope["method"] if scope["method"] in USUAL_ORDER else None,
                "route": route_table(scope["app"]).template(scope["path"]),
                "status": status,
                "bytes": size,
                "seconds": seconds,
                "request_id": request_id(scope),
                "key": key_hint(scope),
            }
            with suppress(OSError):  # A full disk ends the log, and no answer.
                self.write(json_text(line))


def key_hint(scope: Scope) -> str | None:
    """Give how the API key begins that came with a request; None of what is no such key."""
    kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    return key[:HINT] if kind.lower() == "bearer" and is_api_key(key) else None
