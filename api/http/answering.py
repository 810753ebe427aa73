"""What every answer says: its request's id, who may read it, and that nothing in it runs."""

import logging
from functools import cache
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.http.caching import NO_STORE
from api.http.deprecations import deprecation_headers
from api.http.representation import RawHeaders
from api.http.request_ids import HEADER as ID_HEADER
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
    """Add what every answer says and this one does not say itself; names are in lower case."""
    path, said = scope["path"], message["headers"]
    given = {name for name, _ in said}
    template = route_table(scope["app"]).template(path)
    message["headers"] = [
        *(pair for pair in said if pair[0] != ID_HEADER),
        *(pair for pair in _said_at(path if path in POLICIES else None) if pair[0] not in given),
        (ID_HEADER, request_id(scope).encode()),
        *_going(template),
    ]


@cache
def _said_at(path: str | None) -> RawHeaders:
    """Give what every answer says, but with the policy of a path of its own."""
    policy = NOTHING_RUNS if path is None else POLICIES[path]
    said = {**EVERYWHERE, "Content-Security-Policy": policy, "Cache-Control": NO_STORE}
    return [(name.lower().encode(), value.encode()) for name, value in said.items()]


@cache
def _going(template: str | None) -> RawHeaders:
    """Say of an address that will go that it will."""
    said = deprecation_headers(template)
    return [(name.lower().encode(), value.encode()) for name, value in said]
