"""The forms that documents were read in: what assertions are sought by, beside their series."""

from sqlalchemy import UniqueConstraint, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.sources import Document


class DocumentForm(SQLModel, table=True):
    """One document in one form; its visits in order of time are a chain."""

    __tablename__ = "document_forms"
    __table_args__ = (UniqueConstraint("document_id", "form"),)

    id: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="documents.id")
    form: str


def forms_of(session: Session, source: int) -> dict[int, tuple[int, str]]:
    """Give the document and the form of each chain of a source."""
    query = (
        select(col(DocumentForm.id), col(DocumentForm.document_id), col(DocumentForm.form))
        .join(Document, col(Document.id) == DocumentForm.document_id)
        .where(col(Document.source_id) == source)
    )
    return {number: (document, form) for number, document, form in session.execute(query)}


def keep_form(session: Session, document: int, form: str) -> int:
    """Store that a document was read in a form, once; give its identifier."""
    query = select(col(DocumentForm.id)).filter_by(document_id=document, form=form)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    row = {"document_id": document, "form": form}
    return session.scalars(insert(DocumentForm).returning(col(DocumentForm.id)).values(row)).one()
