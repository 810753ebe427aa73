"""Events that later knowledge tells otherwise: they stay in the log, and say so."""

from dataclasses import dataclass

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.events.changes import ChangeEvent, SupersededEvent
from catalog.events.explain import Told


@dataclass(frozen=True)
class Telling:
    """An event that was explained by what was known, and is no more."""

    told: Told
    source: int | None
    """None: whichever told it, of a model."""
    series: int | None
    model: str | None
    """Of one that is of no series."""


def supersede(session: Session, telling: Telling, ingest: int) -> None:
    """Mark the last event of the log that told it, if it was told, with what knew better."""
    told = telling.told
    marked = exists().where(col(SupersededEvent.sequence) == ChangeEvent.sequence)
    query = (
        select(col(ChangeEvent.sequence))
        .where(
            col(ChangeEvent.series_id) == telling.series,
            col(ChangeEvent.type) == told.type.value,
            col(ChangeEvent.detail) == told.detail,
            col(ChangeEvent.old).is_not_distinct_from(told.old),
            col(ChangeEvent.new).is_not_distinct_from(told.new),
            ~marked,
        )
        .order_by(
            (col(ChangeEvent.valid_from) == told.valid_from).desc(),
            col(ChangeEvent.sequence).desc(),
        )
        .limit(1)
    )
    if telling.source is not None:
        query = query.where(col(ChangeEvent.source_id) == telling.source)
    if telling.series is None:
        query = query.where(col(ChangeEvent.model).is_not_distinct_from(telling.model))
    sequence = session.scalars(query).one_or_none()
    if sequence is not None:
        session.execute(insert(SupersededEvent).values(sequence=sequence, ingest=ingest))
