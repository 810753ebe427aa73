"""The routes of the feeds: /changes as a stream, as Atom and as JSON Feed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from api.feeds.asking import FeedAsked, FeedWhich, StreamAsked, StreamWhich
from api.feeds.atom import MEDIA_TYPE as ATOM
from api.feeds.atom import write_atom
from api.feeds.entries import entry
from api.feeds.json_feed import MEDIA_TYPE as JSON_FEED
from api.feeds.json_feed import FeedPage, feed_page
from api.feeds.links import Links, links_of
from api.feeds.pages import Page, page_of
from api.feeds.streams import Streams
from api.listing.rows import json_text
from api.problems import refuse_parameter
from api.resources.changes import CHANGES
from api.state import OfViews
from catalog.current.view import Views

TITLE = "Tokentape: what AI tokens cost, as it changes"
AGAIN_AFTER = 2000
"""Milliseconds after which the reader of a stream that ended connects again."""
RETRY_HEADER = "Last-Event-ID"

LastEventId = Annotated[
    str | None,
    Header(alias=RETRY_HEADER, description="The id of the last event that was received."),
    Field(pattern="^[0-9]{1,18}$", max_length=18, examples=["42"]),
]


@dataclass(frozen=True)
class Opened:
    """A stream that may start."""

    asked: StreamWhich
    start: int


def _streams(request: Request) -> Streams:
    streams: Streams = request.app.state.streams
    return streams


OfStreams = Annotated[Streams, Depends(_streams)]


async def _admitted(streams: OfStreams) -> AsyncIterator[None]:
    """Hold a stream's place until its answer has ended; also where its reader goes away."""
    with streams.admitted():
        yield


def _opened(
    _place: Annotated[None, Depends(_admitted)],
    asked: Annotated[StreamAsked, Query()],  # type: ignore[valid-type] # a type made at run time
    views: OfViews,
    last_event_id: LastEventId = None,
) -> Opened:
    """Find where a stream starts, and refuse it while that can still be said."""
    which = cast("StreamWhich", asked)
    last = views.last_sequence()
    named = which.since if last_event_id is None else int(last_event_id)
    if named is not None and named > last:
        parameter = "since" if last_event_id is None else RETRY_HEADER
        raise refuse_parameter(parameter, f"the log ends at {last}; this is not of it")
    return Opened(which, views.last_told() if named is None else named)


router = APIRouter()


@router.get("/changes/stream", name="stream_changes", response_class=EventSourceResponse)
async def stream_changes(
    opened: Annotated[Opened, Depends(_opened)], views: OfViews, streams: OfStreams
) -> AsyncIterator[ServerSentEvent]:
    """Send each change as it is recorded, as Server-Sent Events.

    An event's `id` is its sequence number and its data the JSON of /changes. Who connects again
    with `Last-Event-ID`, as browsers do, misses nothing. A stream ends after an hour.
    """
    yield ServerSentEvent(comment="the log", id=str(opened.start), retry=AGAIN_AFTER)
    async for followed in streams.follow(views, opened.asked, opened.start):
        for event in followed.events:
            data = json_text(CHANGES.rows.nested(event))
            yield ServerSentEvent(raw_data=data, id=str(event.sequence))
        yield ServerSentEvent(comment="read so far", id=str(followed.place))


class AtomFeed(Response):
    """A feed document, as FastAPI describes it."""

    media_type = ATOM


class JsonFeed(JSONResponse):
    """The same as JSON Feed."""

    media_type = JSON_FEED


@router.get("/changes.atom", name="feed_changes_as_atom", response_class=AtomFeed)
def feed_changes_as_atom(
    request: Request,
    asked: Annotated[FeedAsked, Query()],  # type: ignore[valid-type] # a type made at run time
    views: OfViews,
) -> Response:
    """Give the latest changes as an Atom feed; older ones are on its next pages (RFC 5005)."""
    page, links = _page(request, asked, views)
    written = write_atom(map(entry, page.events), links, TITLE, page.updated)
    return AtomFeed(written, headers=_headers(links))


@router.get(
    "/changes.json",
    name="feed_changes_as_json",
    response_class=JsonFeed,
    response_model=FeedPage,
)
def feed_changes_as_json(
    request: Request,
    asked: Annotated[FeedAsked, Query()],  # type: ignore[valid-type] # a type made at run time
    views: OfViews,
) -> Response:
    """Give the latest changes as a JSON Feed 1.1; older ones are at its `next_url`."""
    page, links = _page(request, asked, views)
    shown = feed_page(map(entry, page.events), links, TITLE)
    return JsonFeed(shown, headers=_headers(links))


def _page(request: Request, asked: FeedWhich, views: Views) -> tuple[Page, Links]:
    page = page_of(views, asked)
    return page, links_of(request, page.older)


def _headers(links: Links) -> dict[str, str]:
    return {"Link": ", ".join(f'<{href}>; rel="{rel}"' for rel, href in links.by_relation())}
