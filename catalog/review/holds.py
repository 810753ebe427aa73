"""Holds: what guards keep from being published until something lifts it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ColumnElement, insert, select, true, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import Field, SQLModel, col

from catalog.documents.sources import Document, RunDocument
from catalog.documents.visits import VisitSeen, visits_seen
from catalog.past.series import Key
from catalog.review.guards import Held, HoldScope, Lift, lifted_by, name_of
from catalog.store import BigId, Ingest
from catalog.vocabulary import Word


class Decision(Word):
    """What became of a hold."""

    OPEN = "open", "it waits for a person"
    APPROVED = "approved", "a person let it through"
    REJECTED = "rejected", "a person found the reading wrong: it stays out"
    REPEATED = "repeated", "identical readings showed that the page means it"
    AGREED = "agreed", "other sources came to state the same"


class Hold(SQLModel, table=True):
    """What one guard holds of one visit."""

    __tablename__ = "holds"

    id: int = Field(sa_type=BigId, primary_key=True)
    visit_id: int = Field(foreign_key="run_documents.id", index=True)
    guard: str
    scope: str
    about: str
    """The subject or series it is about; empty for the document."""
    reasons: list[str] = Field(sa_type=JSON)
    ingest: int = Field(sa_type=BigInteger)
    decision: str
    decided: int | None = Field(sa_type=BigInteger)
    """The ingest number of the decision."""


KEPT_OUT = (Decision.OPEN.value, Decision.REJECTED.value)


def keep_holds(session: Session, visit: int, held: Iterable[Held], ingest: int) -> None:
    """Store what is held of a visit."""
    rows = [
        {
            "visit_id": visit,
            "guard": one.guard.name,
            "scope": one.guard.scope.value,
            "about": one.about,
            "reasons": list(one.reasons),
            "ingest": ingest,
            "decision": Decision.OPEN.value,
        }
        for one in held
    ]
    if rows:
        session.execute(insert(Hold), rows)


def holds_in_effect(session: Session, source: int) -> list[Hold]:
    """Give the holds of a source's visits that keep something out."""
    query = (
        select(Hold)
        .join(RunDocument, col(RunDocument.id) == Hold.visit_id)
        .join(Document, col(Document.id) == RunDocument.document_id)
        .where(col(Document.source_id) == source, col(Hold.decision).in_(KEPT_OUT))
    )
    return list(session.scalars(query))


def open_holds(session: Session) -> list[Hold]:
    """Give all holds that wait for a person, oldest first."""
    return list(session.scalars(select(Hold).filter_by(decision="open").order_by(col(Hold.id))))


def holds_lifted_by(session: Session, lift: Lift, *, but: int) -> dict[int, list[Hold]]:
    """Give the holds that wait and that one thing would lift, of all sources but one."""
    return _by_source(
        session,
        col(Hold.decision) == Decision.OPEN.value,
        col(Hold.guard).in_(lifted_by(lift)),
        col(Document.source_id) != but,
    )


def holds_numbered(session: Session, numbers: Sequence[int]) -> dict[int, list[Hold]]:
    """Give some holds by source."""
    return _by_source(session, col(Hold.id).in_(numbers))


def _by_source(session: Session, *which: ColumnElement[bool]) -> dict[int, list[Hold]]:
    query = (
        select(col(Document.source_id), Hold)
        .join(RunDocument, col(RunDocument.document_id) == Document.id)
        .join(Hold, col(Hold.visit_id) == RunDocument.id)
        .where(*which)
        .order_by(col(Document.source_id), col(Hold.id))
    )
    found: dict[int, list[Hold]] = {}
    for source, hold in session.execute(query):
        found.setdefault(source, []).append(hold)
    return found


@dataclass(frozen=True)
class HoldSeen:
    """A hold with the visit whose word it keeps back."""

    hold: Hold
    visit: VisitSeen
    since: datetime
    """When it was recorded."""
    decided_at: datetime | None
    """When something became of it; None while it is open."""
    state: Decision
    """What became of it, by the moment asked for."""


_DECIDED = aliased(Ingest)


def holds_seen(
    session: Session,
    decisions: Iterable[Decision],
    *,
    as_of: datetime | None = None,
    known: int | None = None,
) -> list[HoldSeen]:
    """Give the holds of which one of these became, each with its visit, oldest first.

    Of visits by ``as_of``, and as it was when the ingest ``known`` was the last.
    """
    query = (
        select(Hold, col(Ingest.recorded_at), col(_DECIDED.recorded_at))
        .join(Ingest, col(Ingest.number) == Hold.ingest)
        .outerjoin(_DECIDED, (col(_DECIDED.number) == Hold.decided) & _known(_DECIDED, known))
        .where(_known(Ingest, known))
        .order_by(col(Hold.id))
    )
    rows = session.execute(query).all()
    visits = visits_seen(session, {hold.visit_id for hold, _, _ in rows}, known=known)
    wanted = set(decisions)
    seen = (
        HoldSeen(hold, visits[hold.visit_id], since, at, _state(hold, at))
        for hold, since, at in rows
    )
    return [
        one
        for one in seen
        if one.state in wanted and (as_of is None or one.visit.fetched_at <= as_of)
    ]


def _known(ingest: type[Ingest], known: int | None) -> ColumnElement[bool]:
    return true() if known is None else col(ingest.number) <= known


def _state(hold: Hold, decided_at: datetime | None) -> Decision:
    return Decision.OPEN if decided_at is None else Decision(hold.decision)


def decide(session: Session, holds: Sequence[int], decision: Decision, ingest: int) -> None:
    """Write what became of some holds."""
    session.execute(
        update(Hold)
        .where(col(Hold.id).in_(holds), col(Hold.decision) == Decision.OPEN.value)
        .values(decision=decision.value, decided=ingest)
    )


@dataclass
class KeptOut:
    """What the holds of one visit keep out."""

    everything: bool = False
    subjects: set[str] = field(default_factory=set)
    series: set[str] = field(default_factory=set)

    def add(self, hold: Hold) -> None:
        """Keep out what one more hold is about."""
        if hold.scope == HoldScope.DOCUMENT:
            self.everything = True
        elif hold.scope == HoldScope.MODEL:
            self.subjects.add(hold.about)
        else:
            self.series.add(hold.about)

    def covers(self, key: Key) -> bool:
        """Whether what the visit says of a series is kept out."""
        return self.everything or key.subject in self.subjects or name_of(key) in self.series


def kept_out(holds: Iterable[Hold]) -> dict[int, KeptOut]:
    """Give what is kept out, by visit."""
    found: dict[int, KeptOut] = {}
    for hold in holds:
        found.setdefault(hold.visit_id, KeptOut()).add(hold)
    return found


def lifts(lift: Lift, hold: Hold) -> bool:
    """Whether one thing lifts a hold."""
    return hold.guard in lifted_by(lift)
