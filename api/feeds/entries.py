"""Events as a feed's reader sees them: an entry with a title, a text and an id that stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from catalog.events.changes import Event
from catalog.moments import print_moment
from catalog.money import plain


@dataclass(frozen=True)
class Entry:
    """One event. Nothing of it changes, whatever later becomes known."""

    id: str
    title: str
    text: str
    recorded_at: datetime
    page: str | None
    """The page that states it."""
    categories: tuple[str, ...]
    event: Event


def entry(event: Event) -> Entry:
    """Make an event's entry."""
    return Entry(
        id=_id(event),
        title=_title(event),
        text="\n".join(_lines(event)),
        recorded_at=event.recorded_at,
        page=event.evidence.url if event.evidence else None,
        categories=tuple(filter(None, (event.type, event.provider, event.model))),
        event=event,
    )


def _id(event: Event) -> str:
    """Name an event by its place in the log of this store, and by when it came there."""
    named = f"{event.sequence} {print_moment(event.recorded_at)} {event.type} {event.series}"
    return uuid5(NAMESPACE_URL, named).urn


def _title(event: Event) -> str:
    about = event.series or event.model or event.provider
    happened = event.type.replace(".", " ")
    return ": ".join(filter(None, (about, happened, _amounts(event))))


def _amounts(event: Event) -> str:
    """Give what was and what is: ``5 → 4 USD per 1M tokens``; nothing where neither is known."""
    amounts = [plain(one) for one in (event.old, event.new) if one is not None]
    return f"{' → '.join(amounts)} {event.currency} per {event.unit}" if amounts else ""


def _lines(event: Event) -> Iterator[str]:
    if event.detail:
        yield event.detail
    yield f"So from {print_moment(event.valid_from)} on."
    if event.all_time_low:
        yield "Never lower before."
    if event.evidence:
        yield f"The page says: {event.evidence.text}"
        yield f"{event.evidence.url}, fetched {print_moment(event.evidence.fetched_at)}"
