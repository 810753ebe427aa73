"""Sources and their documents as declared, their runs, and the state each is in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Engine,
    Index,
    Select,
    TableClause,
    UniqueConstraint,
    column,
    func,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.series import Series
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
    if stored is None:
        turn.session.execute(insert(Source).values(wanted))
        turn.ingest()
    elif any(getattr(stored, column) != value for column, value in wanted.items()):
        turn.session.execute(update(Source).filter_by(id=stored.id).values(wanted))
        turn.ingest()
    source = turn.session.scalars(select(col(Source.id)).filter_by(name=declaration.name)).one()
    for place, document in enumerate(declaration.documents):
        _declare_document(turn, source, place, document)


def _declare_document(
    turn: Turn, source: int, place: int, declaration: DocumentDeclaration
) -> None:
    wanted = declaration.model_dump(mode="json") | {"source_id": source, "place": place}
    query = select(Document).filter_by(source_id=source, name=declaration.name)
    stored = turn.session.scalars(query).one_or_none()
    if stored is None:
        turn.session.execute(insert(Document).values(wanted))
        turn.ingest()
    elif any(getattr(stored, column) != value for column, value in wanted.items()):
        turn.session.execute(update(Document).filter_by(id=stored.id).values(wanted))
        turn.ingest()


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


@dataclass(frozen=True)
class DocumentState:
    """How a document's last visit went."""

    document: str
    url: str
    outcome: Outcome | None
    """None where it was never visited."""
    detail: str
    fetched_at: datetime | None
    last_good_at: datetime | None


@dataclass(frozen=True)
class SourceState:
    """A source as ``/sources`` and ``tokentape sources`` show it."""

    source: str
    kind: str
    provider: str
    cadence: timedelta
    documents: tuple[DocumentState, ...]
    last_run_at: datetime | None
    outcome: Outcome | None
    """Of the last run: the worst of its documents; None before the first."""
    last_good_at: datetime | None
    unmapped: tuple[str, ...]
    """Printed names that no alias maps to a model."""

    @property
    def in_words(self) -> str:
        """The last run's outcome in plain words."""
        return self.outcome.meaning if self.outcome else "not crawled yet"


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


def source_states(session: Session) -> list[SourceState]:
    """Give every source with its documents, how its last run went, and what is unmapped."""
    latest, good = _latest(session, ()), _latest(session, GOOD)
    unmapped = _unmapped(session)
    sources = session.scalars(select(Source).order_by(col(Source.name))).all()
    return [
        SourceState(
            source=source.name,
            kind=source.kind,
            provider=source.provider,
            cadence=timedelta(seconds=source.cadence_seconds),
            documents=tuple(
                _document_state(document, latest.get(document.id), good.get(document.id))
                for document in _documents_of(session, source)
            ),
            last_run_at=run.started_at if (run := _last_run(session, source)) else None,
            outcome=Outcome(run.outcome) if run else None,
            last_good_at=_last_good_at(session, source, good),
            unmapped=tuple(sorted(unmapped.get(source.id, ()))),
        )
        for source in sources
    ]


def _documents_of(session: Session, source: Source) -> Sequence[Document]:
    query = select(Document).filter_by(source_id=source.id).order_by(col(Document.place))
    return session.scalars(query.where(col(Document.name) != CORRECTIONS)).all()


def _last_good_at(
    session: Session, source: Source, good: Mapping[int, RunDocument]
) -> datetime | None:
    """Give the oldest of its documents' last good visits: all that is served is this fresh."""
    documents = _documents_of(session, source)
    seen = [good[document.id].fetched_at for document in documents if document.id in good]
    return min(seen, default=None)


def _document_state(
    document: Document, latest: RunDocument | None, good: RunDocument | None
) -> DocumentState:
    return DocumentState(
        document=document.name,
        url=document.url,
        outcome=Outcome(latest.outcome) if latest else None,
        detail=latest.detail if latest else "",
        fetched_at=latest.fetched_at if latest else None,
        last_good_at=good.fetched_at if good else None,
    )


def _latest(session: Session, outcomes: Sequence[Outcome]) -> dict[int, RunDocument]:
    """Give each document's latest visit, of those outcomes where any are named."""
    wanted = [outcome.value for outcome in outcomes or Outcome]
    last = (
        select(col(RunDocument.document_id), func.max(col(RunDocument.fetched_at)).label("at"))
        .where(col(RunDocument.outcome).in_(wanted))
        .group_by(col(RunDocument.document_id))
        .subquery()
    )
    query = (
        select(RunDocument)
        .join(
            last,
            (last.c.document_id == RunDocument.document_id) & (last.c.at == RunDocument.fetched_at),
        )
        .where(col(RunDocument.outcome).in_(wanted))
        .order_by(col(RunDocument.id))
    )
    return {visit.document_id: visit for visit in session.scalars(query)}


def _last_run(session: Session, source: Source) -> Run | None:
    query = (
        select(Run)
        .join(RunDocument, col(RunDocument.run_id) == Run.id)
        .join(Document, col(Document.id) == RunDocument.document_id)
        .where(col(Run.source_id) == source.id, col(Document.name) != CORRECTIONS)
        .order_by(col(Run.started_at).desc(), col(Run.id).desc())
    )
    return session.scalars(query.limit(1)).one_or_none()


_LABELLED = tuple(
    table(name, column("visit_id"), column("label"), column("model"))
    for name in ("facts", "scores")
)
"""Tables of what is stated about printed names; they are declared on top of this module."""


def _unmapped(session: Session) -> dict[int, set[str]]:
    """Give each source's printed names that no alias maps."""
    priced = select(col(Series.source_id), col(Series.subject)).where(col(Series.model).is_(None))
    found: dict[int, set[str]] = {}
    for query in (priced, *(_unmapped_in(labelled) for labelled in _LABELLED)):
        for source, label in session.execute(query.distinct()):
            found.setdefault(source, set()).add(label)
    return found


def _unmapped_in(labelled: TableClause) -> Select[int, str]:
    return (
        select(col(Document.source_id), labelled.c.label)
        .join(RunDocument, col(RunDocument.id) == labelled.c.visit_id)
        .join(Document, col(Document.id) == RunDocument.document_id)
        .select_from(labelled)
        .where(labelled.c.model.is_(None))
    )
