"""The layer that answers what it has ready, and keeps what the application answers.

It stands right before representations are made: what is counted, limited and said in every answer
stays with the layers outside. Without it every byte is the same.
"""

from asyncio import Event
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.dating import SETTLES_AFTER
from api.http.inside import get_scope, no_body
from api.http.preconditions import outcome
from api.http.representation import Representation
from api.http.route_table import route_table
from api.ready.declared import is_of_view
from api.ready.kept import Kept, Key, Memory
from api.ready.taking import Taking
from api.state import view_now
from catalog.current.following import ahead
from catalog.current.look import View
from catalog.current.view import Views

CONDITIONS = {
    b"if-match": "if-match",
    b"if-modified-since": "if-modified-since",
    b"if-none-match": "if-none-match",
    b"if-unmodified-since": "if-unmodified-since",
}
PERSONAL = frozenset({b"authorization", b"content-length", b"cookie", b"transfer-encoding"})
"""Who sends one of these asks for more than what everybody gets."""
STREAMS_HELD = 8
"""Of so many answers that stream at once the bytes are held, to be kept."""
LOOKED_AT = frozenset({b"accept", b"accept-encoding", *PERSONAL, *CONDITIONS})


class Asked(NamedTuple):
    """The headers that decide an answer, each given once."""

    accept: bytes | None
    codings: bytes | None
    conditions: Mapping[str, str]


class Ready:
    """Answer from memory while the view stands still; pass the rest on, and keep its answers."""

    def __init__(self, app: ASGIApp, *, memory: Memory) -> None:
        """Wrap an application."""
        self.app = app
        self.memory = memory
        self._of: Views | None = None
        self._making: dict[Key, Event] = {}
        self._streaming = 0
        memory.make = self._make_anew

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once what is ready; of many that ask the same at once, pass on one."""
        asked = _asked(scope)
        view = None if asked is None else await self._view(scope)
        if asked is None or view is None or not _is_kept(scope):
            await self.app(scope, receive, send)
            return
        key = Key(
            view.version,
            view.as_of,
            scope["path"],
            scope["query_string"],
            asked.accept,
            asked.codings,
        )
        if await self._answered(key, asked, scope, send):
            return
        making = self._making.get(key)
        if making is not None:
            await making.wait()
            if await self._answered(key, asked, scope, send):
                return
        await self._make(key, view, scope, receive, send)

    async def _view(self, scope: Scope) -> View | None:
        views: Views = scope["app"].state.views
        if views is not self._of:
            self.memory.clear()
            self._of = views
        return await view_now(views)

    async def _answered(self, key: Key, asked: Asked, scope: Scope, send: Send) -> bool:
        """Answer from memory, if that is there and says all that is asked."""
        kept = self.memory.find(key)
        dated = scope["app"].state.views.now() - key.as_of >= SETTLES_AFTER
        if kept is None or dated is not (kept.modified is not None):
            return False
        ready = _said(kept, asked.conditions)
        if ready is None:
            return False
        for message in ready.messages(head=scope["method"] == "HEAD"):
            await send(message)
        return True

    async def _make(self, key: Key, view: View, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a question on, and keep its answer if the view stood still meanwhile.

        Who asks the same waits until it is made, and not until its first reader has taken it.
        """
        made = self._making.setdefault(key, Event())

        async def took() -> None:
            if taking.streams and not taking.whole:
                self._streaming += 1
                taking.largest = taking.largest if self._streaming <= STREAMS_HELD else 0
            kept = taking.kept(head=scope["method"] == "HEAD")
            if kept is not None and await self._view(scope) is view:
                self.memory.keep(key, kept)
            self._release(key, made)

        taking = Taking(send, self.memory.largest, took)
        try:
            await self.app(scope, receive, taking.take)
        finally:
            self._streaming -= taking.streams
            self._release(key, made)

    def _release(self, key: Key, made: Event) -> None:
        """Let go who waits for an answer."""
        made.set()
        if self._making.get(key) is made:
            del self._making[key]

    async def _make_anew(self, app: object, key: Key, view: View) -> None:
        """Ask again what was asked of another view, so that it is ready when this one is shown."""
        headers = [(b"accept", key.accept), (b"accept-encoding", key.codings)]
        given = ((name, value) for name, value in headers if value is not None)
        scope = {**get_scope(key.path, given, key.query), "app": app}
        anew = key._replace(version=view.version, as_of=view.as_of)
        with ahead(view):
            await self._make(anew, view, scope, no_body(), _nowhere)


async def _nowhere(_message: Message) -> None:
    return


def _said(kept: Kept, conditions: Mapping[str, str]) -> Representation | None:
    """Say what is kept as a question's conditions ask for it; None: that is not kept."""
    status = HTTPStatus.OK
    if conditions:
        status = outcome(conditions, kept.etag, kept.modified)
    if status is HTTPStatus.NOT_MODIFIED:
        return kept.held_already
    if status is HTTPStatus.OK and kept.body is not None:
        return Representation(status, kept.headers, kept.body)
    return None


def _is_kept(scope: Scope) -> bool:
    """Whether the answer follows from the view alone."""
    template = route_table(scope["app"]).template(scope["path"])
    return is_of_view(template, scope["query_string"])


def _asked(scope: Scope) -> Asked | None:
    """Read the headers that decide; None where the answer is not what everybody gets."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    given: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in LOOKED_AT:
            if name in given or name in PERSONAL:
                return None
            given[name] = value
    conditions = {
        CONDITIONS[name]: value.decode("latin-1")
        for name, value in given.items()
        if name in CONDITIONS
    }
    return Asked(given.get(b"accept"), given.get(b"accept-encoding"), conditions)
