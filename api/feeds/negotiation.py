"""The list of changes answered as a stream or a feed, where ``Accept`` asks for that."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.feeds.atom import MEDIA_TYPE as ATOM
from api.feeds.json_feed import MEDIA_TYPE as JSON_FEED
from api.http.asked import list_of
from api.http.caching import FROZEN
from api.listing.negotiation import MEDIA_TYPES, best_of

EVENTS = "text/event-stream"
LIST = "/changes"
FEEDS: Mapping[str, str] = {
    "/changes/stream": EVENTS,
    "/changes.atom": ATOM,
    "/changes.json": JSON_FEED,
}
"""What each other address of the log answers with."""
OFFERED: Mapping[str | None, tuple[str, ...]] = {
    None: tuple(name for names in MEDIA_TYPES.values() for name in names),
    **{path: (media_type,) for path, media_type in FEEDS.items()},
}
"""By the address that has it; None: the list itself, first where two weigh the same."""


def feed_of(scope: Scope) -> str | None:
    """Give the address of the feed that a request for the list asks for; None: the list."""
    if scope["path"].removeprefix(FROZEN) != LIST or "format" in QueryParams(scope["query_string"]):
        return None
    return best_of(list_of(Headers(scope=scope), "accept"), OFFERED)


class Negotiated:
    """Let the address of a feed answer for the list of changes, by ``Accept``."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, to the address that has what is asked for."""
        feed = feed_of(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if feed is None:
            await self.app(scope, receive, send)
            return
        path = scope["path"].removesuffix(LIST) + feed

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers.add_vary_header("Accept")
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app({**scope, "path": path, "raw_path": path.encode()}, receive, send_on)
