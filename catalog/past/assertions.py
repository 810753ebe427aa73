"""What each visit newly says of a series: the readings' index by series, and its chains.

A chain is all visits of one document in one form, in order of time. A row says that from this
visit on the chain asserts something else than at the visit before; rows that repeat what was
said are harmless. So a series' whole past is read without opening old readings.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Index, Text, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.document_forms import keep_form
from catalog.documents.readings import StoredReading
from catalog.documents.sources import RunDocument
from catalog.past.series import CHUNK
from catalog.past.timeline import Assertion, Segment
from catalog.past.visited import StatedAt
from catalog.store import UtcDateTime


class AssertionRow(SQLModel, table=True):
    """From one visit on, a document's form asserts these segments for a series."""

    __tablename__ = "assertions"
    __table_args__ = (Index("assertions_by_time", "series_id", "form_id", "at"),)

    series_id: int = Field(foreign_key="series.id", primary_key=True)
    visit_id: int = Field(foreign_key="run_documents.id", primary_key=True, index=True)
    form_id: int = Field(foreign_key="document_forms.id")
    """The visit's document and form: its chain."""
    at: datetime = Field(sa_type=UtcDateTime)
    """The visit's moment."""
    segments: str = Field(sa_type=Text)
    """JSON: a list of segments, empty for absence; null where the reading contradicts itself."""


class AssertionBefore(SQLModel, table=True):
    """What was stored of a series until an ingest found anew what its source's readings say."""

    __tablename__ = "assertions_before"

    series_id: int = Field(foreign_key="series.id", primary_key=True)
    visit_id: int = Field(foreign_key="run_documents.id", primary_key=True)
    ingest: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    segments: str = Field(sa_type=Text)


def load_stated(session: Session, series: Iterable[int]) -> dict[int, list[StatedAt]]:
    """Give what visits newly say of each of some series."""
    wanted = sorted(series)
    stated: dict[int, list[StatedAt]] = {number: [] for number in wanted}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        query = select(
            col(AssertionRow.series_id), col(AssertionRow.visit_id), col(AssertionRow.segments)
        ).where(col(AssertionRow.series_id).in_(part))
        for number, visit, segments in session.execute(query):
            stated[number].append((visit, unpack(segments)))
    return stated


class StatedSince(NamedTuple):
    """What one visit of a form newly says of a series."""

    series: int
    form: int
    visit: int
    segments: str


def stated_since(
    session: Session, series: Iterable[int], forms: Sequence[int], moment: datetime
) -> list[StatedSince]:
    """Give what visits of some forms since a moment newly say of each of some series."""
    wanted = sorted(series)
    found: list[StatedSince] = []
    for start in range(0, len(wanted), CHUNK):
        query = select(
            col(AssertionRow.series_id),
            col(AssertionRow.form_id),
            col(AssertionRow.visit_id),
            col(AssertionRow.segments),
        ).where(
            col(AssertionRow.series_id).in_(wanted[start : start + CHUNK]),
            col(AssertionRow.form_id).in_(forms),
            col(AssertionRow.at) >= moment,
        )
        found += [StatedSince(*row) for row in session.execute(query)]
    return found


def stated_by(
    session: Session, series: Iterable[int], known: int | None
) -> dict[int, list[StatedAt]]:
    """Give what visits newly say of each of some series, as stored when an ingest was the last."""
    stated = load_stated(session, series)
    if known is None:
        return stated
    before: dict[int, dict[int, list[StatedAt]]] = {}
    for row in _kept_since(session, sorted(stated), known):
        then = before.setdefault(row.series_id, {}).setdefault(row.ingest, [])
        then.append((row.visit_id, unpack(row.segments)))
    return stated | {number: times[min(times)] for number, times in before.items()}


def _kept_since(session: Session, series: Sequence[int], known: int) -> Iterator[AssertionBefore]:
    for start in range(0, len(series), CHUNK):
        part = series[start : start + CHUNK]
        query = select(AssertionBefore).where(
            col(AssertionBefore.series_id).in_(part), col(AssertionBefore.ingest) > known
        )
        yield from session.scalars(query)


Stored = Mapping[int, Mapping[int, str]]
"""What is stored of each of some series, by visit."""


def stored_of(session: Session, series: Sequence[int]) -> Stored:
    """Give what is stored of some series, as it is stored."""
    found: dict[int, dict[int, str]] = {number: {} for number in series}
    for start in range(0, len(series), CHUNK):
        part = series[start : start + CHUNK]
        query = select(
            col(AssertionRow.series_id), col(AssertionRow.visit_id), col(AssertionRow.segments)
        ).where(col(AssertionRow.series_id).in_(part))
        for number, visit, segments in session.execute(query):
            found[number][visit] = segments
    return found


def keep_before(session: Session, before: Stored, ingest: int) -> None:
    """Keep what was stored of those series of which it is otherwise now."""
    after = stored_of(session, list(before))
    rows = [
        {"series_id": series, "visit_id": visit, "segments": segments, "ingest": ingest}
        for series, stored in before.items()
        if stored != after[series]
        for visit, segments in stored.items()
    ]
    if rows:
        session.execute(insert(AssertionBefore), rows)


def pack(segments: Assertion | None) -> str:
    """Print an assertion as the store keeps it."""
    if segments is None:
        return "null"
    return json.dumps([_packed(segment) for segment in segments], ensure_ascii=False)


def _packed(segment: Segment) -> list[str | int | None]:
    return [
        segment.amount,
        segment.valid_from.isoformat() if segment.valid_from else None,
        segment.valid_to.isoformat() if segment.valid_to else None,
        segment.label,
        segment.tier,
        segment.list_amount,
        segment.text,
        segment.locator,
    ]


def unpack(text: str) -> Assertion | None:
    """Read an assertion back from the store."""
    rows = json.loads(text)
    return None if rows is None else tuple(_segment(*row) for row in rows)


def amount_stated(text: str, moment: datetime) -> int | None:
    """Give the amount a stored assertion says is in force at a moment; None: none is."""
    for amount, start, end, *_ in json.loads(text) or ():
        begun = start is None or datetime.fromisoformat(start) <= moment
        if begun and (end is None or moment < datetime.fromisoformat(end)):
            return int(amount)
    return None


def _segment(
    amount: int, start: str | None, end: str | None, *printed: str | int | None
) -> Segment:
    label, tier, list_amount, text, locator = printed
    return Segment(
        amount,
        datetime.fromisoformat(start) if start else None,
        datetime.fromisoformat(end) if end else None,
        str(label),
        str(tier),
        int(list_amount) if list_amount is not None else None,
        str(text),
        str(locator),
    )


ABSENT = "[]"
"""An absence, as the store keeps it."""


def series_stated_at(
    session: Session, visits: Iterable[int], *, only: str | None = None
) -> set[int]:
    """Give the series of which any of some visits newly says something, or one thing only."""
    wanted = sorted(visits)
    found: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        query = select(col(AssertionRow.series_id)).where(col(AssertionRow.visit_id).in_(part))
        if only is not None:
            query = query.where(col(AssertionRow.segments) == only)
        found |= set(session.scalars(query.distinct()))
    return found


def keep_assertions(session: Session, visit: int, said: Mapping[int, Assertion | None]) -> None:
    """Store what a visit newly says of some series, where it is not stored yet."""
    query = select(col(AssertionRow.series_id)).where(col(AssertionRow.visit_id) == visit)
    stored = set(session.scalars(query))
    new = {series: segments for series, segments in said.items() if series not in stored}
    if not new:
        return
    form, at = _form_of(session, visit)
    rows = [
        {
            "series_id": series,
            "visit_id": visit,
            "form_id": form,
            "at": at,
            "segments": pack(segments),
        }
        for series, segments in new.items()
    ]
    session.execute(insert(AssertionRow), rows)


def _form_of(session: Session, visit: int) -> tuple[int, datetime]:
    """Give the document's form that a visit read, and the visit's moment."""
    query = (
        select(col(RunDocument.document_id), col(StoredReading.form), col(RunDocument.fetched_at))
        .join(StoredReading, col(StoredReading.id) == RunDocument.reading_id)
        .where(col(RunDocument.id) == visit)
    )
    document, form, at = session.execute(query).one()
    return keep_form(session, document, form), at
