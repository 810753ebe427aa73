"""A store's visits taken out again, to make a fresh store of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.declaration import SourceDeclaration
from catalog.documents.readings import SECTIONS, StoredReading, stored_rows
from catalog.documents.sources import Document, Run, RunDocument, Source, declare
from catalog.identity import Identity
from catalog.ingest import ingest
from catalog.reading import Reading
from catalog.store import reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome


def stored_visits(engine: Engine) -> list[Visit]:
    """Give every visit of a store as it was taken, in that order."""
    query = (
        select(RunDocument, col(Document.name), col(Source.name), col(Run.started_at))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .join(Run, col(Run.id) == RunDocument.run_id)
        .order_by(col(RunDocument.ingest), col(RunDocument.id))
    )
    with reading(engine) as session:
        return [
            _visit(session, visit, document, source, started_at)
            for visit, document, source, started_at in session.execute(query)
        ]


def replay(
    fresh: Engine,
    visits: Sequence[Visit],
    declarations: Sequence[SourceDeclaration],
    identity: Identity,
    now: datetime,
) -> None:
    """Take visits into a fresh store."""
    declare(fresh, declarations, now=lambda: now)
    for visit in visits:
        ingest(fresh, visit, identity=identity, now=lambda: now)


def _visit(
    session: Session, visit: RunDocument, document: str, source: str, started_at: datetime
) -> Visit:
    return Visit(
        source=source,
        document=document,
        url=visit.url,
        fetched_at=visit.fetched_at,
        started_at=started_at,
        reader_version=visit.reader_version,
        outcome=Outcome(visit.outcome),
        detail=visit.detail,
        reading=_reading(session, visit.reading_id) if visit.outcome == Outcome.OK else None,
        cause=Cause(visit.cause),
        sha256=visit.sha256,
    )


def _reading(session: Session, number: int | None) -> Reading:
    if number is None:
        raise ValueError("a good visit has no reading")
    form = session.get_one(StoredReading, number).form
    rows = stored_rows(session, number)
    read = {
        name: [dict(zip(kind.model_fields, row, strict=True)) for row in rows[name]]
        for name, kind in SECTIONS
    }
    return Reading.model_validate({"form": form, **read})
