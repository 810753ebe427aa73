"""What other sources state of the same price: what lifts a hold without a person."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Source
from catalog.past.folding import Past
from catalog.past.marks import STALE_AFTER
from catalog.past.series import Key, Series, key_of
from catalog.past.timeline import Entry, Timeline
from catalog.review.guards import Lift, Witness
from catalog.review.holds import Decision, Hold, holds_in_effect, lifts
from catalog.vocabulary import SourceKind

SPEAKING = (SourceKind.OFFICIAL.value, SourceKind.RESELLER.value)
"""Whose word counts: a catalog only repeats what others say."""


def witnesses(
    past: Past, keys: Sequence[Key], *, since: datetime, now: datetime
) -> dict[Key, list[Witness]]:
    """Give what other sources than ``past``'s state now of each price, whoever sells it.

    Also what is held of them until others agree: two that wait for each other agree. Only what
    a document states that was read lately: not long before ``since``.
    """
    by_likeness = {_likeness(key): key for key in keys}
    stated: dict[Key, list[Witness]] = {key: [] for key in keys}
    for source, series in _others(past, by_likeness):
        other = Past(past.session, source, past.identity)
        folded = other.fold(other.chains, series, _binding(past.session, source))
        for number, timeline in folded.timelines.items():
            entry = _entry_at(timeline, now)
            if (
                entry
                and entry.amount is not None
                and _last_read(other, entry) >= since - STALE_AFTER
            ):
                kind = SourceKind(source.kind)
                key = by_likeness[_likeness(key_of(series[number]))]
                stated[key].append(Witness(source.name, kind, source.provider, entry.amount))
    return stated


def _likeness(key: Key) -> Key:
    """Give what two sources' series of one price have in common: all but who sells it."""
    return key._replace(provider="")


def _others(past: Past, wanted: Iterable[Key]) -> Iterator[tuple[Source, dict[int, Series]]]:
    """Find the other sources that speak of some prices, each with its series of them."""
    likenesses = set(wanted)
    query = (
        select(Series, Source)
        .join(Source, col(Source.id) == Series.source_id)
        .where(
            col(Series.subject).in_(sorted({key.subject for key in likenesses})),
            col(Source.id) != past.source.id,
            col(Source.kind).in_(SPEAKING),
        )
    )
    found: dict[int, tuple[Source, dict[int, Series]]] = {}
    for series, source in past.session.execute(query):
        if _likeness(key_of(series)) in likenesses:
            found.setdefault(source.id, (source, {}))[1][series.id] = series
    yield from found.values()


def _binding(session: Session, source: Source) -> list[Hold]:
    """Give the holds of a source that keep its word from counting, too."""
    return [
        hold
        for hold in holds_in_effect(session, source.id)
        if hold.decision != Decision.OPEN or not lifts(Lift.AGREEMENT, hold)
    ]


def _entry_at(timeline: Timeline, moment: datetime) -> Entry | None:
    by_then = [entry for entry in timeline.entries if entry.valid_from <= moment]
    return by_then[-1] if by_then else None


def _last_read(past: Past, entry: Entry) -> datetime:
    """Say when the document that proves an entry was last read, or found as before."""
    documents = {visit.document for visit in past.visits if visit.id == entry.visit}
    return max(visit.at for visit in past.visits if visit.document in documents or not documents)
