"""What may be asked of the feeds: the filters of /changes, without first sights unless asked."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from api.listing.filters import filters_of, keeping
from api.listing.questions import filtered
from api.questions import Question
from api.resources.changes import COLUMNS, LARGEST, where_of
from catalog.events.changes import Event, Where
from catalog.vocabulary import Cause

LARGEST_FEED = 200
USUAL_FEED = 50
NEWS = tuple(cause for cause in Cause if cause is not Cause.BACKFILLED)

FILTERS = tuple(one for column in COLUMNS for one in filters_of(column))
Number = Annotated[int, Field(ge=0, le=LARGEST, examples=[42])]


class Which(Question):
    """Which events a feed holds, beside what the columns of /changes give it."""

    everything: bool = False
    """Also what was there at a source's first sight, and what was read from older captures."""


class FeedWhich(Which):
    """Which part of a feed."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_FEED)] = USUAL_FEED
    """How many entries, the latest first."""
    until: Number | None = None
    """Only events up to this number of the log: a feed's own link to its next page has it."""


class StreamWhich(Which):
    """Where a stream starts."""

    since: Number | None = None
    """From the event after this number on. From now on, unless given."""


FeedAsked = filtered("Feed", FeedWhich, FILTERS)
StreamAsked = filtered("Stream", StreamWhich, FILTERS)


def where(asked: Which) -> Where:
    """Leave out first sights and what was read later, unless a question names them."""
    named = where_of(asked)
    if not asked.everything:
        named["causes"] = named["causes"] or (None if named["initial"] else NEWS)
        named["initial"] = bool(named["initial"])
    return named


def keeps(asked: Which) -> Callable[[Event], bool]:
    """Give the test of the question's filters."""
    return keeping(FILTERS, asked)
