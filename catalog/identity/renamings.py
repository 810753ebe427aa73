"""What series and labels were before names came to be declared: so that past answers stay.

A name that is declared later gives old prices their model. What was answered before that was
recorded is answered the same afterwards, for the same ``known_at``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.past.series import Series

NAMED = ("subject", "model", "tier", "region", "context_over", "variant", "window")
"""What a declared name can alter of a series."""


class SeriesBefore(SQLModel, table=True):
    """What a series was, until an ingest brought it to the names declared since."""

    __tablename__ = "series_before"

    series_id: int = Field(foreign_key="series.id", primary_key=True)
    ingest: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    """The ingest that renamed it."""
    subject: str
    model: str | None
    tier: str
    region: str
    context_over: int = Field(sa_type=BigInteger)
    variant: str
    window: str


class LabelMapped(SQLModel, table=True):
    """A source's printed name of facts or scores that an ingest gave another model."""

    __tablename__ = "labels_mapped"

    source_id: int = Field(foreign_key="sources.id", primary_key=True)
    label: str = Field(primary_key=True)
    ingest: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    model: str | None
    """Its model until then; None: it had none."""


def keep_series(session: Session, rows: Iterable[Series], ingest: int) -> None:
    """Keep what some series are, just before an ingest renames them."""
    kept = [
        {name: getattr(row, name) for name in NAMED} | {"series_id": row.id, "ingest": ingest}
        for row in rows
    ]
    if kept:
        session.execute(insert(SeriesBefore), kept)


def keep_mapping(
    session: Session, source: int, before: Mapping[str, str | None], ingest: int
) -> None:
    """Keep which models some labels of a source had, just before an ingest gives them others."""
    rows = [
        {"source_id": source, "label": label, "ingest": ingest, "model": model}
        for label, model in sorted(before.items())
    ]
    if rows:
        session.execute(insert(LabelMapped), rows)


@dataclass(frozen=True)
class Names:
    """What was called otherwise at a moment than it is now."""

    series: Mapping[int, SeriesBefore]
    labels: Mapping[tuple[int, str], str | None]
    """The labels, by source, that had another model or none."""

    def model(self, source: int, label: str, model: str | None) -> str | None:
        """Give what a label's model was, of which it is this one now."""
        return self.labels.get((source, label), model)

    def those(self, name: str, value: object) -> Sequence[int]:
        """Give the renamed series that were this by one of their columns."""
        return [number for number, was in self.series.items() if getattr(was, name) == value]


NOTHING = Names({}, {})


def names_by(session: Session, ingest: int | None) -> Names:
    """Give what was called otherwise when an ingest was the last; None: as it is now."""
    if ingest is None:
        return NOTHING
    later = (
        select(SeriesBefore)
        .where(col(SeriesBefore.ingest) > ingest)
        .order_by(col(SeriesBefore.ingest).desc())
    )
    labels = (
        select(LabelMapped)
        .where(col(LabelMapped.ingest) > ingest)
        .order_by(col(LabelMapped.ingest).desc())
    )
    return Names(
        {row.series_id: row for row in session.scalars(later)},
        {(row.source_id, row.label): row.model for row in session.scalars(labels)},
    )
