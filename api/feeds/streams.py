"""Streams of events that go on: how they follow the log, how many there are, and how they end."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic

import anyio
from fastapi.concurrency import run_in_threadpool

from api.feeds.asking import StreamWhich, keeps, where
from api.problems import Refused
from catalog.current.view import Views
from catalog.events.changes import Event

PIECE = 200
"""So many events are read at once, and no more are held by a stream."""
MOST_STREAMS = 500
"""Of one process."""
COME_AGAIN = 60
"""Seconds after which who was refused may try again."""
LIFE = 3600.0
"""Seconds after which a stream ends; its reader connects again by itself, and misses nothing."""
POLL = 0.5
"""Seconds between two looks at the log, by all streams together."""


@dataclass(frozen=True)
class Followed:
    """Some events of a log, and up to which number it was read for them."""

    events: tuple[Event, ...]
    place: int


class Streams:
    """The open streams of one process."""

    def __init__(self, *, most: int = MOST_STREAMS, life: float = LIFE, poll: float = POLL) -> None:
        """Open none yet."""
        self.most = most
        self.life = life
        self.poll = poll
        self.open = 0
        self._closing = False
        self._last = 0
        self._due = 0.0
        self._of: Views | None = None

    def close(self) -> None:
        """Let every stream end at its next look at the log; safe in a signal's handler."""
        self._closing = True

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Count a stream as open inside; refuse one too many."""
        if self._closing or self.open >= self.most:
            detail = "no more streams can be opened here now; try again later, or ask /changes"
            later = {"Retry-After": str(COME_AGAIN)}
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=later)
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    async def follow(self, views: Views, asked: StreamWhich, start: int) -> AsyncIterator[Followed]:
        """Give what a question keeps of the log after a number, as it comes, until the end."""
        place, end = start, monotonic() + self.life
        while not self._closing:
            if await self._last_sequence(views) > place:
                followed = await run_in_threadpool(_read, views, asked, place)
                yield followed
                place = followed.place
            elif monotonic() >= end:
                return
            else:
                await anyio.sleep(self.poll)

    async def _last_sequence(self, views: Views) -> int:
        """Give the log's last number: it is asked for once in a while, not by every stream."""
        if self._of is not views or monotonic() >= self._due:
            self._of, self._due = views, monotonic() + self.poll
            self._last = await run_in_threadpool(views.last_told)
        return self._last


def _read(views: Views, asked: StreamWhich, place: int) -> Followed:
    """Read the next piece of the log, without what the question leaves out."""
    log = views.log(place, limit=PIECE, **where(asked))
    piece = log.events
    whole = len(piece) < PIECE
    kept = tuple(filter(keeps(asked), piece))
    return Followed(kept, log.sequence if whole else piece[-1].sequence)
