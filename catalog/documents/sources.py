"""Sources and their documents as declared, and their runs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Engine,
    Index,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.store import BigId, Clock, Turn, UtcDateTime, writing
from catalog.visit import Visit
from catalog.vocabulary import Outcome


class UnknownSourceError(LookupError):
    """A source or document that nothing declares."""


class Source(SQLModel, table=True):
    """One publisher of prices, scores or rates."""

    __tablename__ = "sources"

    id: int = Field(primary_key=True)
    name: str = Field(unique=True)
    kind: str
    provider: str
    cadence_seconds: int
    reader_version: int


class Document(SQLModel, table=True):
    """One page or API answer of a source."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("source_id", "name"),)

    id: int = Field(primary_key=True)
    source_id: int = Field(foreign_key="sources.id")
    name: str
    place: int
    """In the declared order: where two documents state one series, the first one counts."""
    url: str
    forms: list[str] = Field(sa_type=JSON)
    minimum_models: int
    minimum_points: int


class Run(SQLModel, table=True):
    """One crawl of one source."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("source_id", "started_at", "cause"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    source_id: int = Field(foreign_key="sources.id")
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    cause: str
    outcome: str
    """The worst outcome of its documents."""
    ingest: int = Field(sa_type=BigInteger)
    """The last commit of this run."""


class RunDocument(SQLModel, table=True):
    """One visit: one document's part of a run."""

    __tablename__ = "run_documents"
    __table_args__ = (Index("run_documents_by_time", "document_id", "fetched_at"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    run_id: int = Field(foreign_key="runs.id")
    document_id: int = Field(foreign_key="documents.id")
    ingest: int = Field(sa_type=BigInteger)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    detail: str
    cause: str
    url: str
    sha256: str | None
    reader_version: int
    snapshot_id: int | None = Field(foreign_key="snapshots.id")
    reading_id: int | None = Field(foreign_key="readings.id")
    """What this visit read, or what it found to hold again."""


WORST_LAST = (
    Outcome.UNCHANGED,
    Outcome.OK,
    Outcome.EMPTY,
    Outcome.UNCLAIMED_PRICES,
    Outcome.PAGE_CHANGED,
    Outcome.BLOCKED,
    Outcome.ROBOTS,
    Outcome.TIMEOUT,
    Outcome.NETWORK,
    Outcome.GONE,
)
GOOD = (Outcome.OK, Outcome.UNCHANGED)
CORRECTIONS = "corrections"
"""The document of a source that stands for what persons say of it; none that is fetched."""


def worst(outcomes: Iterable[str]) -> Outcome:
    """Choose the outcome that a run of several documents is reported by."""
    return max((Outcome(outcome) for outcome in outcomes), key=WORST_LAST.index)


def declare(engine: Engine, declarations: Sequence[SourceDeclaration], *, now: Clock) -> None:
    """Write what the sources declare of themselves; what is as declared stays untouched."""
    with writing(engine, now=now) as turn:
        for declaration in declarations:
            _declare_source(turn, declaration)


def _declare_source(turn: Turn, declaration: SourceDeclaration) -> None:
    wanted = {
        "name": declaration.name,
        "kind": declaration.kind.value,
        "provider": declaration.provider,
        "cadence_seconds": int(declaration.cadence.total_seconds()),
        "reader_version": declaration.reader_version,
    }
    stored = turn.session.scalars(select(Source).filter_by(name=declaration.name)).one_or_none()
    source = stored.id if stored else 0
    if stored is None:
        inserted = insert(Source).returning(col(Source.id)).values(wanted)
        source = _anew(turn, "sources", turn.session.scalars(inserted).one())
    elif any(getattr(stored, column) != value for column, value in wanted.items()):
        turn.session.execute(update(Source).filter_by(id=stored.id).values(wanted))
        _anew(turn, "sources", source)
    for place, document in enumerate(declaration.documents):
        _declare_document(turn, source, place, document)


def _declare_document(
    turn: Turn, source: int, place: int, declaration: DocumentDeclaration
) -> None:
    wanted = declaration.model_dump(mode="json") | {"source_id": source, "place": place}
    query = select(Document).filter_by(source_id=source, name=declaration.name)
    stored = turn.session.scalars(query).one_or_none()
    if stored is None:
        inserted = insert(Document).returning(col(Document.id)).values(wanted)
        _anew(turn, "documents", turn.session.scalars(inserted).one())
    elif any(getattr(stored, column) != value for column, value in wanted.items()):
        turn.session.execute(update(Document).filter_by(id=stored.id).values(wanted))
        _anew(turn, "documents", stored.id)


def _anew(turn: Turn, table: str, row: int) -> int:
    """Note that a row is declared anew; give it."""
    turn.ingest()
    turn.again[table].add(row)
    return row


def find_source(session: Session, name: str) -> Source:
    """Find a declared source; raise UnknownSourceError."""
    source = session.scalars(select(Source).filter_by(name=name)).one_or_none()
    if source is None:
        raise UnknownSourceError(f"{name} is no declared source; `tokentape sources` lists them")
    return source


def find_document(session: Session, source: Source, name: str) -> Document:
    """Find a declared document of a source; raise UnknownSourceError."""
    query = select(Document).filter_by(source_id=source.id, name=name)
    document = session.scalars(query).one_or_none()
    if document is None:
        raise UnknownSourceError(f"{source.name} declares no document {name}")
    return document


def run_of(turn: Turn, source: Source, visit: Visit) -> int:
    """Find or open the run that a visit belongs to, and count the visit into it."""
    query = select(Run).filter_by(
        source_id=source.id, started_at=visit.begun_at, cause=visit.cause.value
    )
    run = turn.session.scalars(query).one_or_none()
    values = {
        "finished_at": max(visit.fetched_at, run.finished_at) if run else visit.fetched_at,
        "outcome": worst([visit.outcome, run.outcome] if run else [visit.outcome]).value,
        "ingest": turn.ingest(),
    }
    if run is not None:
        turn.session.execute(update(Run).filter_by(id=run.id).values(values))
        return run.id
    opened = values | {
        "source_id": source.id,
        "started_at": visit.begun_at,
        "cause": visit.cause.value,
    }
    return turn.session.scalars(insert(Run).returning(col(Run.id)).values(opened)).one()


def visited_by(as_of: datetime | None, known: int | None) -> list[ColumnElement[bool]]:
    """Ask for visits by a moment, and that an ingest or an earlier one took; None: for all."""
    asked = []
    if as_of is not None:
        asked.append(col(RunDocument.fetched_at) <= as_of)
    if known is not None:
        asked.append(col(RunDocument.ingest) <= known)
    return asked
