"""Questions that the application is asked from inside, without a server."""

from asyncio import Event
from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Message, Receive, Scope


def get_scope(path: str, headers: Iterable[tuple[bytes, bytes]], query: bytes = b"") -> Scope:
    """Describe a GET of a path, as a server would to the application."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": query,
        "headers": list(headers),
    }


def no_body() -> Receive:
    """Give a request's empty body, and then nothing more: nobody is there who could hang up."""
    given = Event()

    async def receive() -> Message:
        if given.is_set():
            await Event().wait()
        given.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive
