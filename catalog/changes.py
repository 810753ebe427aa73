"""The log of change events: one gapless order, and each event bound to what it explains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.money import from_pico
from catalog.series import Series
from catalog.sources import RunDocument, Source
from catalog.store import Base, BigId, UtcDateTime, last_ingest
from catalog.vocabulary import Cause, EventType


class ChangeEvent(Base):
    """What became different, under its number in the log."""

    __tablename__ = "change_events"

    sequence: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    type: Mapped[str]
    cause: Mapped[str]
    initial: Mapped[bool]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    model: Mapped[str | None] = mapped_column(index=True)
    provider: Mapped[str]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    old: Mapped[int | None] = mapped_column(BigInteger)
    new: Mapped[int | None] = mapped_column(BigInteger)
    all_time_low: Mapped[bool]
    detail: Mapped[str] = mapped_column(Text)
    """What an event that is not of one price says: the offer, the names before and after …"""
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ingest: Mapped[int] = mapped_column(BigInteger)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("run_documents.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    text: Mapped[str] = mapped_column(Text)
    locator: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Evidence:
    """Where a price can be checked: the page, when it was fetched, its bytes and its words."""

    url: str
    fetched_at: datetime
    sha256: str | None
    text: str
    locator: str


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
    evidence: Evidence | None


class Where(TypedDict, total=False):
    """Which events to give; what is not named is not asked."""

    model: str | None
    provider: str | None
    source: str | None
    types: Sequence[EventType]
    initial: bool | None
    """Only what was there at first sight, or only what was not."""


def since(
    session: Session, sequence: int = 0, *, limit: int = 100, **where: Unpack[Where]
) -> list[Event]:
    """Give the events after a number of the log, in its order, at most ``limit`` of them."""
    query = (
        select(ChangeEvent, Source.name, Series, RunDocument)
        .join(Source, Source.id == ChangeEvent.source_id)
        .outerjoin(Series, Series.id == ChangeEvent.series_id)
        .outerjoin(RunDocument, RunDocument.id == ChangeEvent.visit_id)
        .where(ChangeEvent.sequence > sequence, *_conditions(where))
        .order_by(ChangeEvent.sequence)
        .limit(limit)
    )
    return [_event(*row) for row in session.execute(query)]


def _conditions(where: Where) -> Iterator[ColumnElement[bool]]:
    model, provider = where.get("model"), where.get("provider")
    source, types = where.get("source"), where.get("types")
    if model is not None:
        yield ChangeEvent.model == model
    if provider is not None:
        yield ChangeEvent.provider == provider
    if source is not None:
        yield Source.name == source
    initial = where.get("initial")
    if initial is not None:
        yield ChangeEvent.initial == initial
    if types:
        yield ChangeEvent.type.in_([kind.value for kind in types])


def _event(
    row: ChangeEvent, source: str, series: Series | None, visit: RunDocument | None
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
        evidence=_evidence(row, visit),
    )


def _ratio(old: int | None, new: int | None) -> Decimal | None:
    if not old or new is None:
        return None
    return round(Decimal(new) / Decimal(old), 6).normalize()


def _direction(old: int | None, new: int | None) -> str | None:
    if old is None or new is None or old == new:
        return None
    return "up" if new > old else "down"


def _evidence(row: ChangeEvent, visit: RunDocument | None) -> Evidence | None:
    if visit is None:
        return None
    return Evidence(visit.url, visit.fetched_at, visit.sha256, row.text, row.locator)


def last_sequence(session: Session) -> int:
    """Give the number of the log's last event; 0 while it is empty."""
    query = select(ChangeEvent.sequence).order_by(ChangeEvent.sequence.desc()).limit(1)
    return session.scalars(query).one_or_none() or 0


def catalog_version(session: Session) -> int:
    """Give a number that moves with every commit that alters answers."""
    return last_ingest(session)
