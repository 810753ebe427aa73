"""What every answer says: its request's id, who may read it, and that nothing in it runs."""

import logging
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.http.caching import NO_STORE
from api.http.deprecations import deprecation_headers
from api.http.request_ids import request_id
from api.http.route_table import route_table
from api.problems import problem_of

READABLE = (
    "Deprecation",
    "ETag",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "Tokentape-As-Of",
    "Tokentape-Known-At",
    "Tokentape-Sequence",
    "X-Request-Id",
)
"""The headers that pages of other origins may read, beside those they always may."""
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(READABLE),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
DOCUMENTATION_RUNS = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; "
    "img-src 'self' data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net https://fonts.googleapis.com; "
    "font-src https://fonts.gstatic.com; worker-src blob:"
)
POLICIES = dict.fromkeys(("/docs", "/docs/oauth2-redirect", "/redoc"), DOCUMENTATION_RUNS)
"""The few pages that run scripts, and from where; all else runs nothing."""
_LOG = logging.getLogger("tokentape.api")


class Answered:
    """Give every answer the headers that all have, and what fails inside an answer of its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer in any case."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _complete(scope, message)
            elif scope["method"] == "HEAD" and message.get("body"):
                message = {**message, "body": b""}
            await send(message)

        request_id(scope)
        try:
            await self.app(scope, receive, send_on)
        except Exception:
            _LOG.exception("request %s failed: %s", request_id(scope), scope["path"])
            if started:
                raise
            await _fail(scope, receive, send_on)


async def _fail(scope: Scope, receive: Receive, send: Send) -> None:
    """Say nothing of what went wrong inside: the log does."""
    detail = "the server failed to answer; the request may be right: try again later"
    problem = problem_of(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    await answer(problem, scope)(scope, receive, send)


def _complete(scope: Scope, message: Message) -> None:
    headers = MutableHeaders(raw=list(message["headers"]))
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    path = scope["path"]
    headers.setdefault("Content-Security-Policy", POLICIES.get(path, NOTHING_RUNS))
    headers.setdefault("Cache-Control", NO_STORE)
    headers["X-Request-Id"] = request_id(scope)
    template = route_table(scope["app"]).template(path)
    for name, value in deprecation_headers(template):
        headers.append(name, value)
    message["headers"] = headers.raw
