"""The log of change events: one gapless order, and each event bound to what it explains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypedDict, Unpack

from sqlalchemy import BigInteger, ColumnElement, Index, Row, Select, Text, select, text
from sqlalchemy.orm import Mapped, Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.snapshots import Kept, Snapshot, is_archived, status_of
from catalog.documents.sources import RunDocument, Source
from catalog.money import from_pico
from catalog.past.series import Series
from catalog.store import BigId, Ingest, UtcDateTime, last_ingest
from catalog.vocabulary import Cause, EventType


class ChangeEvent(SQLModel, table=True):
    """What became different, under its number in the log."""

    __tablename__ = "change_events"
    __table_args__ = (
        Index("change_events_by_model", "model", "valid_from"),
        Index(
            "change_events_of_no_revision",
            "source_id",
            "type",
            sqlite_where=text("revision_id IS NULL"),
            postgresql_where=text("revision_id IS NULL"),
        ),
    )

    sequence: int = Field(
        sa_type=BigId, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    type: str
    cause: str
    initial: bool
    source_id: int = Field(foreign_key="sources.id")
    model: str | None = Field(index=True)
    provider: str
    series_id: int | None = Field(foreign_key="series.id", index=True)
    old: int | None = Field(sa_type=BigInteger)
    new: int | None = Field(sa_type=BigInteger)
    all_time_low: bool
    detail: str = Field(sa_type=Text)
    """What an event that is not of one price says: the offer, the names before and after …"""
    valid_from: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    ingest: int = Field(sa_type=BigInteger)
    visit_id: int | None = Field(foreign_key="run_documents.id")
    revision_id: int | None = Field(foreign_key="revisions.id")
    text: str = Field(sa_type=Text)
    locator: str = Field(sa_type=Text)


class SupersededEvent(SQLModel, table=True):
    """An event that does not explain what is known any more, and the ingest that knew better."""

    __tablename__ = "superseded_events"

    sequence: int = Field(
        sa_type=BigId,
        primary_key=True,
        foreign_key="change_events.sequence",
        sa_column_kwargs={"autoincrement": False},
    )
    ingest: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Evidence:
    """Where a price can be checked: the page, when it was fetched, its bytes and its words."""

    url: str
    fetched_at: datetime
    sha256: str | None
    text: str
    locator: str
    archived: bool
    """Whether the archive holds its bytes under their sha256."""
    status: int | None
    """How the page was answered; None where that is not known, as of a bundled reading."""
    reader_version: int
    """The version of our reader that read it."""
    corrected_by: str | None = None
    """Why a person corrected what was read; None where it is as it was read."""


@dataclass(frozen=True)
class Event:
    """One event as the log, the API and the feeds give it."""

    sequence: int
    type: EventType
    cause: Cause
    initial: bool
    model: str | None
    provider: str
    source: str
    series: str | None
    """The series' readable identifier."""
    old: Decimal | None
    new: Decimal | None
    currency: str | None
    unit: str | None
    meter: str | None
    ratio: Decimal | None
    """New to old; None where either is absent or the old one is zero."""
    direction: str | None
    """up or down."""
    all_time_low: bool
    detail: str
    valid_from: datetime
    recorded_at: datetime
    superseded_at: datetime | None
    """When later knowledge came to tell it otherwise; None: it explains what is known."""
    evidence: Evidence | None


class Where(TypedDict, total=False):
    """Which events to give: those with one of each; what is not named, or empty, is not asked."""

    models: Sequence[str] | None
    providers: Sequence[str] | None
    sources: Sequence[str] | None
    series: Sequence[str] | None
    meters: Sequence[str] | None
    currencies: Sequence[str] | None
    types: Sequence[EventType] | None
    causes: Sequence[Cause] | None
    initial: bool | None
    """Only what was there at first sight, or only what was not."""
    all_time_low: bool | None
    moved: bool | None
    """Only prices that went up or down; False is not asked."""


def since(
    session: Session,
    sequence: int = 0,
    *,
    limit: int = 100,
    as_of: datetime | None = None,
    known: int | None = None,
    **where: Unpack[Where],
) -> list[Event]:
    """Give the events after a number of the log, in its order, at most ``limit`` of them.

    ``as_of`` leaves out what is so from a later moment on, ``known`` what a later ingest told.
    """
    following = col(ChangeEvent.sequence) > sequence
    conditions = (following, *_then(as_of, known), *_conditions(where))
    query = _seen(known).where(*conditions).order_by(col(ChangeEvent.sequence)).limit(limit)
    return [_shown(row) for row in session.execute(query)]


def until(
    session: Session, sequence: int, *, limit: int = 100, **where: Unpack[Where]
) -> list[Event]:
    """Give the events up to and with a number of the log, the latest first."""
    conditions = (col(ChangeEvent.sequence) <= sequence, *_conditions(where))
    latest = col(ChangeEvent.sequence).desc()
    query = _seen(None).where(*conditions).order_by(latest).limit(limit)
    return [_shown(row) for row in session.execute(query)]


def _seen(
    known: int | None,
) -> Select[ChangeEvent, str, Series, RunDocument, bool, int | None, datetime]:
    """Select events with what is known of them by an ingest."""
    return (
        select(
            ChangeEvent,
            col(Source.name),
            Series,
            RunDocument,
            is_archived(known=known),
            status_of(known=known),
            col(Ingest.recorded_at),
        )
        .join(Source, col(Source.id) == ChangeEvent.source_id)
        .outerjoin(SupersededEvent, _superseded(known))
        .outerjoin(Ingest, col(Ingest.number) == SupersededEvent.ingest)
        .outerjoin(Series, col(Series.id) == ChangeEvent.series_id)
        .outerjoin(RunDocument, col(RunDocument.id) == ChangeEvent.visit_id)
        .outerjoin(Snapshot, col(Snapshot.id) == RunDocument.snapshot_id)
    )


def _shown(
    row: Row[ChangeEvent, str, Series, RunDocument, bool, int | None, datetime],
) -> Event:
    event, source, series, visit, archived, status, superseded_at = row
    shown = _event(event, source, series, visit, Kept(archived, status))
    return replace(shown, superseded_at=superseded_at)


def _superseded(known: int | None) -> ColumnElement[bool]:
    of_event = col(SupersededEvent.sequence) == ChangeEvent.sequence
    return of_event if known is None else of_event & (col(SupersededEvent.ingest) <= known)


def _then(as_of: datetime | None, known: int | None) -> Iterator[ColumnElement[bool]]:
    if as_of is not None:
        yield col(ChangeEvent.valid_from) <= as_of
    if known is not None:
        yield col(ChangeEvent.ingest) <= known


def _conditions(where: Where) -> Iterator[ColumnElement[bool]]:
    wanted: tuple[tuple[Mapped[str] | Mapped[str | None], Sequence[str] | None], ...] = (
        (col(ChangeEvent.model), where.get("models")),
        (col(ChangeEvent.provider), where.get("providers")),
        (col(Source.name), where.get("sources")),
        (col(Series.slug), where.get("series")),
        (col(Series.meter), where.get("meters")),
        (col(Series.currency), where.get("currencies")),
        (col(ChangeEvent.type), where.get("types")),
        (col(ChangeEvent.cause), where.get("causes")),
    )
    for column, values in wanted:
        if values:
            yield column.in_([str(value) for value in values])
    initial = where.get("initial")
    if initial is not None:
        yield col(ChangeEvent.initial) == initial
    all_time_low = where.get("all_time_low")
    if all_time_low is not None:
        yield col(ChangeEvent.all_time_low) == all_time_low
    if where.get("moved"):
        yield col(ChangeEvent.new) != col(ChangeEvent.old)


def _event(
    row: ChangeEvent,
    source: str,
    series: Series | None,
    visit: RunDocument | None,
    kept: Kept,
) -> Event:
    return Event(
        sequence=row.sequence,
        type=EventType(row.type),
        cause=Cause(row.cause),
        initial=row.initial,
        model=row.model,
        provider=row.provider,
        source=source,
        series=series.slug if series else None,
        old=None if row.old is None else from_pico(row.old),
        new=None if row.new is None else from_pico(row.new),
        currency=series.currency if series else None,
        unit=series.unit if series else None,
        meter=series.meter if series else None,
        ratio=_ratio(row.old, row.new),
        direction=_direction(row.old, row.new),
        all_time_low=row.all_time_low,
        detail=row.detail,
        valid_from=row.valid_from,
        recorded_at=row.recorded_at,
        superseded_at=None,
        evidence=_evidence(row, visit, kept),
    )


def _ratio(old: int | None, new: int | None) -> Decimal | None:
    if not old or new is None:
        return None
    return round(Decimal(new) / Decimal(old), 6).normalize()


def _direction(old: int | None, new: int | None) -> str | None:
    if old is None or new is None or old == new:
        return None
    return "up" if new > old else "down"


def _evidence(row: ChangeEvent, visit: RunDocument | None, kept: Kept) -> Evidence | None:
    return evidence_of(visit, row.text, row.locator, kept) if visit else None


class Page(NamedTuple):
    """One visit, as far as it is evidence."""

    id: int
    url: str
    fetched_at: datetime
    sha256: str | None
    reader_version: int
    reading_id: int | None
    cause: str
    detail: str


def evidence_of(visit: RunDocument | Page, text: str, locator: str, kept: Kept) -> Evidence:
    """Give a visit as the evidence of words that it states."""
    is_correction = visit.cause == Cause.CORRECTED and visit.reading_id is None
    return Evidence(
        visit.url,
        visit.fetched_at,
        visit.sha256,
        text,
        locator,
        kept.archived,
        kept.status,
        visit.reader_version,
        visit.detail if is_correction else None,
    )


def last_sequence(session: Session, known: int | None = None) -> int:
    """Give the number of the log's last event, or the last by an ingest; 0 while it is empty."""
    query = select(col(ChangeEvent.sequence)).order_by(col(ChangeEvent.sequence).desc()).limit(1)
    query = query.where(*_then(None, known))
    return session.scalars(query).one_or_none() or 0


def catalog_version(session: Session) -> int:
    """Give a number that moves with every commit that alters answers."""
    return last_ingest(session)
