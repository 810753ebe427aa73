"""What is known by a moment beside prices: facts, scores, rates and adjustments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from catalog.current.observations import (
    SECTIONS,
    AdjustmentRow,
    FactRow,
    Observation,
    RateRow,
    ScoreRow,
)
from catalog.documents.readings import StoredReading
from catalog.documents.sources import Document, RunDocument, Source
from catalog.identity.renamings import Names, names_by
from catalog.moments import at_midnight
from catalog.reading import Rate
from catalog.store import ingest_known_at


@dataclass(frozen=True)
class FactSeen:
    """A fact as it was last stated, and when that was first seen."""

    source: str
    model: str | None
    printed: str
    provider: str
    name: str
    value: str
    evidence: str
    seen_at: datetime


@dataclass(frozen=True)
class ScoreSeen:
    """A benchmark result as it was last stated, and when that was first seen."""

    source: str
    model: str | None
    printed: str
    benchmark: str
    score: Decimal
    date: date | None
    """The day the source gives it, where it gives one."""
    evidence: str
    seen_at: datetime


@dataclass(frozen=True)
class AdjustmentSeen:
    """A multiplier as it was last stated, and when that was first seen."""

    source: str
    name: str
    factor: Decimal
    scope: str
    valid_from: date | None
    valid_to: date | None
    evidence: str
    seen_at: datetime


@dataclass(frozen=True)
class By:
    """The moment by which something must have been seen, and the ingest number it is known by."""

    seen: datetime | None = None
    ingest: int | None = None

    @classmethod
    def asked(
        cls,
        session: Session,
        *,
        now: datetime,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> "By":
        """Make it from the two times of a question; raise FutureError as ``prices`` does."""
        known = None if known_at is None else ingest_known_at(session, known_at, now=now)
        return cls(as_of or known_at or now, known)


NOW = By()
T = TypeVar("T", bound=Observation)


@dataclass(frozen=True)
class Stated(Generic[T]):
    """One observation, and where and when it was first made."""

    row: T
    model: str | None
    """The model's id, of something that has a label, as it was known then."""
    source: str
    document: str
    form: str
    seen_at: datetime
    url: str
    first: bool
    """Made at the first visit of its document in its form."""


def stated(
    session: Session,
    table: type[T],
    by: By,
    *,
    source: str | None = None,
    names: Sequence[str] = (),
) -> Iterator[Stated[T]]:
    """Give what was stated, in order of time, each time it differs from what was said before.

    ``names`` asks for some facts only.
    """
    query = _query(table, by)
    if source is not None:
        query = query.where(col(Source.name) == source)
    if names:
        query = query.where(col(FactRow.name).in_(names))
    section = next(one for one in SECTIONS.values() if one.table is table)
    called = names_by(session, by.ingest)
    said: dict[tuple[object, ...], tuple[object, ...]] = {}
    for row, document, number, publisher, form, seen_at, url, first in session.execute(query):
        key = (publisher, document, form, *(getattr(row, name) for name in section.identity))
        says = tuple(getattr(row, name) for name in section.says)
        if said.get(key) != says:
            said[key] = says
            model = _model(row, number, called)
            yield Stated(row, model, publisher, document, form, seen_at, url, seen_at == first)


def _model(row: Observation, source: int, names: Names) -> str | None:
    if not isinstance(row, FactRow | ScoreRow):
        return None
    return names.model(source, row.label, row.model)


def _query(table: type[T], by: By) -> Select[T, str, int, str, str, datetime, str, datetime]:
    """Ask for observations without those of visits that a later reader replaced."""
    query = (
        select(
            table,
            col(Document.name),
            col(Source.id),
            col(Source.name),
            col(StoredReading.form),
            col(RunDocument.fetched_at),
            col(RunDocument.url),
            _first_visit(),
        )
        .join(RunDocument, col(RunDocument.id) == table.visit_id)
        .join(StoredReading, col(StoredReading.id) == RunDocument.reading_id)
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .where(_not_replaced(by))
        .order_by(
            col(RunDocument.fetched_at),
            col(Document.place).desc(),
            col(RunDocument.sha256),
            col(table.id),
        )
    )
    if by.seen is not None:
        query = query.where(col(RunDocument.fetched_at) <= by.seen)
    if by.ingest is not None:
        query = query.where(col(RunDocument.ingest) <= by.ingest)
    return query


_EARLIER, _AGAIN = aliased(RunDocument), aliased(RunDocument)
_READ = aliased(StoredReading)


@cache
def _first_visit() -> ScalarSelect[datetime]:
    """Ask for the first visit of the same document in the same form."""
    return (
        select(func.min(col(_EARLIER.fetched_at)))
        .join(_READ, col(_READ.id) == _EARLIER.reading_id)
        .where(col(_EARLIER.document_id) == Document.id, col(_READ.form) == StoredReading.form)
        .correlate(Document, StoredReading)
        .scalar_subquery()
    )


def _not_replaced(by: By) -> ColumnElement[bool]:
    """Leave out visits whose page was read again by a later version of its reader."""
    again = [
        col(_AGAIN.document_id) == RunDocument.document_id,
        col(_AGAIN.fetched_at) == RunDocument.fetched_at,
        col(_AGAIN.sha256) == RunDocument.sha256,
        col(_AGAIN.reader_version) > RunDocument.reader_version,
    ]
    if by.ingest is not None:
        again.append(col(_AGAIN.ingest) <= by.ingest)
    return ~exists().where(*again).correlate(RunDocument)


def facts(session: Session, by: By = NOW, *, model: str | None = None) -> list[FactSeen]:
    """Give each source's last word on each fact, of one model or of all."""
    latest: dict[tuple[str, str, str, str], FactSeen] = {}
    for one in stated(session, FactRow, by):
        row = one.row
        if model in (None, one.model):
            latest[one.source, row.provider, row.label, row.name] = FactSeen(
                one.source,
                one.model,
                row.label,
                row.provider,
                row.name,
                row.value,
                row.evidence,
                one.seen_at,
            )
    return [seen for _, seen in sorted(latest.items())]


def scores(session: Session, by: By = NOW, *, model: str | None = None) -> list[ScoreSeen]:
    """Give each source's last word on each result that counts by a moment.

    A result counts from the day its source gives, else from when it was first seen.
    """
    latest: dict[tuple[str, str, str, str], ScoreSeen] = {}
    for one in stated(session, ScoreRow, By(None, by.ingest)):
        row, day = one.row, _day(one.row.date)
        counts_from = at_midnight(day) if day else one.seen_at
        if model in (None, one.model) and (by.seen is None or counts_from <= by.seen):
            latest[one.source, row.label, row.benchmark, row.date or ""] = ScoreSeen(
                one.source,
                one.model,
                row.label,
                row.benchmark,
                Decimal(row.score),
                day,
                row.evidence,
                one.seen_at,
            )
    return [seen for _, seen in sorted(latest.items())]


def rates(
    session: Session,
    by: By = NOW,
    *,
    since: date | None = None,
    currencies: Sequence[str] = (),
) -> list[Rate]:
    """Give the reference rates of all days up to a moment, in order of day and currency.

    ``currencies`` asks for some only.
    """
    query = (
        select(col(RateRow.date), col(RateRow.currency), col(RateRow.rate))
        .join(RunDocument, col(RunDocument.id) == RateRow.visit_id)
        .where(_not_replaced(by))
        .order_by(col(RunDocument.fetched_at), col(RunDocument.sha256))
    )
    if by.ingest is not None:
        query = query.where(col(RunDocument.ingest) <= by.ingest)
    if by.seen is not None:
        query = query.where(col(RateRow.date) <= by.seen.date().isoformat())
    if since is not None:
        query = query.where(col(RateRow.date) >= since.isoformat())
    if currencies:
        query = query.where(col(RateRow.currency).in_(currencies))
    latest = {(day, currency): rate for day, currency, rate in session.execute(query)}
    return [
        Rate(currency=currency, rate=Decimal(rate), date=date.fromisoformat(day))
        for (day, currency), rate in sorted(latest.items())
    ]


def adjustments(session: Session, by: By = NOW) -> list[AdjustmentSeen]:
    """Give each source's last word on each multiplier."""
    latest: dict[tuple[str, str, str], AdjustmentSeen] = {}
    for one in stated(session, AdjustmentRow, by):
        row = one.row
        latest[one.source, row.name, row.scope] = AdjustmentSeen(
            one.source,
            row.name,
            Decimal(row.factor),
            row.scope,
            _day(row.valid_from),
            _day(row.valid_to),
            row.evidence,
            one.seen_at,
        )
    return [seen for _, seen in sorted(latest.items())]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
