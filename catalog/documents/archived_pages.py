"""Archived pages and what is in effect of them: which reading, or which refusal, at which times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.snapshots import ArchivedCopy, Snapshot, copy_of, is_archived
from catalog.documents.sources import CORRECTIONS, GOOD, Document, RunDocument, find_source
from catalog.review.holds import holds_in_effect
from catalog.vocabulary import Outcome


@dataclass(frozen=True)
class Sighting:
    """One time that a page was fetched or found unchanged, and the last word on it."""

    at: datetime
    sha256: str | None
    """Of the bytes as served; None where the site said that the page is as before."""
    outcome: Outcome
    reading: int | None
    """The stored reading's identifier; None where it was refused."""
    reader_version: int
    held: bool
    """Whether a guard keeps something of it out."""


@dataclass(frozen=True)
class ArchivedPage:
    """The archived bytes of a document, with every time they were seen."""

    document: str
    snapshot: Snapshot
    answer: Snapshot | ArchivedCopy
    """How the bytes were answered that are archived: where they were known before, later."""
    sightings: tuple[Sighting, ...]
    """In order of time; at least one."""


@dataclass
class _Seen:
    """The visits of one page at one moment: one, and one more for each later reader version."""

    document: int
    snapshot: int
    last: RunDocument
    visits: set[int]


def archived_pages(session: Session, source: str) -> list[ArchivedPage]:
    """Give a source's archived pages in order of time; raise UnknownSourceError."""
    number = find_source(session, source).id
    fetched = select(Document).filter_by(source_id=number).where(col(Document.name) != CORRECTIONS)
    documents = session.scalars(fetched).all()
    names = {document.id: document.name for document in documents}
    held = {hold.visit_id for hold in holds_in_effect(session, number)}
    seen: dict[int, list[_Seen]] = {}
    for one in _seen(session, names):
        seen.setdefault(one.snapshot, []).append(one)
    archived = set(session.scalars(select(col(Snapshot.id)).where(is_archived())))
    pages = [_page(session, names, seen[one], held) for one in seen.keys() & archived]
    return sorted(pages, key=lambda page: (page.sightings[0].at, page.document))


def _seen(session: Session, documents: Iterable[int]) -> Iterator[_Seen]:
    query = (
        select(RunDocument)
        .where(col(RunDocument.document_id).in_(documents))
        .order_by(col(RunDocument.fetched_at), col(RunDocument.reader_version), col(RunDocument.id))
    )
    last_read: dict[int, int] = {}
    found: dict[tuple[int, datetime, str | None], _Seen] = {}
    for visit in session.scalars(query):
        snapshot = visit.snapshot_id or last_read.get(visit.document_id)
        if snapshot is None or (visit.snapshot_id is None and visit.reading_id is None):
            continue
        if visit.outcome in GOOD:
            last_read[visit.document_id] = snapshot
        page = (visit.document_id, visit.fetched_at, visit.sha256)
        known = found.setdefault(page, _Seen(visit.document_id, snapshot, visit, set()))
        known.last = visit
        known.visits.add(visit.id)
    yield from found.values()


def _page(
    session: Session, names: dict[int, str], seen: Sequence[_Seen], held: set[int]
) -> ArchivedPage:
    sightings = (
        Sighting(
            at=one.last.fetched_at,
            sha256=one.last.sha256,
            outcome=Outcome(one.last.outcome),
            reading=one.last.reading_id,
            reader_version=one.last.reader_version,
            held=bool(one.visits & held),
        )
        for one in seen
    )
    snapshot = session.get_one(Snapshot, seen[0].snapshot)
    answer = copy_of(session, snapshot.id) or snapshot
    return ArchivedPage(names[seen[0].document], snapshot, answer, tuple(sightings))
