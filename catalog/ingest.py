"""The one way into history: a visit becomes runs, readings, revisions and events, or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.current.lifecycle import NAMES
from catalog.documents.health import report_health
from catalog.documents.readings import canonical, keep_reading
from catalog.documents.snapshots import keep_snapshot
from catalog.documents.sources import (
    Document,
    RunDocument,
    Source,
    find_document,
    find_source,
    run_of,
)
from catalog.events.explain import declared_renamings
from catalog.events.publish import Folded, Publisher
from catalog.identity import Identity
from catalog.moments import print_moment
from catalog.past.assertions import series_stated_at
from catalog.past.folding import Past
from catalog.past.recent import recent_since
from catalog.past.visited import Visited
from catalog.review.deciding import let_through
from catalog.review.guards import REPEATS_THAT_LIFT, Held, Lift
from catalog.review.holds import (
    Decision,
    Hold,
    decide,
    holds_in_effect,
    holds_lifted_by,
    keep_holds,
    lifts,
)
from catalog.review.judging import judge_visit
from catalog.store import Clock, Turn, writing
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome

JUST_LATER = timedelta(microseconds=1)


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
    """Why a person must look before this is published; for a backfill, notes only."""


def ingest(engine: Engine, visit: Visit, *, identity: Identity, now: Clock) -> IngestResult:
    """Take one visit into the catalog, in one transaction under the sequence lock.

    Raises UnknownSourceError where no source or document of that name is declared.
    """
    with writing(engine, now=now) as turn:
        source = find_source(turn.session, visit.source)
        document = find_document(turn.session, source, visit.document)
        return _Taking(turn, source, document, visit, identity).take()


def arrive(engine: Engine, *, now: Clock) -> int:
    """Tell of every announced price whose day has come; give how many events that made."""
    with writing(engine, now=now) as turn:
        sources = turn.session.scalars(select(Source).order_by(col(Source.id))).all()
        return sum(_arrived(turn, source) for source in sources)


def _arrived(turn: Turn, source: Source) -> int:
    publisher = Publisher(turn, source, Cause.ARRIVED)
    publisher.gather_arrivals(turn.now, Cause.ARRIVED)
    return publisher.tell()


@dataclass
class _Taking:
    """One visit on its way into the store."""

    turn: Turn
    source: Source
    document: Document
    visit: Visit
    identity: Identity
    past: Past = field(init=False)

    def __post_init__(self) -> None:
        restated = self.turn.again["run_documents"]
        self.past = Past(self.session, self.source, self.identity, restated)

    @property
    def session(self) -> Session:
        return self.turn.session

    @property
    def observed(self) -> bool:
        return self.visit.cause is Cause.OBSERVED

    def take(self) -> IngestResult:
        versions = self._stored_versions()
        if versions and max(versions) >= self.visit.reader_version:
            return IngestResult(self.visit.outcome, self.visit.detail, known=True)
        if self.observed and not versions:
            self.visit = self._in_order()
        snapshot = keep_snapshot(self.turn, self.document.id, self.visit)
        reading = self._reading()
        number = self._keep_visit(snapshot, reading)
        result = IngestResult(self.visit.outcome, self.visit.detail)
        if reading is not None:
            result = self._fold_in(number, reread=bool(versions))
        if self.observed:
            told = report_health(self.turn, self.source, self.document, self.visit)
            told += self._let_others_through(reading)
            result = replace(result, events=result.events + told)
        return result

    def _let_others_through(self, reading: int | None) -> int:
        """Lift what is held of other sources and this one states too; give how many events."""
        waiting = holds_lifted_by(self.session, Lift.AGREEMENT, but=self.source.id)
        if reading is None or not waiting:
            return 0
        subjects = {key.subject for key in self.past.said(reading)}
        stated = {
            source: [hold for hold in holds if hold.about in subjects]
            for source, holds in waiting.items()
        }
        return let_through(self.turn, stated, self.identity)

    def _stored_versions(self) -> Sequence[int]:
        """Give the reader versions by which this very page was visited already."""
        query = select(col(RunDocument.reader_version)).filter_by(
            document_id=self.document.id,
            fetched_at=self.visit.fetched_at,
            sha256=self.visit.sha256,
        )
        return self.session.scalars(query).all()

    def _in_order(self) -> Visit:
        """Date what is seen now after what was seen before, also where the clock was set back.

        Else an old price would seem to follow the new one, and a change be told that never was.
        """
        query = select(func.max(col(RunDocument.fetched_at))).filter_by(
            document_id=self.document.id, cause=Cause.OBSERVED.value
        )
        last = self.session.scalar(query)
        if last is None or self.visit.fetched_at > last:
            return self.visit
        by_clock = f"fetched at {print_moment(self.visit.fetched_at)} by a clock that was set back"
        detail = "; ".join(filter(None, (self.visit.detail, by_clock)))
        return self.visit.model_copy(update={"fetched_at": last + JUST_LATER, "detail": detail})

    def _reading(self) -> int | None:
        if self.visit.reading is None:
            return self._still_holding()
        return keep_reading(
            self.session,
            self.document.id,
            reader_version=self.visit.reader_version,
            made=canonical(self.visit.reading),
        )

    def _still_holding(self) -> int | None:
        """Find the document's last reading, where the visit says that it holds again."""
        if self.visit.outcome is not Outcome.UNCHANGED:
            return None
        query = (
            select(col(RunDocument.reading_id))
            .where(
                col(RunDocument.document_id) == self.document.id,
                col(RunDocument.fetched_at) <= self.visit.fetched_at,
                col(RunDocument.reading_id).is_not(None),
            )
            .order_by(col(RunDocument.fetched_at).desc(), col(RunDocument.reader_version).desc())
            .limit(1)
        )
        return self.session.scalars(query).one_or_none()

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
        statement = insert(RunDocument).returning(col(RunDocument.id)).values(row)
        return self.session.scalars(statement).one()

    def _fold_in(self, number: int, *, reread: bool) -> IngestResult:
        holds = holds_in_effect(self.session, self.source.id)
        self.past.since = recent_since(self.session, self.document.id, number, holds)
        this = next(visit for visit in self.past.visits if visit.id == number)
        neighbours = self.past.mend(this, {hold.visit_id for hold in holds})
        repeated = self._repeated(this, holds)
        touched = self.past.near(this, neighbours)
        touched |= series_stated_at(self.session, {hold.visit_id for hold in repeated})
        self.past.begin(this, touched, holds)
        before = self.past.fold_recent(touched, holds, without=this.id)
        held = judge_visit(self.past, this, before, holds, now=self.turn.now)
        if self.observed and held:
            keep_holds(self.session, this.id, held, self.turn.ingest())
        if repeated:
            lifted = [hold.id for hold in repeated]
            decide(self.session, lifted, Decision.REPEATED, self.turn.ingest())
        holds = holds_in_effect(self.session, self.source.id)
        after = self.past.fold_recent(touched, holds)
        return self._publish(before, after, held, reread=this.id if reread else None)

    def _publish(
        self, before: Folded, after: Folded, held: Sequence[Held], *, reread: int | None
    ) -> IngestResult:
        cause = Cause.CORRECTED if reread is not None else self.visit.cause
        declared = declared_renamings(self.identity, self.source.name)
        publisher = Publisher(self.turn, self.source, cause, declared)
        revised = publisher.publish(before, after, reread=reread)
        if self._states_an_end():
            publisher.gather_facts()
        arrived = Cause.ARRIVED if self.observed else self.visit.cause
        publisher.gather_arrivals(self._arrived_by(), arrived)
        return IngestResult(
            self.visit.outcome,
            self.visit.detail,
            points=len(self.visit.reading.points) if self.visit.reading else 0,
            added_revisions=revised.added,
            superseded_revisions=revised.superseded,
            events=publisher.tell(),
            held=tuple(str(one) for one in held),
        )

    def _states_an_end(self) -> bool:
        return self.visit.reading is not None and any(
            fact.name in NAMES for fact in self.visit.reading.facts
        )

    def _arrived_by(self) -> datetime:
        """Say which announced days count as come: today's, or for a backfill, its pages' own."""
        return self.turn.now if self.observed else self.past.visits[-1].at

    def _repeated(self, this: Visited, holds: Iterable[Hold]) -> list[Hold]:
        """Find the holds that this visit lifts, as a further identical reading."""
        chain = self.past.chains.visits[this.chain]
        places = {visit.id: place for place, visit in enumerate(chain)}
        return [
            hold
            for hold in holds
            if hold.decision == Decision.OPEN
            and lifts(Lift.REPEATS, hold)
            and hold.visit_id in places
            if _repeats(chain[places[hold.visit_id] :])
        ]


def _repeats(visits: Sequence[Visited]) -> bool:
    """Whether the first visit's reading was read again, and again, and nothing else since."""
    return len(visits) > REPEATS_THAT_LIFT and len({visit.reading for visit in visits}) == 1
