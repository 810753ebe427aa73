"""Events as subscribers are told them: each with what filters ask beside the event itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Source
from catalog.events.changes import Event, since
from catalog.events.explain import Offer
from catalog.past.series import Series
from catalog.vocabulary import Cause, SourceKind


@dataclass(frozen=True)
class Place:
    """Which of a model's offers a price is of."""

    tier: str
    region: str
    context_over: int = 0
    variant: str = ""
    window: str = ""


@dataclass(frozen=True)
class Notice:
    """An event, what its source's word is worth, and whose price it is of."""

    event: Event
    kind: SourceKind
    place: Place | None
    """None where it is of no offer: of a model, or a source."""


def is_told(event: Event) -> bool:
    """Whether an event is delivered to anybody: not what was there already, or came in late."""
    return not event.initial and event.cause is not Cause.BACKFILLED


def notices_since(session: Session, sequence: int, *, limit: int) -> tuple[list[Notice], int]:
    """Give what is to be told of some events after a number of the log, and the last one's number.

    The number stays as it was where there are no later events.
    """
    events = since(session, sequence, limit=limit)
    last = events[-1].sequence if events else sequence
    return _noticed(session, [event for event in events if is_told(event)]), last


def _noticed(session: Session, events: Sequence[Event]) -> list[Notice]:
    named = session.execute(select(col(Source.name), col(Source.kind)))
    kinds = {name: SourceKind(kind) for name, kind in named}
    by_series = _places(session, {event.series for event in events if event.series})
    offered = _offers(session, [event for event in events if _is_of_offer(event)])
    return [
        Notice(
            event,
            kinds[event.source],
            by_series.get(event.series or "") or offered.get(event.sequence),
        )
        for event in events
    ]


def _places(session: Session, slugs: Iterable[str]) -> Mapping[str, Place]:
    query = select(Series).where(col(Series.slug).in_(sorted(slugs)))
    return {
        row.slug: Place(row.tier, row.region, row.context_over, row.variant, row.window)
        for row in session.scalars(query)
    }


def _is_of_offer(event: Event) -> bool:
    return event.series is None and event.type.startswith("offer.")


def _offers(session: Session, events: Sequence[Event]) -> Mapping[int, Place]:
    """Find the tier and region of events of offers by how they name the offer."""
    if not events:
        return {}
    providers = {event.provider for event in events}
    query = select(
        col(Series.provider), col(Series.subject), col(Series.tier), col(Series.region)
    ).where(col(Series.provider).in_(sorted(providers)))
    offers = (Offer(*row) for row in session.execute(query.distinct()))
    named = {str(offer): offer for offer in offers}
    found = ((event.sequence, named.get(event.detail.partition(": ")[0])) for event in events)
    return {number: Place(one.tier, one.region) for number, one in found if one}
