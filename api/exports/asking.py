"""Asking the application in this process, as HTTP would be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

from api.http.inside import get_scope, no_body


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(app: ASGIApp, path: str, root: str) -> Answer:
    """Get a path of an application that is told to be served at a root."""
    url = urlsplit(root)
    got: list[Message] = []

    async def send(message: Message) -> None:
        got.append(message)

    headers = [(b"host", url.netloc.encode()), (b"accept-encoding", b"identity")]
    served = {"scheme": url.scheme, "server": (url.hostname, url.port), "client": None}
    await app({**get_scope(path, headers), **served}, no_body(), send)
    start = next(one for one in got if one["type"] == "http.response.start")
    said = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    body = b"".join(one.get("body", b"") for one in got if one["type"] == "http.response.body")
    return Answer(start["status"], said, body)
