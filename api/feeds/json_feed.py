"""A page of events as JSON Feed 1.1."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import ConfigDict, Field

from api.feeds.entries import Entry
from api.feeds.links import Links
from api.listing import Json
from api.resources.changes import CHANGES
from api.shapes import Moment, Shape
from catalog.moments import print_moment

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"
URL = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class FeedAuthor(Shape):
    """Who writes the feed."""

    name: str


class FeedItem(Shape):
    """One event."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    id: Annotated[str, Field(examples=["urn:uuid:0b6b2a3e-8b1f-5a3e-9f0c-0f3a3b7a1f55"])]
    """Stays, whatever later becomes known."""
    url: URL
    """The event in the list of changes."""
    external_url: URL | None = None
    """The page that states it."""
    title: str
    content_text: str
    date_published: Moment
    """When it was recorded."""
    tags: list[str]
    tokentape: Annotated[CHANGES.row, Field(alias="_tokentape")]  # type: ignore[name-defined] # a type made at run time
    """The event as /changes gives it."""


class FeedPage(Shape):
    """A page of the log of changes, the latest first."""

    version: Annotated[str, Field(examples=[VERSION])]
    title: str
    home_page_url: URL
    feed_url: URL
    next_url: URL | None = None
    """The page with older items; absent on the last."""
    language: str
    authors: list[FeedAuthor]
    items: list[FeedItem]


def feed_page(entries: Iterable[Entry], links: Links, title: str) -> dict[str, Json]:
    """Give the object that goes out; what is absent is left out, as the format wants it."""
    following: dict[str, Json] = {"next_url": links.next} if links.next else {}
    return {
        "version": VERSION,
        "title": title,
        "home_page_url": links.changes,
        "feed_url": links.first,
        **following,
        "language": "en",
        "authors": [{"name": "Tokentape"}],
        "items": [_item(one, links) for one in entries],
    }


def _item(one: Entry, links: Links) -> dict[str, Json]:
    stated: dict[str, Json] = {"external_url": one.page} if one.page else {}
    return {
        "id": one.id,
        "url": links.event(one.event.sequence),
        **stated,
        "title": one.title,
        "content_text": one.text,
        "date_published": print_moment(one.recorded_at),
        "tags": list(one.categories),
        "_tokentape": CHANGES.rows.nested(one.event),
    }
