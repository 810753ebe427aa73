"""Prices of then and now: what held at a moment, as it was known at a moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack, cast

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from catalog.assertions import Chains, in_effect, load_visits, stated_by
from catalog.changes import Evidence, evidence_of
from catalog.money import from_pico
from catalog.renamings import Names, names_by
from catalog.revisions import Revision
from catalog.series import Series
from catalog.snapshots import Kept, Snapshot, is_archived, status_of
from catalog.sources import RunDocument, Source
from catalog.store import Ingest, ingest_known_at
from catalog.timeline import Assertion, Chain, Seen, amount_at
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


class Where(TypedDict, total=False):
    """Which series to give; what is not named is not asked."""

    model: str | None
    provider: str | None
    source: str | None
    series: str | None
    kind: SourceKind | None
    mapped: bool
    """Only series whose label is mapped to a model, or only those that are not."""


_CHOSEN = aliased(Revision)
"""The revision in force at the moment asked for."""
_AFTER = aliased(Revision)
"""The one after it."""


@dataclass(frozen=True)
class _Asked:
    """A question's two times; ``known`` is None for all that is known by now."""

    as_of: datetime
    known: int | None
    names: Names

    def visible(self, revision: type[Revision]) -> ColumnElement[bool]:
        """Say which revisions were in force at the ingest number asked for."""
        if self.known is None:
            return col(revision.superseded).is_(None)
        not_yet = or_(col(revision.superseded).is_(None), col(revision.superseded) > self.known)
        return and_(col(revision.ingest) <= self.known, not_yet)


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
    seek = (
        select(col(_CHOSEN.id))
        .where(
            col(_CHOSEN.series_id) == Series.id,
            col(_CHOSEN.valid_from) <= asked.as_of,
            asked.visible(_CHOSEN),
        )
        .order_by(col(_CHOSEN.valid_from).desc())
        .limit(1)
        .correlate(Series)
        .scalar_subquery()
    )
    query = _joined(asked).where(
        col(Revision.id) == seek,
        col(Revision.amount).is_not(None),
        *_conditions(where, asked.names),
    )
    return _answer(session, query, asked)


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
    query = _joined(asked).where(asked.visible(Revision), *_conditions(where, asked.names))
    if as_of is not None:
        query = query.where(col(Revision.valid_from) <= as_of)
    return _answer(session, query, asked)


def _asked(
    session: Session, *, now: datetime, as_of: datetime | None, known_at: datetime | None
) -> _Asked:
    known = None if known_at is None else ingest_known_at(session, known_at, now=now)
    return _Asked(as_of or known_at or now, known, names_by(session, known))


_Found = Row[Series, Revision, Source, RunDocument, datetime, datetime | None, bool, int | None]
_Query = Select[Series, Revision, Source, RunDocument, datetime, datetime | None, bool, int | None]


def _joined(asked: _Asked) -> _Query:
    until = (
        select(col(_AFTER.valid_from))
        .where(
            col(_AFTER.series_id) == Series.id,
            col(_AFTER.valid_from) > Revision.valid_from,
            asked.visible(_AFTER),
        )
        .order_by(col(_AFTER.valid_from))
        .limit(1)
        .correlate(Series, Revision)
        .scalar_subquery()
    )
    or_none = cast("ScalarSelect[datetime | None]", until)
    return (
        select(
            Series,
            Revision,
            Source,
            RunDocument,
            col(Ingest.recorded_at),
            or_none,
            is_archived(known=asked.known),
            status_of(known=asked.known),
        )
        .join(Revision, col(Revision.series_id) == Series.id)
        .join(Source, col(Source.id) == Series.source_id)
        .join(RunDocument, col(RunDocument.id) == Revision.visit_id)
        .join(Ingest, col(Ingest.number) == Revision.ingest)
        .outerjoin(Snapshot, col(Snapshot.id) == RunDocument.snapshot_id)
        .order_by(col(Series.slug), col(Revision.valid_from))
    )


def _conditions(where: Where, names: Names) -> Iterator[ColumnElement[bool]]:
    exact = {
        "provider": col(Series.provider),
        "source": col(Source.name),
        "series": col(Series.slug),
        "kind": col(Source.kind),
    }
    for name, column in exact.items():
        value = where.get(name)
        if value is not None:
            yield column == value
    model = where.get("model")
    if model is not None:
        yield _then(col(Series.model) == model, names, names.those("model", model))
    mapped = where.get("mapped")
    if mapped is not None:
        unmapped = _then(col(Series.model).is_(None), names, names.those("model", None))
        yield ~unmapped if mapped else unmapped


def _then(now: ColumnElement[bool], names: Names, those: Sequence[int]) -> ColumnElement[bool]:
    """Ask for what is so, of series that were renamed since: of what they were."""
    if not names.series:
        return now
    return or_(and_(now, col(Series.id).not_in(list(names.series))), col(Series.id).in_(those))


def _answer(session: Session, query: _Query, asked: _Asked) -> list[Price]:
    rows = session.execute(query).all()
    sighted = _sightings(session, rows, asked)
    return [_price(row, sighted, asked.names) for row in rows]


def _price(row: _Found, sighted: Mapping[int, datetime], names: Names) -> Price:
    series, revision, source, visit, recorded_at, until, archived, status = row
    was = names.series.get(series.id, series)
    return Price(
        series=series.slug,
        model=was.model,
        label=revision.label or was.subject,
        provider=series.provider,
        source=source.name,
        kind=SourceKind(source.kind),
        tier=was.tier,
        region=was.region,
        context_over=was.context_over,
        variant=was.variant,
        window=was.window,
        meter=Meter(series.meter),
        unit=Unit(series.unit),
        currency=series.currency,
        amount=None if revision.amount is None else from_pico(revision.amount),
        reason=revision.reason,
        list_amount=None if revision.list_amount is None else from_pico(revision.list_amount),
        valid_from=revision.valid_from,
        valid_to=until,
        precision=Precision(revision.precision),
        not_before=revision.not_before,
        confirmed_at=sighted.get(revision.id),
        recorded_at=recorded_at,
        evidence=evidence_of(visit, revision.text, revision.locator, Kept(archived, status)),
    )


def _sightings(session: Session, rows: Sequence[_Found], asked: _Asked) -> dict[int, datetime]:
    """Give each revision's last sighting, by the moment and the knowledge asked for."""
    found: dict[int, datetime] = {}
    by_source: dict[int, list[_Found]] = {}
    for row in rows:
        by_source.setdefault(row[2].id, []).append(row)
    for source, some in by_source.items():
        visits = [
            visit
            for visit in load_visits(session, source)
            if asked.known is None or visit.ingest <= asked.known
        ]
        stated = stated_by(session, {row[0].id for row in some}, asked.known)
        chains = Chains.of(in_effect(visits)).ready(stated)
        for row in some:
            moment = _last_sighting(chains[row[0].id], row, asked.as_of)
            if moment is not None:
                found[row[1].id] = moment
    return found


def _last_sighting(chains: Iterable[Chain], row: _Found, as_of: datetime) -> datetime | None:
    revision, until = row[1], row[5]
    seen = [
        moment
        for chain in chains
        for moment, segments in _span_ends(chain, until, as_of)
        if moment >= revision.valid_from and amount_at(segments, moment) == revision.amount
    ]
    return max(seen, default=None)


def _span_ends(
    chain: Chain, until: datetime | None, as_of: datetime
) -> Iterator[tuple[datetime, Assertion]]:
    """Give the last visit, by the moment, of each span in which a chain says one thing."""
    if until is None or until > as_of:
        limit = bisect_right(chain.visits, as_of, key=_at)
    else:
        limit = bisect_left(chain.visits, until, key=_at)
    ends = [index for index, _ in chain.stated[1:]] + [len(chain.visits)]
    for (start, segments), end in zip(chain.stated, ends, strict=True):
        last = min(end, limit) - 1
        if segments and last >= start:
            yield chain.visits[last].at, segments


def _at(seen: Seen) -> datetime:
    return seen.at
