"""Kin: the offers and models that some prices belong to, and what became of them as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Source
from catalog.events.explain import Offer, Told, explain_model, explain_offer
from catalog.past.revisions import Revision, entry_of, first_in_force, revisions_in_force
from catalog.past.series import CHUNK, Series
from catalog.past.timeline import Timeline
from catalog.vocabulary import Cause


@dataclass(frozen=True)
class Placed:
    """An event with what it is about."""

    told: Told
    source: int
    provider: str
    model: str | None
    series: int | None = None
    cause: Cause | None = None
    """Where it is another one than the ingest's."""


def offer_of(row: Series) -> Offer:
    """Give the offer that a stored series belongs to."""
    return Offer(row.provider, row.subject, row.tier, row.region)


def timeline_of(revisions: Iterable[Revision]) -> Timeline:
    """Give stored revisions in force as a timeline."""
    return Timeline(tuple(entry_of(revision) for revision in revisions))


@dataclass(frozen=True)
class Kin:
    """The offers and models some prices belong to, with all their series as they are stored."""

    source: Source
    offers: Mapping[Offer, Sequence[Series]]
    """Of this source."""
    models: Mapping[str, Sequence[Series]]
    """Of all sources."""
    stored: Mapping[int, Timeline]
    """Of other sources' series only how they begin."""

    @classmethod
    def of(cls, session: Session, source: Source, rows: Sequence[Series]) -> "Kin":
        """Find the offers and models of some series."""
        wanted = {offer_of(row) for row in rows}
        subjects = {row.subject for row in rows}
        kin = _series_of(session, subjects)
        offers = _grouped((offer_of(row), row) for row in kin if row.source_id == source.id)
        tools = set(session.scalars(select(_MODELS.c.id).where(_MODELS.c.kind == "tool")))
        models = _grouped((row.model, row) for row in kin if row.model and row.model not in tools)
        own = [row.id for row in kin if row.source_id == source.id]
        others = [row.id for row in kin if row.source_id != source.id]
        stored = revisions_in_force(session, own) | first_in_force(session, others)
        return cls(
            source,
            {offer: offers[offer] for offer in sorted(wanted)},
            models,
            {series: timeline_of(found) for series, found in stored.items()},
        )

    def told(self, timelines: Mapping[int, Timeline]) -> dict[Offer | str, list[Told]]:
        """Tell the events of each, where some series have other timelines than are stored."""
        given = {s: self._whole(s, t) for s, t in timelines.items() if s in self.stored}
        every = {**self.stored, **given}
        told: dict[Offer | str, list[Told]] = {
            offer: explain_offer(offer, [every[row.id] for row in rows])
            for offer, rows in self.offers.items()
        }
        for model, rows in self.models.items():
            firsts = [entry for row in rows for entry in every[row.id].entries[:1]]
            told[model] = explain_model(firsts)
        return told

    def _whole(self, series: int, timeline: Timeline) -> Timeline:
        """Put what is stored before what was left out of a timeline."""
        if timeline.earlier is None:
            return timeline
        begin = timeline.entries[0].valid_from
        before = [entry for entry in self.stored[series].entries if entry.valid_from < begin]
        return replace(timeline, entries=(*before, *timeline.entries), earlier=None)

    def place(self, about: Offer | str, told: Told) -> Placed:
        """Say what an event is about."""
        if isinstance(about, str):
            return Placed(told, self.source.id, self.source.provider, about)
        return Placed(told, self.source.id, about.provider, self.offers[about][0].model)


_MODELS = table("models", column("id"), column("kind"))
"""Declared on top of this module."""
K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _series_of(session: Session, subjects: Iterable[str]) -> list[Series]:
    wanted = sorted(subjects)
    found: list[Series] = []
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found += session.scalars(select(Series).where(col(Series.subject).in_(part)))
    return found
