"""Corrections: what a person found to have been true, over what a page was read to say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, model_validator
from sqlalchemy import BigInteger, Text, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.snapshots import find_snapshot
from catalog.documents.sources import CORRECTIONS, Document, RunDocument, Source, run_of
from catalog.money import to_pico
from catalog.past.series import Identifier, Series, find_series, key_of
from catalog.past.sweep import WITHDRAWN
from catalog.past.timeline import Entry, Segment, Timeline
from catalog.reading import Amount, Evidence, Name
from catalog.store import BigId, Turn, UtcDateTime
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome, Precision

LAST_PLACE = 1_000_000
"""Behind all that a source declares."""


class CorrectionError(ValueError):
    """A correction that cannot be taken; the message says why."""


class Correction(BaseModel):
    """What a person says of one price, why, and where that can be checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series: str
    """The series' lasting name, as /prices shows it."""
    amount: Amount | None
    """In the series' currency per unit; None: there was no such price."""
    valid_from: AwareDatetime
    valid_to: AwareDatetime | None = None
    """Exclusive; None: until the source states something else than it did when this was said."""
    reason: Name
    url: Name
    """Where it can be checked: an address, or where it was found in words."""
    words: Evidence
    """What stands there."""
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None
    """Of the bytes that say so, where they were kept."""

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.valid_to and self.valid_from >= self.valid_to:
            raise ValueError("valid_to must be after valid_from")
        return self


class CorrectionRow(SQLModel, table=True):
    """One correction as stored; a later one of the same days counts instead."""

    __tablename__ = "corrections"

    id: int = Field(sa_type=BigId, primary_key=True)
    series_id: int = Field(foreign_key="series.id")
    visit_id: int = Field(foreign_key="run_documents.id", unique=True)
    """Its evidence: where and when it was found, and as detail the reason."""
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_to: datetime | None = Field(sa_type=UtcDateTime)
    amount: int | None = Field(sa_type=BigInteger)
    words: str = Field(sa_type=Text)
    ingest: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Said:
    """A correction, as far as folding needs it."""

    amount: int | None
    valid_from: datetime
    valid_to: datetime | None
    at: datetime
    """When it was said."""
    visit: int
    words: str


def correct(page: Timeline, corrections: Iterable[Said]) -> Timeline:
    """Give what was so, where corrections, in the order they were said, overrule what was read.

    One without an end counts until the page states something else than it did when it was said.
    """
    entries = list(page.entries)
    for said in corrections:
        entries = list(_merged(_overruled(entries, said, _end(page, said))))
    return replace(page, entries=tuple(entries))


def _end(page: Timeline, said: Said) -> datetime | None:
    if said.valid_to is not None:
        return said.valid_to
    since = max(said.at, said.valid_from)
    return next((e.valid_from for e in page.entries if e.valid_from > since), None)


def _overruled(entries: Sequence[Entry], said: Said, end: datetime | None) -> Iterator[Entry]:
    yield from (entry for entry in entries if entry.valid_from < said.valid_from)
    yield _entry(entries, said)
    if end is None:
        return
    after = [entry for entry in entries if entry.valid_from >= end]
    if not (after and after[0].valid_from == end):
        yield _after_it([entry for entry in entries if entry.valid_from < end], said, end)
    yield from after


def _after_it(under: Sequence[Entry], said: Said, end: datetime) -> Entry:
    """Give what holds once a correction ends: what would without it; before any price, nothing."""
    known = under[-1] if under else _entry([], replace(said, amount=None))
    return replace(
        known, valid_from=end, precision=Precision.EXACT, not_before=None, corrected=True
    )


def _entry(entries: Sequence[Entry], said: Said) -> Entry:
    printed = [entry.segment for entry in entries if entry.segment is not None]
    segment = Segment(
        amount=said.amount or 0,
        valid_from=None,
        valid_to=None,
        label=printed[-1].label if printed else "",
        tier=printed[-1].tier if printed else "",
        text=said.words,
    )
    return Entry(
        valid_from=said.valid_from,
        amount=said.amount,
        reason=WITHDRAWN if said.amount is None else "",
        precision=Precision.EXACT,
        not_before=None,
        visit=said.visit,
        segment=segment,
        announced=said.valid_from > said.at,
        corrected=True,
    )


def _merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out what only repeats the entry before it."""
    running: int | None = None
    for entry in entries:
        if entry.amount != running:
            yield entry
        running = entry.amount


def corrections_of(session: Session, source: int, identifier: Identifier) -> dict[int, list[Said]]:
    """Give a source's corrections by series, in the order they were said.

    Those of a series that came to be joined with another one are that one's.
    """
    query = (
        select(CorrectionRow, Series, col(RunDocument.fetched_at))
        .join(Series, col(Series.id) == CorrectionRow.series_id)
        .join(RunDocument, col(RunDocument.id) == CorrectionRow.visit_id)
        .where(col(Series.source_id) == source)
        .order_by(col(CorrectionRow.id))
    )
    found: dict[int, list[Said]] = {}
    for row, series, at in session.execute(query):
        number = _joined(session, series, identifier)
        found.setdefault(number, []).append(_said(row, at))
    return found


def _joined(session: Session, series: Series, identifier: Identifier) -> int:
    key = identifier.renamed(series)
    if key == key_of(series):
        return series.id
    return find_series(session, series.source_id, [key]).get(key, series.id)


def _said(row: CorrectionRow, at: datetime) -> Said:
    return Said(row.amount, row.valid_from, row.valid_to, at, row.visit_id, row.words)


def says(correction: Correction, *, at: datetime, visit: int) -> Said:
    """Give a correction as folding needs it."""
    return Said(
        amount=None if correction.amount is None else to_pico(correction.amount),
        valid_from=correction.valid_from,
        valid_to=correction.valid_to,
        at=at,
        visit=visit,
        words=correction.words,
    )


def keep_correction(turn: Turn, source: Source, series: int, correction: Correction) -> int:
    """Store a correction with its evidence; give the visit that stands for the evidence."""
    visit = _keep_evidence(turn, source, correction)
    row = {
        "series_id": series,
        "visit_id": visit,
        "valid_from": correction.valid_from,
        "valid_to": correction.valid_to,
        "amount": None if correction.amount is None else to_pico(correction.amount),
        "words": correction.words,
        "ingest": turn.ingest(),
    }
    turn.session.execute(insert(CorrectionRow).values(row))
    return visit


def _keep_evidence(turn: Turn, source: Source, correction: Correction) -> int:
    evidence = Visit(
        source=source.name,
        document=CORRECTIONS,
        url=correction.url,
        fetched_at=turn.recorded_at,
        reader_version=0,
        outcome=Outcome.OK,
        detail=correction.reason,
        cause=Cause.CORRECTED,
        sha256=correction.sha256,
    )
    snapshot = find_snapshot(turn.session, correction.sha256) if correction.sha256 else None
    row: dict[str, object] = {
        "run_id": run_of(turn, source, evidence),
        "document_id": _document(turn, source),
        "ingest": turn.ingest(),
        "snapshot_id": snapshot.id if snapshot else None,
        "reading_id": None,
    }
    named = ("fetched_at", "detail", "url", "sha256", "reader_version")
    row |= {name: getattr(evidence, name) for name in named}
    row |= {"outcome": evidence.outcome.value, "cause": evidence.cause.value}
    statement = insert(RunDocument).returning(col(RunDocument.id)).values(row)
    return turn.session.scalars(statement).one()


def _document(turn: Turn, source: Source) -> int:
    """Find or open the document that stands for what persons say of a source."""
    session = turn.session
    query = select(col(Document.id)).filter_by(source_id=source.id, name=CORRECTIONS)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    row = {
        "source_id": source.id,
        "name": CORRECTIONS,
        "place": LAST_PLACE,
        "url": "",
        "forms": [],
        "minimum_models": 0,
        "minimum_points": 0,
    }
    document = session.scalars(insert(Document).returning(col(Document.id)).values(row)).one()
    turn.again["documents"].add(document)
    return document
