"""Readings as stored: the canonical rows of what one reader read, once for each digest."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from pydantic import BaseModel
from sqlalchemy import Text, UniqueConstraint, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.money import plain
from catalog.reading import (
    Adjustment,
    Fact,
    PricePoint,
    Rate,
    Reading,
    Score,
)
from catalog.store import BigId

Cell = str | int | None
Row = list[Cell]


class StoredReading(SQLModel, table=True):
    """What one reader version read: rows in a stable order, as JSON, under their digest."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("document_id", "digest"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    document_id: int = Field(foreign_key="documents.id")
    form: str
    reader_version: int
    """The first version that read it so."""
    digest: str
    rows: str = Field(sa_type=Text)


@dataclass(frozen=True)
class Canonical:
    """A reading's rows in a stable order, and their digest."""

    form: str
    rows: str
    digest: str


SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("points", PricePoint),
    ("facts", Fact),
    ("scores", Score),
    ("rates", Rate),
    ("adjustments", Adjustment),
)


def canonical(reading: Reading) -> Canonical:
    """Print a reading in the one way that equal readings have in common."""
    sections = {
        name: sorted((print_row(item) for item in getattr(reading, name)), key=_sortable)
        for name, _ in SECTIONS
    }
    rows = json.dumps(sections, ensure_ascii=False, separators=(",", ":"))
    return Canonical(reading.form, rows, sha256(f"{reading.form}\n{rows}".encode()).hexdigest())


def print_row(item: BaseModel) -> Row:
    """Print what a page states as a row, in the order of its columns; None is absent."""
    return [_cell(getattr(item, name)) for name in type(item).model_fields]


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, int):
        return value
    return plain(value) if isinstance(value, Decimal) else str(value)


def _sortable(row: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]


def keep_reading(session: Session, document: int, *, reader_version: int, made: Canonical) -> int:
    """Store a reading once for each digest; give its identifier."""
    query = select(col(StoredReading.id)).filter_by(document_id=document, digest=made.digest)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    row = {
        "document_id": document,
        "form": made.form,
        "reader_version": reader_version,
        "digest": made.digest,
        "rows": made.rows,
    }
    return session.scalars(insert(StoredReading).returning(col(StoredReading.id)).values(row)).one()


def stored_rows(session: Session, reading: int | None) -> dict[str, list[Row]]:
    """Give a stored reading's rows by section; of no reading, empty ones."""
    if reading is None:
        return {name: [] for name, _ in SECTIONS}
    text = session.scalars(select(col(StoredReading.rows)).filter_by(id=reading)).one()
    sections: dict[str, list[Row]] = json.loads(text)
    return sections
