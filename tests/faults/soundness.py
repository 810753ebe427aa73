"""Whether a store and its archive are sound: each defect found is one line that names it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, Table, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.archive import ArchiveError, open_archived
from catalog.documents.readings import SECTIONS, StoredReading
from catalog.documents.snapshots import Snapshot
from catalog.documents.sources import RunDocument, Source
from catalog.dump import dump_canonical
from catalog.events.changes import ChangeEvent
from catalog.events.kin import timeline_of
from catalog.identity import Identity
from catalog.past.folding import Past
from catalog.past.revisions import revisions_in_force
from catalog.past.series import Series
from catalog.past.timeline import Timeline
from catalog.review.corrections import CorrectionRow
from catalog.review.holds import holds_in_effect
from catalog.sealing.proof import verify
from catalog.store import Ingest, reading
from catalog.store import Sequence as Numbers
from catalog.tables import METADATA
from catalog.vocabulary import Outcome


def defects(engine: Engine, identity: Identity, archive: Path | None = None) -> list[str]:
    """Give all that is wrong with a store, and with the archive beside it."""
    with reading(engine) as session:
        found = [
            *_of_the_file(session),
            *_orphans(session),
            *_numbers(session),
            *_torn(session),
            *_folds(session, identity),
        ]
        if archive is not None:
            found += _unreadable(session, archive)
    return found if archive is None else [*found, *_unchained(engine, archive)]


def _unchained(engine: Engine, archive: Path) -> Iterator[str]:
    proof = verify(engine, archive)
    if proof.first is not None:
        yield f"verify: {proof.first}, and {proof.flaws - 1} more"


def dump_of(engine: Engine, identity: Identity) -> list[str]:
    """Give the canonical dump."""
    with reading(engine) as session:
        return list(dump_canonical(session, identity))


def _of_the_file(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for line in session.scalars(text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"integrity_check: {line}"
    for row in session.execute(text("PRAGMA foreign_key_check")):
        yield f"foreign_key_check: {tuple(row)}"


def _orphans(session: Session) -> Iterator[str]:
    """Find rows that point nowhere, on any store."""
    for child in METADATA.sorted_tables:
        for key in child.foreign_keys:
            parent: Table = key.column.table.alias()  # type: ignore[assignment] # an alias asks like its table
            there = select(parent.c[key.column.name]).where(parent.c[key.column.name] == key.parent)
            query = select(func.count()).select_from(child)
            count = session.scalar(query.where(key.parent.is_not(None), ~there.exists()))
            if count:
                yield f"{count} rows of {child.name}.{key.parent.name} point nowhere"


def _numbers(session: Session) -> Iterator[str]:
    """Check that both counts are gapless and that no recorded time goes back."""
    last = session.execute(
        select(col(Numbers.ingest), col(Numbers.event), col(Numbers.recorded_at))
    ).one()
    events = session.execute(
        select(col(ChangeEvent.sequence), col(ChangeEvent.recorded_at)).order_by(
            col(ChangeEvent.sequence)
        )
    ).all()
    ingests = session.execute(
        select(col(Ingest.number), col(Ingest.recorded_at)).order_by(col(Ingest.number))
    ).all()
    for name, count, rows in (("event", last.event, events), ("ingest", last.ingest, ingests)):
        if [row[0] for row in rows] != list(range(1, count + 1)):
            yield f"the {name} numbers have a gap, or end elsewhere than at {count}"
        if any(one[1] > other[1] for one, other in pairwise(rows)):
            yield f"an {name} was recorded before the one it follows"
    if ingests and ingests[-1][1] != last.recorded_at:
        yield "the sequence was not recorded with its last ingest"


def _torn(session: Session) -> Iterator[str]:
    """Find readings that are not what they were made as, and visits without their reading."""
    for made in session.scalars(select(StoredReading)):
        if sha256(f"{made.form}\n{made.rows}".encode()).hexdigest() != made.digest:
            yield f"reading {made.id} is not what its digest says"
        if json.loads(made.rows).keys() != {name for name, _ in SECTIONS}:
            yield f"reading {made.id} lacks a section"
    count = session.scalar(
        select(func.count())
        .select_from(RunDocument)
        .where(
            col(RunDocument.outcome) == Outcome.OK.value,
            col(RunDocument.reading_id).is_(None),
            col(RunDocument.id).not_in(select(col(CorrectionRow.visit_id))),
        )
    )
    if count:
        yield f"{count} good visits have no reading"


def _folds(session: Session, identity: Identity) -> Iterator[str]:
    """Check that the stored revisions are what all stored visits fold to."""
    for source in session.scalars(select(Source).order_by(col(Source.id))).all():
        past = Past(session, source, identity)
        series = session.scalars(select(col(Series.id)).filter_by(source_id=source.id)).all()
        folded = past.fold(past.chains, series, holds_in_effect(session, source.id))
        stored = revisions_in_force(session, series)
        for number, timeline in folded.timelines.items():
            if timeline_of(stored[number]).entries != _as_stored(timeline):
                yield f"{source.name}: series {number} is not what its visits fold to"


def _as_stored(timeline: Timeline) -> Sequence[object]:
    """Leave out what a stored revision does not keep: the days its page stated."""
    return tuple(
        replace(entry, segment=replace(entry.segment, valid_from=None, valid_to=None))
        if entry.segment
        else entry
        for entry in timeline.entries
    )


def _unreadable(session: Session, archive: Path) -> Iterator[str]:
    kept = select(col(Snapshot.sha256)).where(col(Snapshot.archived)).distinct()
    for digest in session.scalars(kept):
        try:
            open_archived(archive, digest)
        except (ArchiveError, OSError) as error:
            yield f"the archive cannot be read: {error}"
