"""GET and HEAD answered with representations: tagged, dated, coded, and not if held already."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.http.asked import params_of
from api.http.caching import NO_STORE, cache_control
from api.http.dating import STATE, is_settled_for, modified_at
from api.http.encodings import Coding, Encoder, Wish, encode, encoder_of
from api.http.preconditions import conditions_of, http_date, outcome
from api.http.representation import (
    Representation,
    not_modified,
    tag_of_bytes,
    tag_of_state,
    wanted,
    wish_of,
)
from api.http.route_table import route_table
from api.problems import problem_of

WORTH_CODING = 500
"""From so many bytes on, an answer is coded where that is not needed but welcome."""
ON_THE_LOOP = 32 * 1024
"""Up to so many bytes are coded at once; more of them in a thread."""
CODED = ("application/json", "application/x-ndjson", "application/problem+json", "text/")
"""What becomes shorter; Parquet and archived pages are sent as they are."""
EVENTS = "text/event-stream"


class _Answered(Exception):  # noqa: N818 nothing is wrong: who writes on is stopped
    """All that goes out is out."""


class Represented:
    """Turn good answers into representations, and answer 304 and HEAD without a body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD; pass the rest on."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        wish = wish_of(scope)
        if wish is None:
            detail = "Accept-Encoding leaves nothing; accept zstd, gzip or identity"
            problem = problem_of(HTTPStatus.NOT_ACCEPTABLE, detail)
            await answer(problem, scope)(scope, receive, send)
            return
        sending = _Sending(scope, wish, send, settled=await is_settled_for(scope))
        with suppress(_Answered):
            await self.app({**scope, "method": "GET"}, receive, sending.take)


@dataclass
class _Sending:
    """One answer on its way out."""

    scope: Scope
    wish: Wish
    send: Send
    settled: bool
    """Whether what was known by the moment asked for was settled before it was answered."""
    start: Message = field(default_factory=dict)
    body: bytes = b""
    passes: bool = False
    """Whether what comes goes out as it comes, maybe coded."""
    encoder: Encoder | None = None
    modified: datetime | None = None

    @property
    def head(self) -> bool:
        """Whether only the headers are wanted."""
        return bool(self.scope["method"] == "HEAD")

    async def take(self, message: Message) -> None:
        """Take a message of the application; send what is ready."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body":
            await self.send(message)
        elif self.passes:
            await self._pass(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._whole()

    async def _begin(self, message: Message) -> None:
        self.start = message
        headers = MutableHeaders(raw=list(message["headers"]))
        message["headers"] = headers.raw
        whole = "content-length" in headers
        good = message["status"] == HTTPStatus.OK
        if good and self._kept(headers):
            await self._describe(headers)
            if whole:
                return
            await self._stream(headers)
        self.passes = True
        await self._send_start()

    async def _send_start(self) -> None:
        await self.send(self.start)
        if self.head:
            await self._end()

    async def _end(self) -> None:
        await self.send({"type": "http.response.body", "body": b""})
        raise _Answered

    async def _pass(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.encoder:
            body = await _off_the_loop(self.encoder.compress, body)
            body += b"" if more else self.encoder.flush()
        if body or not more:
            await self.send({**message, "body": body})

    def _kept(self, headers: MutableHeaders) -> bool:
        """Say how long the answer may be kept; whether it may be at all."""
        asked = Headers(scope=self.scope)
        query = params_of(self.scope)
        kept = cache_control(self.template, query, asked, settled=self.settled)
        headers.setdefault("cache-control", kept)
        events = headers.get("content-type", "").startswith(EVENTS)
        return not events and NO_STORE not in headers["cache-control"]

    @cached_property
    def template(self) -> str:
        """The address asked for, with its braces."""
        return route_table(self.scope["app"]).template(self.scope["path"]) or ""

    async def _describe(self, headers: MutableHeaders) -> None:
        """Say what the answer varies by, and date it."""
        headers.add_vary_header("Accept-Encoding")
        self.modified = await modified_at(self.scope, self.template, headers)
        if self.modified is not None:
            headers["last-modified"] = http_date(self.modified)

    async def _stream(self, headers: MutableHeaders) -> None:
        """Tag what is written as it is read by the state it is read in; code it as it comes."""
        kind = headers.get("content-type", "")
        coding = self._coding(kind, None)
        state = [headers.get(name, "") for name in STATE]
        if all(state):
            asked = wanted(self.scope, self.wish)
            headers["etag"] = tag_of_state(asked, kind, coding, state)
            await self._end_if_held(headers)
        self.encoder = encoder_of(coding)
        _name_coding(headers, coding)

    async def _whole(self) -> None:
        headers = MutableHeaders(raw=self.start["headers"])
        kind = headers.get("content-type", "")
        coding = self._coding(kind, len(self.body))
        headers["etag"] = tag_of_bytes(self.body, kind, coding)
        await self._end_if_held(headers)
        body = self.body
        if coding is not Coding.IDENTITY:
            body = await _off_the_loop(encode, coding, body)
        _name_coding(headers, coding)
        headers["content-length"] = str(len(body))
        await self._send_all(Representation(self.start["status"], headers.raw, body))

    def _coding(self, kind: str, length: int | None) -> Coding:
        """Choose the coding: as it is where that is taken and coding gains nothing."""
        gains = kind.startswith(CODED) and (length is None or length >= WORTH_CODING)
        return self.wish.coding if gains or not self.wish.plain else Coding.IDENTITY

    async def _end_if_held(self, headers: MutableHeaders) -> None:
        conditions = conditions_of(Headers(scope=self.scope))
        status = outcome(conditions, headers["etag"], self.modified)
        if status is HTTPStatus.NOT_MODIFIED:
            await self._send_all(not_modified(headers.raw))
            raise _Answered
        if status is HTTPStatus.PRECONDITION_FAILED:
            await self._refuse()

    async def _refuse(self) -> None:
        detail = "If-Match or If-Unmodified-Since does not hold for what is served now"
        problem = problem_of(HTTPStatus.PRECONDITION_FAILED, detail)
        response = answer(problem, self.scope)
        body = bytes(response.body)
        await self._send_all(Representation(response.status_code, response.raw_headers, body))
        raise _Answered

    async def _send_all(self, representation: Representation) -> None:
        for message in representation.messages(head=self.head):
            await self.send(message)


def _name_coding(headers: MutableHeaders, coding: Coding) -> None:
    if coding is not Coding.IDENTITY:
        headers["content-encoding"] = coding


async def _off_the_loop(work: Callable[..., bytes], *given: object) -> bytes:
    """Do what takes time with bytes: with few at once, with many in a thread."""
    if all(len(one) <= ON_THE_LOOP for one in given if isinstance(one, bytes)):
        return work(*given)
    return await run_sync(work, *given)
