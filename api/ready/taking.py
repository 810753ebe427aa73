"""An answer taken on its way out, to be kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Message, Send

from api.http.caching import NO_STORE
from api.http.representation import RawHeaders
from api.ready.kept import Kept


@dataclass
class Taking:
    """Sends an answer on, and holds it as far as it may be kept.

    It is taken before it is sent: nobody waits for who reads it.
    """

    send: Send
    largest: int
    """Bytes of a body; of a longer one nothing is held."""
    took: Callable[[], Awaitable[None]]
    """Called before the end of an answer is sent, and before the start of one that streams."""
    status: int = 0
    headers: RawHeaders = ()
    parts: list[bytes] = field(default_factory=list)
    length: int = 0
    streams: bool = False
    """Whether it goes out as it is read, at the pace of who reads it."""
    whole: bool = False
    _start: Message | None = None

    async def take(self, message: Message) -> None:
        """Take a message, and send it; the start of what is not streamed goes with its body."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], tuple(message["headers"])
            self.streams = self.status == HTTPStatus.OK and not self._has_length()
            if not self.streams:
                self._start = message
                return
            await self.took()
        elif message["type"] == "http.response.body":
            self._add(message.get("body", b""))
            self.whole = not message.get("more_body", False)
            if self.whole:
                await self.took()
            await self._begin()
        await self.send(message)

    def _has_length(self) -> bool:
        return any(name == b"content-length" for name, _ in self.headers)

    async def _begin(self) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            await self.send(start)

    def _add(self, body: bytes) -> None:
        self.length += len(body)
        if self.length > self.largest:
            self.parts.clear()
        else:
            self.parts.append(body)

    def kept(self, *, head: bool) -> Kept | None:
        """Give what may be kept of it."""
        headers = Headers(raw=list(self.headers))
        good = self.status == HTTPStatus.OK and not head and self.length <= self.largest
        held = self.status == HTTPStatus.NOT_MODIFIED
        if not self.whole or not (good or held) or "etag" not in headers:
            return None
        if NO_STORE in headers.get("cache-control", NO_STORE):
            return None
        dated = headers.get("last-modified")
        return Kept(
            headers=self.headers,
            etag=headers["etag"],
            modified=None if dated is None else parsedate_to_datetime(dated),
            body=b"".join(self.parts) if good else None,
        )
