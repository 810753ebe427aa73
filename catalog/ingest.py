"""The one way into history: a visit becomes runs, readings, revisions and events, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Engine, insert, select

from catalog.assertions import (
    Chains,
    Visited,
    in_effect,
    keep_assertions,
    load_visits,
    series_stated_at,
)
from catalog.identity import Identity
from catalog.readings import Row, canonical, keep_reading, stored_rows
from catalog.revisions import Revised, revise, revisions_in_force
from catalog.series import Identifier, Key, assert_of, open_series, says
from catalog.snapshots import keep_snapshot
from catalog.sources import (
    Document,
    RunDocument,
    Source,
    find_document,
    find_source,
    run_of,
)
from catalog.store import Clock, Turn, writing
from catalog.timeline import Timeline, fold
from catalog.visit import Visit
from catalog.vocabulary import Outcome


@dataclass(frozen=True)
class IngestResult:
    """What a visit came to."""

    outcome: Outcome
    detail: str = ""
    known: bool = False
    """The same visit was stored before; nothing was added, no run either."""
    points: int = 0
    added_revisions: int = 0
    superseded_revisions: int = 0
    events: int = 0
    held: tuple[str, ...] = ()
    """Why a person must look before this is published; empty where it is published."""


def ingest(engine: Engine, visit: Visit, *, identity: Identity, now: Clock) -> IngestResult:
    """Take one visit into the catalog, in one transaction under the sequence lock.

    Raises UnknownSourceError where no source or document of that name is declared.
    """
    with writing(engine, now=now) as turn:
        source = find_source(turn.session, visit.source)
        document = find_document(turn.session, source, visit.document)
        return _Visit(turn, source, document, visit, identity).take()


@dataclass
class _Visit:
    """One visit on its way into the store."""

    turn: Turn
    source: Source
    document: Document
    visit: Visit
    identity: Identity
    groups: dict[int, dict[Key, list[Row]]] = field(default_factory=dict)

    def take(self) -> IngestResult:
        if self._is_known():
            return IngestResult(self.visit.outcome, self.visit.detail, known=True)
        snapshot = keep_snapshot(self.turn.session, self.document.id, self.visit)
        reading = self._reading()
        number = self._keep_visit(snapshot, reading)
        if reading is None:
            return IngestResult(self.visit.outcome, self.visit.detail)
        revised = self._fold_in(number)
        points = len(self.visit.reading.points) if self.visit.reading else 0
        return IngestResult(
            self.visit.outcome,
            self.visit.detail,
            points=points,
            added_revisions=revised.added,
            superseded_revisions=revised.superseded,
        )

    def _is_known(self) -> bool:
        """Whether this visit is stored: the same bytes at the same time, read no worse."""
        query = select(RunDocument.reader_version).filter_by(
            document_id=self.document.id,
            fetched_at=self.visit.fetched_at,
            sha256=self.visit.sha256,
        )
        versions = self.turn.session.scalars(query).all()
        return bool(versions) and max(versions) >= self.visit.reader_version

    def _reading(self) -> int | None:
        if self.visit.reading is None:
            return self._still_holding()
        return keep_reading(
            self.turn.session,
            self.document.id,
            reader_version=self.visit.reader_version,
            made=canonical(self.visit.reading),
        )

    def _still_holding(self) -> int | None:
        """Find the document's last reading, where the visit says that it holds again."""
        if self.visit.outcome is not Outcome.UNCHANGED:
            return None
        query = (
            select(RunDocument.reading_id)
            .where(
                RunDocument.document_id == self.document.id,
                RunDocument.fetched_at <= self.visit.fetched_at,
                RunDocument.reading_id.is_not(None),
            )
            .order_by(RunDocument.fetched_at.desc(), RunDocument.reader_version.desc())
            .limit(1)
        )
        return self.turn.session.scalars(query).one_or_none()

    def _keep_visit(self, snapshot: int | None, reading: int | None) -> int:
        row = {
            "run_id": run_of(self.turn, self.source, self.visit),
            "document_id": self.document.id,
            "ingest": self.turn.ingest(),
            "fetched_at": self.visit.fetched_at,
            "outcome": self.visit.outcome.value,
            "detail": self.visit.detail,
            "cause": self.visit.cause.value,
            "url": self.visit.url,
            "sha256": self.visit.sha256,
            "reader_version": self.visit.reader_version,
            "snapshot_id": snapshot,
            "reading_id": reading,
        }
        statement = insert(RunDocument).returning(RunDocument.id).values(row)
        return self.turn.session.scalars(statement).one()

    def _fold_in(self, number: int) -> Revised:
        visits = load_visits(self.turn.session, self.source.id)
        chains = Chains.of(in_effect(visits))
        this = next(visit for visit in visits if visit.id == number)
        start, end = self._mend(chains, visits, this)
        near = [v.id for v in visits if start <= v.at and (end is None or v.at <= end)]
        touched = series_stated_at(self.turn.session, near)
        return self._revise(chains, touched)

    def _mend(
        self, chains: Chains, visits: Iterable[Visited], this: Visited
    ) -> tuple[datetime, datetime | None]:
        """Say what differs between visits that are neighbours now; give the time between them."""
        affected = {this.chain} | {v.chain for v in visits if v.page == this.page}
        starts, ends = [this.at], []
        for chain in affected:
            before, after = chains.around(chain, this)
            line = [before, this, after] if chain == this.chain else [before, after]
            for one, other in pairwise(line):
                self._compare(one, other)
            starts += [before.at] if before else []
            ends.append(after.at if after else None)
        return min(starts), None if None in ends else max(end for end in ends if end)

    def _compare(self, before: Visited | None, after: Visited | None) -> None:
        if after is None or (before is not None and before.reading == after.reading):
            return
        old = self._groups(before.reading) if before else {}
        new = self._groups(after.reading)
        moved = [
            key
            for key in old.keys() | new.keys()
            if says(old.get(key, ())) != says(new.get(key, ()))
        ]
        series = open_series(
            self.turn.session, (self.source.id, self.source.name), sorted(moved), self._mapped
        )
        said = {series[key]: assert_of(new.get(key, ())) for key in moved}
        keep_assertions(self.turn.session, after.id, said)

    @property
    def _mapped(self) -> dict[str, str]:
        return {model: model for model in self.identity.models}

    def _groups(self, reading: int) -> dict[Key, list[Row]]:
        if reading not in self.groups:
            rows = stored_rows(self.turn.session, reading)["points"]
            self.groups[reading] = self._identifier.group(rows)
        return self.groups[reading]

    @property
    def _identifier(self) -> Identifier:
        return Identifier(self.identity, self.source.name, self.source.provider)

    def _revise(self, chains: Chains, touched: Iterable[int]) -> Revised:
        loaded = chains.load(self.turn.session, touched)
        timelines: dict[int, Timeline] = {series: fold(said) for series, said in loaded.items()}
        stored = revisions_in_force(self.turn.session, timelines)
        wanted = {series: timeline.entries for series, timeline in timelines.items()}
        return revise(self.turn.session, wanted, stored, self.turn.ingest())
