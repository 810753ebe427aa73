"""An answer taken on its way out, to be kept."""

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
    """Sends an answer on, and holds it as far as it may be kept."""

    send: Send
    largest: int
    """Bytes of a body; of a longer one nothing is held."""
    status: int = 0
    headers: RawHeaders = ()
    parts: list[bytes] = field(default_factory=list)
    length: int = 0
    whole: bool = False

    async def take(self, message: Message) -> None:
        """Take a message, and send it."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], tuple(message["headers"])
        elif message["type"] == "http.response.body":
            self._add(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        await self.send(message)

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
