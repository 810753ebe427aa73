"""What is known of a document from its last good visit: what a conditional request needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.snapshots import Snapshot, copy_of
from catalog.documents.sources import GOOD, Document, RunDocument, Source, find_source
from catalog.review.holds import holds_in_effect


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGood:
    """The last visit of a document whose bytes were read, or held again."""

    url: str
    fetched_at: datetime
    sha256: str
    reader_version: int
    headers: Mapping[str, str]
    """As kept with the bytes, names in lower case."""
    archived: bool
    sightings: tuple[tuple[datetime, str | None], ...]
    """When these bytes were seen without others between, and the sha256 each visit had."""
    held: bool
    """Whether a guard keeps something of them out."""


def last_good(session: Session, source: str, document: str) -> LastGood | None:
    """Find a document's last good visit that has bytes; None before the first."""
    query = (
        select(RunDocument)
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .where(
            col(Source.name) == source,
            col(Document.name) == document,
            col(RunDocument.outcome).in_([outcome.value for outcome in GOOD]),
            col(RunDocument.reading_id).is_not(None),
        )
        .order_by(col(RunDocument.fetched_at).desc(), col(RunDocument.reader_version).desc())
    )
    return _known(session, source, session.scalars(query).all())


def _known(session: Session, source: str, visits: Sequence[RunDocument]) -> LastGood | None:
    last = next((visit for visit in visits if visit.snapshot_id is not None), None)
    snapshot = session.get(Snapshot, last.snapshot_id) if last else None
    if last is None or snapshot is None:
        return None
    answer = copy_of(session, snapshot.id) or snapshot
    same = list(takewhile(lambda visit: visit.snapshot_id in {None, snapshot.id}, visits))
    holds = holds_in_effect(session, find_source(session, source).id)
    return LastGood(
        url=last.url,
        fetched_at=last.fetched_at,
        sha256=snapshot.sha256,
        reader_version=last.reader_version,
        headers={name.lower(): value for name, value in answer.headers},
        archived=snapshot.archived or answer is not snapshot,
        sightings=tuple(dict.fromkeys((visit.fetched_at, visit.sha256) for visit in same)),
        held=not {visit.id for visit in same}.isdisjoint(hold.visit_id for hold in holds),
    )


def was_read(session: Session, sha256: str, reader_version: int) -> bool:
    """Whether some visit had these bytes, read by this version of their reader or a later one."""
    query = select(col(RunDocument.id)).where(
        col(RunDocument.sha256) == sha256, col(RunDocument.reader_version) >= reader_version
    )
    return session.scalars(query.limit(1)).one_or_none() is not None
