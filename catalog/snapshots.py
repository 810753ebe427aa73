"""Snapshots: which bytes of a document were fetched, refused ones too."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, UniqueConstraint, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.store import BigId, UtcDateTime
from catalog.visit import Visit


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


def find_snapshot(session: Session, sha256: str) -> Snapshot | None:
    """Find where bytes were first fetched; where some document's are archived, of those."""
    query = (
        select(Snapshot)
        .filter_by(sha256=sha256)
        .order_by(col(Snapshot.archived).desc(), col(Snapshot.fetched_at), col(Snapshot.id))
    )
    return session.scalars(query.limit(1)).one_or_none()


def keep_snapshot(session: Session, document: int, visit: Visit) -> int | None:
    """Store what a visit fetched, once for each distinct bytes; None where nothing was served."""
    if visit.sha256 is None:
        return None
    query = select(col(Snapshot.id)).filter_by(document_id=document, sha256=visit.sha256)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    row = {
        "document_id": document,
        "url": visit.url,
        "fetched_at": visit.fetched_at,
        "status": visit.status,
        "headers": [list(header) for header in visit.headers],
        "sha256": visit.sha256,
        "size": visit.size,
        "archived": visit.archived,
    }
    return session.scalars(insert(Snapshot).returning(col(Snapshot.id)).values(row)).one()
