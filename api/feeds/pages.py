"""A page of a feed: the latest events that a question keeps, and where the older ones go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from api.feeds.asking import FeedWhich, keeps, where
from catalog.current.view import Views
from catalog.current.view_reads import taken_in_at
from catalog.events import changes
from catalog.events.changes import Event
from catalog.store import reading

PIECE = 500
"""So many events are read at once."""


@dataclass(frozen=True)
class Page:
    """Events, the latest first; a page that has ``until`` never gets other events."""

    events: tuple[Event, ...]
    older: int | None
    """What the next page goes ``until``; None: there is none."""
    updated: datetime


def page_of(views: Views, asked: FeedWhich) -> Page:
    """Find the latest events that a question keeps."""
    last = views.last_told()
    with reading(views.engine) as session:
        start = last if asked.until is None else min(asked.until, last)
        kept = filter(keeps(asked), _back(session, start, asked))
        found = tuple(islice(kept, asked.limit + 1))
        events = found[: asked.limit]
        updated = events[0].recorded_at if events else taken_in_at(session)
    older = found[asked.limit].sequence if len(found) > asked.limit else None
    return Page(events, older, updated)


def _back(session: Session, start: int, asked: FeedWhich) -> Iterator[Event]:
    """Read the log backwards by the piece."""
    place = start
    while place > 0:
        piece = changes.until(session, place, limit=PIECE, **where(asked))
        yield from piece
        place = piece[-1].sequence - 1 if len(piece) == PIECE else 0
