"""Series by their coordinates, as a person names them."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Source
from catalog.identity import Identity
from catalog.past.series import Series


def series_named(
    session: Session, identity: Identity, *, source: str, model: str, **coordinates: str
) -> list[str]:
    """Give the names of a source's series of a model, by id or any name, and some coordinates."""
    match = identity.resolve(model, source)
    subjects = {model} | ({match.model.id} if match else set())
    query = (
        select(col(Series.slug))
        .join(Source, col(Source.id) == Series.source_id)
        .where(col(Source.name) == source, col(Series.subject).in_(subjects))
        .order_by(col(Series.slug))
    )
    for name, value in coordinates.items():
        query = query.where(getattr(Series, name) == value)
    return list(session.scalars(query))
