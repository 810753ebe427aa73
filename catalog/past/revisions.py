"""Revisions: what a series' price is from a moment on, recorded at a moment; never overwritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Index,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlmodel import Field, SQLModel, col

from catalog.past.series import CHUNK, Series
from catalog.past.timeline import Entry, Segment
from catalog.store import BigId, UtcDateTime
from catalog.vocabulary import Precision


class Revision(SQLModel, table=True):
    """From ``valid_from`` on a series' price is this, until its next revision.

    An end is a revision without an amount. ``superseded`` goes from NULL to the ingest number
    that knew better, once; nothing else ever changes.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        Index(
            "revisions_in_force",
            "series_id",
            "valid_from",
            unique=True,
            sqlite_where=text("superseded IS NULL"),
            postgresql_where=text("superseded IS NULL"),
        ),
        Index(
            "revisions_announced",
            "announced",
            "valid_from",
            sqlite_where=text("announced = 1 AND superseded IS NULL"),
            postgresql_where=text("announced AND superseded IS NULL"),
        ),
        Index(
            "revisions_by_day",
            "valid_from",
            sqlite_where=text("superseded IS NULL"),
            postgresql_where=text("superseded IS NULL"),
        ),
        Index(
            "revisions_amounts",
            "series_id",
            "valid_from",
            "amount",
            sqlite_where=text("superseded IS NULL"),
            postgresql_where=text("superseded IS NULL"),
        ),
        Index("revisions_by_time", "series_id", "valid_from", "ingest"),
        Index(
            "revisions_superseded",
            "superseded",
            sqlite_where=text("superseded IS NOT NULL"),
            postgresql_where=text("superseded IS NOT NULL"),
        ),
    )

    id: int = Field(sa_type=BigId, primary_key=True)
    series_id: int = Field(foreign_key="series.id")
    valid_from: datetime = Field(sa_type=UtcDateTime)
    amount: int | None = Field(sa_type=BigInteger)
    """Pico-units of the currency per unit; None: the price has come to an end."""
    reason: str
    """withdrawn or ended; empty where there is an amount."""
    precision: str
    not_before: datetime | None = Field(sa_type=UtcDateTime)
    announced: bool
    initial: bool
    visit_id: int = Field(foreign_key="run_documents.id")
    """The visit that proves it."""
    label: str
    """The model as printed there."""
    tier: str
    """The tier as printed there."""
    list_amount: int | None = Field(sa_type=BigInteger)
    text: str = Field(sa_type=Text)
    """The page's own words."""
    locator: str = Field(sa_type=Text)
    ingest: int = Field(sa_type=BigInteger)
    superseded: int | None = Field(sa_type=BigInteger)


_TABLE = SQLModel.metadata.tables["revisions"]
Column = str | int | bool | datetime | None


def columns_of(entry: Entry) -> dict[str, Column]:
    """Give an entry of a timeline as a revision's columns."""
    segment = entry.segment
    return {
        "valid_from": entry.valid_from,
        "amount": entry.amount,
        "reason": entry.reason,
        "precision": entry.precision.value,
        "not_before": entry.not_before,
        "announced": entry.announced,
        "initial": entry.initial,
        "visit_id": entry.visit,
        "label": segment.label if segment else "",
        "tier": segment.tier if segment else "",
        "list_amount": segment.list_amount if segment else None,
        "text": segment.text if segment else "",
        "locator": segment.locator if segment else "",
    }


def entry_of(revision: Revision) -> Entry:
    """Give a stored revision as an entry of a timeline."""
    segment = Segment(
        revision.amount or 0,
        None,
        None,
        revision.label,
        revision.tier,
        revision.list_amount,
        revision.text,
        revision.locator,
    )
    return Entry(
        revision.valid_from,
        revision.amount,
        revision.reason,
        Precision(revision.precision),
        revision.not_before,
        revision.visit_id,
        None if revision.amount is None else segment,
        announced=revision.announced,
        initial=revision.initial,
    )


@dataclass(frozen=True)
class Revised:
    """How many revisions an ingest added and superseded."""

    added: int
    superseded: int


def revisions_in_force(session: Session, series: Iterable[int]) -> dict[int, list[Revision]]:
    """Give the revisions of some series that nothing superseded, in order of time."""
    wanted = sorted(series)
    found: dict[int, list[Revision]] = {number: [] for number in wanted}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        query = (
            select(Revision)
            .where(col(Revision.series_id).in_(part), col(Revision.superseded).is_(None))
            .order_by(col(Revision.series_id), col(Revision.valid_from))
        )
        for revision in session.scalars(query):
            found[revision.series_id].append(revision)
    return found


_OTHER = aliased(Revision)
_MOMENT: BindParameter[datetime] = bindparam("moment", type_=UtcDateTime)
_OF_SERIES = (col(_OTHER.series_id) == Series.id, col(_OTHER.superseded).is_(None))
_FIRST = select(func.min(col(_OTHER.valid_from))).where(*_OF_SERIES)
_AT_MOMENT = select(func.max(col(_OTHER.valid_from))).where(
    *_OF_SERIES, col(_OTHER.valid_from) <= _MOMENT
)


def first_in_force(session: Session, series: Iterable[int]) -> dict[int, list[Revision]]:
    """Give of each of some series only the first revision that nothing superseded."""
    first = _FIRST.correlate(Series).scalar_subquery()
    return _sought(session, series, col(Revision.valid_from) == first)


def revisions_since(
    session: Session, series: Iterable[int], moment: datetime
) -> dict[int, list[Revision]]:
    """Give of each of some series the revision in force at a moment and all that follow it."""
    begin = func.coalesce(_AT_MOMENT.correlate(Series).scalar_subquery(), _MOMENT)
    return _sought(session, series, col(Revision.valid_from) >= begin, moment=moment)


def _sought(
    session: Session, series: Iterable[int], condition: ColumnElement[bool], **values: datetime
) -> dict[int, list[Revision]]:
    """Seek revisions series by series, so that a long past is not gone through."""
    wanted = sorted(series)
    found: dict[int, list[Revision]] = {number: [] for number in wanted}
    for start in range(0, len(wanted), CHUNK):
        query = (
            select(Revision)
            .select_from(Series)
            .join(Revision, (col(Revision.series_id) == Series.id) & condition)
            .where(
                col(Series.id).in_(wanted[start : start + CHUNK]),
                col(Revision.superseded).is_(None),
            )
            .order_by(col(Revision.series_id), col(Revision.valid_from))
        )
        for revision in session.scalars(query, values):
            found[revision.series_id].append(revision)
    return found


def lowest_by(session: Session, series: Iterable[int], moment: datetime) -> dict[int, int]:
    """Give the lowest amount that each of some series had by a moment."""
    wanted = sorted(series)
    found: dict[int, int] = {}
    for start in range(0, len(wanted), CHUNK):
        query = (
            select(col(Revision.series_id), func.min(col(Revision.amount)))
            .where(
                col(Revision.series_id).in_(wanted[start : start + CHUNK]),
                col(Revision.superseded).is_(None),
                col(Revision.valid_from) <= moment,
                col(Revision.amount).is_not(None),
            )
            .group_by(col(Revision.series_id))
        )
        found |= {n: lowest for n, lowest in session.execute(query) if lowest is not None}
    return found


def ids_of(
    session: Session, wanted: Collection[tuple[int, datetime]]
) -> dict[tuple[int, datetime], int]:
    """Give the revisions in force that begin at some moments of some series, where there are."""
    ordered = sorted(wanted)
    found: dict[tuple[int, datetime], int] = {}
    for start in range(0, len(ordered), CHUNK):
        part = ordered[start : start + CHUNK]
        query = select(col(Revision.series_id), col(Revision.valid_from), col(Revision.id)).where(
            col(Revision.series_id).in_({series for series, _ in part}),
            col(Revision.valid_from).in_({moment for _, moment in part}),
            col(Revision.superseded).is_(None),
        )
        found |= {(series, moment): number for series, moment, number in session.execute(query)}
    return found


def revise(
    session: Session,
    wanted: Mapping[int, Sequence[Entry]],
    stored: Mapping[int, Sequence[Revision]],
    ingest: int,
) -> Revised:
    """Make the revisions in force those of the timelines; what is right already stays."""
    gone: list[int] = []
    new: list[dict[str, Column]] = []
    for series, entries in wanted.items():
        columns = [columns_of(entry) for entry in entries]
        have = [_stored_columns(revision) for revision in stored[series]]
        gone += [
            revision.id
            for revision, known in zip(stored[series], have, strict=True)
            if known not in columns
        ]
        new += [c | {"series_id": series, "ingest": ingest} for c in columns if c not in have]
    _supersede(session, gone, ingest)
    if new:
        session.execute(insert(Revision), new)
    return Revised(len(new), len(gone))


_NAMES = (
    "valid_from",
    "amount",
    "reason",
    "precision",
    "not_before",
    "announced",
    "initial",
    "visit_id",
    "label",
    "tier",
    "list_amount",
    "text",
    "locator",
)


def _stored_columns(revision: Revision) -> dict[str, Column]:
    return {name: getattr(revision, name) for name in _NAMES}


def _supersede(session: Session, revisions: Sequence[int], ingest: int) -> None:
    if not revisions:
        return
    statement = update(_TABLE).where(_TABLE.c.id == bindparam("revision")).values(superseded=ingest)
    session.connection().execute(statement, [{"revision": number} for number in revisions])
