"""Facts, scores, rates and adjustments as they are kept: by the visit that newly states them.

Like prices they are kept as what a visit says that the visit before it, of the same document in
the same form, did not; absence says nothing here. So what is known at a moment does not depend
on the order in which visits came in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Index, Text, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.readings import Cell, Row
from catalog.store import BigId


class Observation(SQLModel):
    """One thing other than a price that a visit newly states, of any kind."""

    id: int = Field(sa_type=BigId, primary_key=True)
    visit_id: int = Field(foreign_key="run_documents.id", index=True)


class FactRow(Observation, table=True):
    """One thing a source states about a model."""

    __tablename__ = "facts"
    __table_args__ = (Index("facts_by_model", "model", "name"),)

    label: str
    """The model as printed."""
    model: str | None
    """None: no alias maps the label."""
    name: str
    value: str = Field(sa_type=Text)
    evidence: str = Field(sa_type=Text)
    provider: str


class ScoreRow(Observation, table=True):
    """One benchmark result of a model."""

    __tablename__ = "scores"

    label: str
    model: str | None = Field(index=True)
    benchmark: str
    score: str
    """An exact decimal, as text."""
    date: str | None
    evidence: str = Field(sa_type=Text)


class RateRow(Observation, table=True):
    """How much of a currency one euro bought on a day."""

    __tablename__ = "rates"
    __table_args__ = (Index("rates_by_day", "currency", "date"),)

    currency: str
    rate: str
    date: str


class AdjustmentRow(Observation, table=True):
    """A multiplier a page states in prose."""

    __tablename__ = "adjustments"

    name: str
    factor: str
    scope: str = Field(sa_type=Text)
    valid_from: str | None
    valid_to: str | None
    evidence: str = Field(sa_type=Text)


@dataclass(frozen=True)
class Section:
    """How one section of a reading is kept: its table, columns, and what identifies a row."""

    table: type[Observation]
    columns: tuple[str, ...]
    """In the order of the reading's canonical rows; a label is stored with its model."""
    identity: tuple[str, ...]
    says: tuple[str, ...]
    """What counts as a difference."""

    def said(self, rows: Iterable[Row]) -> dict[tuple[Cell, ...], Row]:
        """Give the row about each thing; where a page says two things of one, the first."""
        places = [self.columns.index(name) for name in self.identity]
        groups: dict[tuple[Cell, ...], Row] = {}
        for row in rows:
            groups.setdefault(tuple(row[place] for place in places), row)
        return groups

    def news(self, before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
        """Give the rows of a reading that say what the one before it did not."""
        places = [self.columns.index(name) for name in self.says]
        old = self.said(before)
        return [
            row
            for key, row in self.said(after).items()
            if key not in old or any(old[key][place] != row[place] for place in places)
        ]


SECTIONS: Mapping[str, Section] = {
    "facts": Section(
        FactRow,
        ("label", "name", "value", "evidence", "provider"),
        ("label", "name", "provider"),
        ("value",),
    ),
    "scores": Section(
        ScoreRow,
        ("label", "benchmark", "score", "date", "evidence"),
        ("label", "benchmark", "date"),
        ("score",),
    ),
    "rates": Section(RateRow, ("currency", "rate", "date"), ("currency", "date"), ("rate",)),
    "adjustments": Section(
        AdjustmentRow,
        ("name", "factor", "scope", "valid_from", "valid_to", "evidence"),
        ("name", "scope"),
        ("factor", "valid_from", "valid_to"),
    ),
}


def keep_news(
    session: Session,
    visit: int,
    before: Mapping[str, Sequence[Row]],
    after: Mapping[str, Sequence[Row]],
    models: Mapping[str, str],
) -> None:
    """Store what a visit newly states, where it is not stored yet.

    ``models`` gives the model of each printed label that has one.
    """
    for name, section in SECTIONS.items():
        news = section.news(before[name], after[name])
        rows = [_columns(section, row, visit, models) for row in news]
        stored = _stored(session, section, visit) if rows else set()
        new = [row for row in rows if tuple(row[c] for c in section.columns) not in stored]
        if new:
            session.execute(insert(section.table), new)


def _columns(section: Section, row: Row, visit: int, models: Mapping[str, str]) -> dict[str, Cell]:
    columns = dict(zip(section.columns, row, strict=True)) | {"visit_id": visit}
    if "label" in columns:
        columns["model"] = models.get(str(columns["label"]))
    return columns


def _stored(session: Session, section: Section, visit: int) -> set[tuple[Cell, ...]]:
    columns = [getattr(section.table, name) for name in section.columns]
    query = select(*columns).where(col(section.table.visit_id) == visit)
    return {tuple(row) for row in session.execute(query)}
