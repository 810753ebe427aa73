"""HEAD for every GET: the same headers, no body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Answer HEAD as GET is answered, leaving out the body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; only a HEAD's answer loses its body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            kept = message
            if message["type"] == "http.response.body":
                kept = {**message, "body": b""}
            await send(kept)

        await self.app({**scope, "method": "GET"}, receive, send_head)
