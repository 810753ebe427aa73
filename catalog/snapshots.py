"""Snapshots: which bytes of a document were fetched, refused ones too."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.store import Base, BigId, UtcDateTime
from catalog.visit import Visit


class Snapshot(Base):
    """A fetched response as it was; one row for each distinct bytes of a document."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("document_id", "sha256"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    url: Mapped[str]
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    sha256: Mapped[str]
    size: Mapped[int | None] = mapped_column(BigInteger)
    archived: Mapped[bool]
    """Whether the archive holds the bytes under their sha256."""


def keep_snapshot(session: Session, document: int, visit: Visit) -> int | None:
    """Store what a visit fetched, once for each distinct bytes; None where nothing was served."""
    if visit.sha256 is None:
        return None
    query = select(Snapshot.id).filter_by(document_id=document, sha256=visit.sha256)
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
    return session.scalars(insert(Snapshot).returning(Snapshot.id).values(row)).one()
