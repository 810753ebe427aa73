"""Snapshots: which bytes of a document were fetched, refused ones too."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    UniqueConstraint,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.store import BigId, Turn, UtcDateTime
from catalog.visit import Visit

Value = str | int | bool | datetime | None | list[list[str]]


class Snapshot(SQLModel, table=True):
    """A fetched response as it was; one row for each distinct bytes of a document."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("document_id", "sha256"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    document_id: int = Field(foreign_key="documents.id")
    url: str
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    status: int | None
    headers: list[list[str]] = Field(sa_type=JSON)
    sha256: str
    size: int | None = Field(sa_type=BigInteger)
    archived: bool
    """Whether the archive holds the bytes under their sha256."""


class ArchivedCopy(SQLModel, table=True):
    """A response whose bytes were known already from elsewhere, and which the archive now holds."""

    __tablename__ = "archived_copies"

    id: int = Field(sa_type=BigId, primary_key=True)
    snapshot_id: int = Field(foreign_key="snapshots.id", unique=True)
    ingest: int = Field(sa_type=BigInteger)
    """The commit since which the archive holds them."""
    url: str
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    status: int | None
    headers: list[list[str]] = Field(sa_type=JSON)
    size: int | None = Field(sa_type=BigInteger)


class Kept(NamedTuple):
    """What is kept of a fetched page's answer."""

    archived: bool
    """Whether the archive holds its bytes under their sha256."""
    status: int | None
    """How the page was answered; None where that is not known, as of a bundled reading."""


def is_archived(*, known: int | None = None) -> ColumnElement[bool]:
    """Say in a query whether a snapshot's bytes are archived: now, or as of an ingest number.

    False where an outer join found no snapshot.
    """
    copied = exists().where(_copied(known)).correlate(Snapshot)
    return or_(col(Snapshot.archived).is_(True), copied)


def status_of(*, known: int | None = None) -> ColumnElement[int | None]:
    """Give in a query how a snapshot was answered; of an archived copy, how that was."""
    of_copy = select(col(ArchivedCopy.status)).where(_copied(known)).correlate(Snapshot)
    return func.coalesce(col(Snapshot.status), of_copy.scalar_subquery())


def _copied(known: int | None) -> ColumnElement[bool]:
    copied = col(ArchivedCopy.snapshot_id) == Snapshot.id
    return copied if known is None else and_(copied, col(ArchivedCopy.ingest) <= known)


def copy_of(session: Session, snapshot: int) -> ArchivedCopy | None:
    """Find the archived copy of a snapshot whose bytes were known before; None of others."""
    query = select(ArchivedCopy).filter_by(snapshot_id=snapshot)
    return session.scalars(query).one_or_none()


def find_snapshot(session: Session, sha256: str) -> Snapshot | None:
    """Find where bytes were first fetched; where some document's are archived, of those."""
    query = (
        select(Snapshot)
        .filter_by(sha256=sha256)
        .order_by(is_archived().desc(), col(Snapshot.fetched_at), col(Snapshot.id))
    )
    return session.scalars(query.limit(1)).one_or_none()


def keep_snapshot(turn: Turn, document: int, visit: Visit) -> int | None:
    """Store what a visit fetched, once for each distinct bytes; None where nothing was served.

    Bytes that were known and come to be archived are noted as a copy.
    """
    if visit.sha256 is None:
        return None
    query = select(Snapshot).filter_by(document_id=document, sha256=visit.sha256)
    known = turn.session.scalars(query).one_or_none()
    if known is not None:
        _keep_copy(turn, known, visit)
        return known.id
    row = _fetched(visit) | {
        "document_id": document,
        "sha256": visit.sha256,
        "archived": visit.archived,
    }
    return turn.session.scalars(insert(Snapshot).returning(col(Snapshot.id)).values(row)).one()


def _keep_copy(turn: Turn, known: Snapshot, visit: Visit) -> None:
    if known.archived or not visit.archived:
        return
    if copy_of(turn.session, known.id) is None:
        row = _fetched(visit) | {"snapshot_id": known.id, "ingest": turn.ingest()}
        turn.session.execute(insert(ArchivedCopy).values(row))


def _fetched(visit: Visit) -> dict[str, Value]:
    return {
        "url": visit.url,
        "fetched_at": visit.fetched_at,
        "status": visit.status,
        "headers": [list(header) for header in visit.headers],
        "size": visit.size,
    }
