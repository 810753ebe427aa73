"""Visits as a person is shown them: what was fetched when, what came of it, where its bytes are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.snapshots import Snapshot, is_archived
from catalog.documents.sources import GOOD, Document, RunDocument, Source, visited_by
from catalog.vocabulary import Cause, Outcome


@dataclass(frozen=True)
class VisitSeen:
    """One visit of one document."""

    id: int
    source: str
    document: str
    url: str
    fetched_at: datetime
    outcome: Outcome
    detail: str
    cause: Cause
    sha256: str | None
    archived: bool


def visits_seen(
    session: Session, visits: Collection[int], *, known: int | None = None
) -> dict[int, VisitSeen]:
    """Give some visits by their identifiers, with what was archived by the ingest ``known``."""
    query = (
        select(RunDocument, col(Document.name), col(Source.name), is_archived(known=known))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .outerjoin(Snapshot, col(Snapshot.id) == RunDocument.snapshot_id)
        .where(col(RunDocument.id).in_(visits))
    )
    return {
        visit.id: _seen(visit, document, source, archived=archived)
        for visit, document, source, archived in session.execute(query)
    }


def refused_visits(
    session: Session,
    source: str,
    *,
    limit: int,
    as_of: datetime | None = None,
    known: int | None = None,
) -> list[VisitSeen]:
    """Give a source's visits that read nothing, latest first, at most ``limit`` of them.

    Of those by ``as_of``, and that the ingest ``known`` or an earlier one took.
    """
    query = (
        select(col(RunDocument.id))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .where(
            col(Source.name) == source,
            col(RunDocument.outcome).not_in([outcome.value for outcome in GOOD]),
            *visited_by(as_of, known),
        )
        .order_by(col(RunDocument.fetched_at).desc(), col(RunDocument.id).desc())
        .limit(limit)
    )
    latest = session.scalars(query).all()
    seen = visits_seen(session, latest, known=known)
    return [seen[visit] for visit in latest]


def _seen(visit: RunDocument, document: str, source: str, *, archived: bool) -> VisitSeen:
    return VisitSeen(
        id=visit.id,
        source=source,
        document=document,
        url=visit.url,
        fetched_at=visit.fetched_at,
        outcome=Outcome(visit.outcome),
        detail=visit.detail,
        cause=Cause(visit.cause),
        sha256=visit.sha256,
        archived=archived,
    )
