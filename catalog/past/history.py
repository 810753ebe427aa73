"""Prices of then and now: what held at a moment, as it was known at a moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Unpack

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.snapshots import Kept, Snapshot, is_archived, status_of
from catalog.documents.sources import RunDocument
from catalog.events.changes import Evidence, Page, evidence_of
from catalog.identity.renamings import Names, names_by
from catalog.money import from_pico
from catalog.past.in_force import Asked, Found, Where, revisions_at, revisions_by
from catalog.past.last_words import parts
from catalog.past.sightings import sightings_ever, sightings_now
from catalog.store import ingest_known_at
from catalog.vocabulary import Meter, Precision, SourceKind, Unit


@dataclass(frozen=True)
class Price:
    """One price of one series: what holds from a moment on, and how that is known."""

    series: str
    """The series' readable identifier."""
    model: str | None
    """The model's id; None where no alias maps the label."""
    label: str
    """The model as printed."""
    provider: str
    source: str
    kind: SourceKind
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: Meter
    unit: Unit
    currency: str
    amount: Decimal | None
    """In the currency per unit; None: the price has come to an end."""
    reason: str
    """Why there is no amount: withdrawn or ended; empty where there is one."""
    list_amount: Decimal | None
    valid_from: datetime
    valid_to: datetime | None
    """Exclusive: when the next revision holds, as far as one is known; it may lie ahead."""
    precision: Precision
    not_before: datetime | None
    confirmed_at: datetime | None
    """The last sighting of this price by the moment asked for."""
    recorded_at: datetime
    evidence: Evidence


def prices(
    session: Session,
    *,
    now: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    **where: Unpack[Where],
) -> list[Price]:
    """Give the prices in force at a moment, one for each series, in order of series.

    ``as_of`` asks when they held and ``known_at`` when that was known; both are now unless said
    otherwise. Raises FutureError for a ``known_at`` after now.
    """
    asked = _asked(session, now=now, as_of=as_of, known_at=known_at)
    rows = revisions_at(session, asked, where)
    return _answer(session, rows, sightings_now(session, rows, asked), asked)


def series_history(
    session: Session,
    *,
    now: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    **where: Unpack[Where],
) -> list[Price]:
    """Give every revision of the series asked for, ended ones too, in order.

    Also announced ones, unless ``as_of`` asks for those that began to hold by a moment.
    """
    asked = _asked(session, now=now, as_of=as_of, known_at=known_at)
    rows = revisions_by(session, asked, where, ahead=as_of is None)
    return _answer(session, rows, sightings_ever(session, rows, asked), asked)


def _asked(
    session: Session, *, now: datetime, as_of: datetime | None, known_at: datetime | None
) -> Asked:
    known = None if known_at is None else ingest_known_at(session, known_at, now=now)
    return Asked(as_of or known_at or now, known, names_by(session, known))


def _answer(
    session: Session, rows: Sequence[Found], sighted: Mapping[int, datetime], asked: Asked
) -> list[Price]:
    pages = _pages(session, {row.visit for row in rows}, asked.known)
    return [_price(row, pages[row.visit], sighted, asked.names) for row in rows]


def _pages(
    session: Session, visits: Iterable[int], known: int | None
) -> dict[int, tuple[Page, Kept]]:
    """Give some visits with what is kept of each one's answer."""
    pages: dict[int, tuple[Page, Kept]] = {}
    for part in parts(visits):
        rows = session.connection().execute(_visited(known), {"visits": part})
        for archived, status, *page in rows:
            visit, kept = Page(*page), Kept(archived, status)  # type: ignore[arg-type] # the types of a row this wide are lost
            pages[visit.id] = (visit, kept)
    return pages


@lru_cache(8)
def _visited(known: int | None) -> Select[*tuple[object, ...]]:
    columns = (getattr(RunDocument, name) for name in Page._fields)
    return (
        select(is_archived(known=known), status_of(known=known), *columns)
        .select_from(RunDocument)
        .outerjoin(Snapshot, col(Snapshot.id) == RunDocument.snapshot_id)
        .where(col(RunDocument.id).in_(bindparam("visits", expanding=True)))
    )


_KINDS = {kind.value: kind for kind in SourceKind}
_METERS = {meter.value: meter for meter in Meter}
_UNITS = {unit.value: unit for unit in Unit}
_PRECISIONS = {precision.value: precision for precision in Precision}


def _price(
    row: Found,
    page: tuple[Page, Kept],
    sighted: Mapping[int, datetime],
    names: Names,
) -> Price:
    was = names.series.get(row.id, row)
    visit, kept = page
    return Price(
        series=row.slug,
        model=was.model,
        label=row.label or was.subject,
        provider=row.provider,
        source=row.source,
        kind=_KINDS[row.kind],
        tier=was.tier,
        region=was.region,
        context_over=was.context_over,
        variant=was.variant,
        window=was.window,
        meter=_METERS[row.meter],
        unit=_UNITS[row.unit],
        currency=row.currency,
        amount=None if row.amount is None else from_pico(row.amount),
        reason=row.reason,
        list_amount=None if row.list_amount is None else from_pico(row.list_amount),
        valid_from=row.valid_from,
        valid_to=row.until,
        precision=_PRECISIONS[row.precision],
        not_before=row.not_before,
        confirmed_at=sighted.get(row.revision),
        recorded_at=row.recorded_at,
        evidence=evidence_of(visit, row.text, row.locator, kept),
    )
