"""The state each source is in: how its last run went, how old it is, and what is unmapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.current.observations import FactRow, ScoreRow
from catalog.documents.sources import (
    CORRECTIONS,
    GOOD,
    Document,
    Run,
    RunDocument,
    Source,
    visited_by,
    worst,
)
from catalog.identity.renamings import Names, names_by
from catalog.past.assertions import AssertionBefore, AssertionRow
from catalog.past.series import Series
from catalog.vocabulary import Outcome


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


def source_states(
    session: Session, *, as_of: datetime | None = None, known: int | None = None
) -> list[SourceState]:
    """Give every source with its documents, how its last run went, and what is unmapped.

    By visits until ``as_of``, as it was when the ingest ``known`` was the last. What a source
    is, and which documents it has, is what is declared now.
    """
    asked = _Asked(session, as_of, known)
    latest, good = asked.latest(tuple(Outcome)), asked.latest(GOOD)
    unmapped = asked.unmapped()
    sources = session.scalars(select(Source).order_by(col(Source.name))).all()
    return [asked.state(source, latest, good, unmapped) for source in sources]


@dataclass(frozen=True)
class _Asked:
    """One question about the sources, with its two times."""

    session: Session
    as_of: datetime | None
    known: int | None

    def state(
        self,
        source: Source,
        latest: Mapping[int, RunDocument],
        good: Mapping[int, RunDocument],
        unmapped: Mapping[int, set[str]],
    ) -> SourceState:
        documents = self._documents(source)
        begun, outcome = self._last_run(source)
        seen = [good[document.id].fetched_at for document in documents if document.id in good]
        return SourceState(
            source=source.name,
            kind=source.kind,
            provider=source.provider,
            cadence=timedelta(seconds=source.cadence_seconds),
            documents=tuple(
                _document_state(document, latest.get(document.id), good.get(document.id))
                for document in documents
            ),
            last_run_at=begun,
            outcome=outcome,
            # The oldest of them: all that is served is this fresh.
            last_good_at=min(seen, default=None),
            unmapped=tuple(sorted(unmapped.get(source.id, ()))),
        )

    def _documents(self, source: Source) -> Sequence[Document]:
        query = select(Document).filter_by(source_id=source.id).order_by(col(Document.place))
        return self.session.scalars(query.where(col(Document.name) != CORRECTIONS)).all()

    def _visited(self) -> Iterable[ColumnElement[bool]]:
        return visited_by(self.as_of, self.known)

    def latest(self, outcomes: Sequence[Outcome]) -> dict[int, RunDocument]:
        """Give each document's latest visit, of those outcomes."""
        wanted = [outcome.value for outcome in outcomes]
        last = (
            select(col(RunDocument.document_id), func.max(col(RunDocument.fetched_at)).label("at"))
            .where(col(RunDocument.outcome).in_(wanted), *self._visited())
            .group_by(col(RunDocument.document_id))
            .subquery()
        )
        query = (
            select(RunDocument)
            .join(
                last,
                (last.c.document_id == RunDocument.document_id)
                & (last.c.at == RunDocument.fetched_at),
            )
            .where(col(RunDocument.outcome).in_(wanted), *self._visited())
            .order_by(col(RunDocument.id))
        )
        return {visit.document_id: visit for visit in self.session.scalars(query)}

    def _last_run(self, source: Source) -> tuple[datetime | None, Outcome | None]:
        """Say when the last run began, and how it went: the worst of its documents."""
        of_source = (
            select(col(Run.started_at), col(Run.id))
            .join(RunDocument, col(RunDocument.run_id) == Run.id)
            .join(Document, col(Document.id) == RunDocument.document_id)
            .where(
                col(Run.source_id) == source.id,
                col(Document.name) != CORRECTIONS,
                *self._visited(),
            )
            .order_by(col(Run.started_at).desc(), col(Run.id).desc())
        )
        last = self.session.execute(of_source.limit(1)).one_or_none()
        if last is None:
            return None, None
        outcomes = select(col(RunDocument.outcome)).where(
            col(RunDocument.run_id) == last.id, *self._visited()
        )
        return last.started_at, worst(self.session.scalars(outcomes))

    def unmapped(self) -> dict[int, set[str]]:
        """Give each source's printed names that no alias maps."""
        names = names_by(self.session, self.known)
        found: dict[int, set[str]] = {}
        for source, label in (*self._priced(names), *self._labelled(names)):
            found.setdefault(source, set()).add(label)
        return found

    def _priced(self, names: Names) -> Iterable[tuple[int, str]]:
        unmapped = col(Series.model).is_(None) | col(Series.id).in_(list(names.series))
        query = select(Series).where(unmapped, self._stated())
        for series in self.session.scalars(query):
            was = names.series.get(series.id, series)
            if was.model is None:
                yield series.source_id, was.subject

    def _stated(self) -> ColumnElement[bool]:
        """Ask for series of which a visit said anything; of those joined since, then."""
        now = self._of_visits(AssertionRow)
        if self.known is None:
            return now
        return now | self._of_visits(AssertionBefore, col(AssertionBefore.ingest) > self.known)

    def _of_visits(
        self, kind: type[AssertionRow | AssertionBefore], *further: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        return exists(
            select(col(kind.series_id))
            .join(RunDocument, col(RunDocument.id) == kind.visit_id)
            .where(col(kind.series_id) == Series.id, *self._visited(), *further)
        )

    def _labelled(self, names: Names) -> Iterable[tuple[int, str]]:
        for kind in (FactRow, ScoreRow):
            query = (
                select(col(Document.source_id), col(kind.label), col(kind.model))
                .join(RunDocument, col(RunDocument.id) == kind.visit_id)
                .join(Document, col(Document.id) == RunDocument.document_id)
                .where(*self._visited())
                .distinct()
            )
            for source, label, model in self.session.execute(query):
                if names.model(source, label, model) is None:
                    yield source, label


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
