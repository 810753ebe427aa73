"""Writing what folding came to: revisions, and the events that explain what is new in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import exists, insert, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from catalog.current.lifecycle import explain_facts
from catalog.documents.sources import Source
from catalog.events.changes import ChangeEvent
from catalog.events.explain import (
    Declared,
    Told,
    corrections,
    explain,
    explain_renamings,
    news,
)
from catalog.events.kin import Kin, Placed, offer_of, timeline_of
from catalog.events.superseding import Telling, supersede
from catalog.past.revisions import (
    Revised,
    Revision,
    ids_of,
    revise,
    revisions_in_force,
    revisions_since,
)
from catalog.past.series import CHUNK, Series
from catalog.past.sweep import fold
from catalog.past.timeline import Chain, Timeline
from catalog.review.corrections import Said, correct
from catalog.store import Turn
from catalog.vocabulary import Cause, EventType

BEFOREHAND = (EventType.PRICE_ANNOUNCED.value, EventType.PRICE_CANCELLED.value)
COMING_AND_GOING = (EventType.PRICE_ADDED, EventType.PRICE_WITHDRAWN)


@dataclass(frozen=True)
class Folded:
    """Some series' chains and what they fold to."""

    chains: Mapping[int, Sequence[Chain]]
    timelines: Mapping[int, Timeline]

    @classmethod
    def of(
        cls,
        chains: Mapping[int, Sequence[Chain]],
        corrections: Mapping[int, Sequence[Said]],
    ) -> "Folded":
        """Fold each series' chains, and correct what they fold to."""
        timelines = {
            series: correct(fold(said), corrections.get(series, ()))
            for series, said in chains.items()
        }
        return cls(chains, timelines)


@dataclass
class Publisher:
    """Writes one ingest's revisions and events; ``tell`` writes the events it gathered."""

    turn: Turn
    source: Source
    cause: Cause
    declared: Declared = field(default_factory=dict)
    """The renamings that are events."""
    kept: dict[int, Series] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The session of this turn."""
        return self.turn.session

    def publish(self, before: Folded, after: Folded, *, reread: int | None) -> Revised:
        """Bring the revisions of the series to what they fold to, and gather what is new.

        ``reread`` is the visit that read a page again, where that is what happened.
        """
        told = {series: self._told(before, after, series, reread) for series in after.timelines}
        self._load(series for series, events in told.items() if events)
        self.placed += [self._place(one, n) for n, events in told.items() for one in events]
        untold = {series: self._supersede(before, after, series) for series in after.timelines}
        if reread is None:
            moved = {*_comings_and_goings(told), *_comings_and_goings(untold)}
            self._load(moved)
            self.placed += self._wider(before, after, moved)
        return self._revise(after)

    def _supersede(self, before: Folded, after: Folded, series: int) -> list[Told]:
        """Mark what was told of a series and does not explain what is known any more; give it."""
        old, new = before.timelines.get(series, Timeline()), after.timelines[series]
        untold = news(explain(new), explain(old)) if old != new else []
        for told in untold:
            telling = Telling(told, self.source.id, series, None)
            supersede(self.session, telling, self.turn.ingest())
        return untold

    def _told(self, before: Folded, after: Folded, series: int, reread: int | None) -> list[Told]:
        old, new = before.timelines.get(series, Timeline()), after.timelines[series]
        if old == new:
            return []
        if reread is not None:
            return corrections(old, new, reread)
        return [told for told in news(explain(old), explain(new)) if not told.arrives]

    def _load(self, series: Iterable[int]) -> None:
        wanted = sorted(set(series) - self.kept.keys())
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            for row in self.session.scalars(select(Series).where(col(Series.id).in_(part))):
                self.kept[row.id] = row

    def _place(self, told: Told, series: int) -> Placed:
        row = self.kept[series]
        return Placed(told, row.source_id, row.provider, row.model, series)

    def _revise(self, after: Folded) -> Revised:
        stored = self._stored(after.timelines)
        wanted = {series: timeline.entries for series, timeline in after.timelines.items()}
        return revise(self.session, wanted, stored, self.turn.ingest())

    def _stored(self, timelines: Mapping[int, Timeline]) -> dict[int, list[Revision]]:
        """Give what is stored of some series, from where their timelines begin."""
        short = {series: t for series, t in timelines.items() if t.earlier}
        stored = revisions_in_force(self.session, timelines.keys() - short.keys())
        by = min((t.earlier.by for t in short.values() if t.earlier), default=self.turn.now)
        for series, revisions in revisions_since(self.session, short, by).items():
            begin = short[series].entries[0].valid_from
            stored[series] = [known for known in revisions if known.valid_from >= begin]
        return stored

    def _wider(self, before: Folded, after: Folded, moved: Iterable[int]) -> Iterator[Placed]:
        """Gather what became of offers and models of which prices came or went."""
        kin = self._kin_of(moved)
        then, now = kin.told(before.timelines), kin.told(after.timelines)
        for about, events in now.items():
            new = news(then[about], events)
            for told_before in news(events, then[about]):
                was = kin.place(about, told_before)
                source = None if isinstance(about, str) else was.source
                telling = Telling(told_before, source, None, was.model)
                supersede(self.session, telling, self.turn.ingest())
            yield from (kin.place(about, one) for one in new if not one.arrives)
        yield from self._renamed(after)

    def _kin_of(self, series: Iterable[int]) -> Kin:
        return Kin.of(self.session, self.source, [self.kept[number] for number in series])

    def _renamed(self, after: Folded) -> Iterator[Placed]:
        several = {s: c for s, c in after.chains.items() if len({_tier(x) for x in _said(c)}) > 1}
        self._load(several)
        offers = {series: offer_of(self.kept[series]) for series in several}
        for series, told in explain_renamings(several, offers, self.declared):
            if not self._is_logged(told):
                row = self.kept[series]
                yield Placed(told, row.source_id, row.provider, row.model)

    def _is_logged(self, told: Told) -> bool:
        logged = exists().where(
            col(ChangeEvent.source_id) == self.source.id,
            col(ChangeEvent.revision_id).is_(None),
            col(ChangeEvent.type) == told.type.value,
            col(ChangeEvent.detail) == told.detail,
        )
        return bool(self.session.scalar(select(logged)))

    def gather_facts(self) -> None:
        """Gather the models that the source states to be deprecated or retired."""
        self.placed += [
            Placed(told, self.source.id, self.source.provider, model)
            for model, told in explain_facts(self.session, self.source.name)
            if not self._is_logged(told)
        ]

    def gather_arrivals(self, by: datetime, cause: Cause) -> None:
        """Gather the announced prices whose day has come by a moment, if not told yet."""
        later = aliased(ChangeEvent)
        told_of = exists().where(
            col(later.series_id) == Revision.series_id,
            col(later.valid_from) == Revision.valid_from,
            col(later.type).not_in(BEFOREHAND),
            or_(
                col(later.type) != EventType.PRICE_CORRECTED.value,
                col(later.recorded_at) >= later.valid_from,
            ),
            col(later.new).is_not_distinct_from(col(Revision.amount)),
        )
        query = select(col(Revision.series_id)).where(
            col(Revision.announced),
            col(Revision.superseded).is_(None),
            col(Revision.valid_from) <= by,
            exists().where(
                col(Series.id) == Revision.series_id, col(Series.source_id) == self.source.id
            ),
            ~told_of,
        )
        series = set(self.session.scalars(query))
        self.placed += [replace(one, cause=cause) for one in self._arrived(series, by)]

    def _arrived(self, series: set[int], by: datetime) -> list[Placed]:
        self._load(series)
        stored = revisions_in_force(self.session, series)
        placed = [
            self._place(told, number)
            for number, revisions in stored.items()
            for told in explain(timeline_of(revisions))
            if told.arrives and told.valid_from <= by and not self._is_told(told, number)
        ]
        kin = self._kin_of({one.series for one in placed if one.series is not None})
        for about, events in kin.told({}).items():
            coming = [told for told in events if told.arrives and told.valid_from <= by]
            placed += [kin.place(about, one) for one in coming if not self._is_logged(one)]
        return placed

    def _is_told(self, told: Told, series: int) -> bool:
        logged = exists().where(
            col(ChangeEvent.series_id) == series,
            col(ChangeEvent.type) == told.type.value,
            col(ChangeEvent.valid_from) == told.valid_from,
            col(ChangeEvent.new).is_not_distinct_from(told.new),
        )
        return bool(self.session.scalar(select(logged)))

    def tell(self) -> int:
        """Write what was gathered to the log, in order of when it holds; give how many."""
        ordered = sorted(self.placed, key=_in_log)
        self.placed = []
        if not ordered:
            return 0
        begun = {(one.series, one.told.valid_from) for one in ordered if one.series is not None}
        revisions = ids_of(self.session, begun)
        rows = [self._row(one, revisions) for one in ordered]
        self.session.execute(insert(ChangeEvent), rows)
        return len(rows)

    def _row(
        self, placed: Placed, revisions: Mapping[tuple[int, datetime], int]
    ) -> dict[str, str | int | bool | datetime | None]:
        told = placed.told
        return {
            "sequence": self.turn.event(),
            "type": told.type.value,
            "cause": (placed.cause or self.cause).value,
            "initial": told.initial,
            "source_id": placed.source,
            "model": placed.model,
            "provider": placed.provider,
            "series_id": placed.series,
            "old": told.old,
            "new": told.new,
            "all_time_low": told.low,
            "detail": told.detail,
            "valid_from": told.valid_from,
            "recorded_at": self.turn.recorded_at,
            "ingest": self.turn.ingest(),
            "visit_id": told.visit,
            "revision_id": revisions.get((placed.series or 0, told.valid_from)),
            "text": told.text,
            "locator": told.locator,
        }


def _comings_and_goings(told: Mapping[int, Sequence[Told]]) -> Iterator[int]:
    for series, events in told.items():
        if any(event.type in COMING_AND_GOING for event in events):
            yield series


def _said(chains: Iterable[Chain]) -> Iterator[str]:
    for chain in chains:
        for _, segments in chain.stated:
            if segments:
                yield segments[0].tier


def _tier(printed: str) -> str:
    return printed.casefold()


def _in_log(placed: Placed) -> tuple[datetime, str, str, int]:
    told = placed.told
    return (told.valid_from, placed.model or "", told.type.value, placed.series or 0)
