"""OPTIONS: what an address takes, and what pages of other origins may ask of it."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.route_table import methods_at

ASKED_WITH = (
    "Accept, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, "
    "Last-Event-ID, X-Request-Id"
)
"""The headers that pages of other origins may send; no keys among them."""
HELD_FOR = "86400"
"""Seconds for which a browser holds the answer."""


class Options:
    """Answer OPTIONS where anything is served."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS of an address that there is; pass the rest on."""
        methods: tuple[str, ...] = ()
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            methods = methods_at(scope["app"], scope["path"])
        if not methods:
            await self.app(scope, receive, send)
            return
        headers = {"Allow": ", ".join(methods)}
        if "access-control-request-method" in Headers(scope=scope):
            headers |= {
                "Access-Control-Allow-Methods": ", ".join(methods),
                "Access-Control-Allow-Headers": ASKED_WITH,
                "Access-Control-Max-Age": HELD_FOR,
            }
        await Response(status_code=204, headers=headers)(scope, receive, send)
