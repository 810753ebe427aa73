"""Who sells what: the tables of providers, models and aliases, kept as the identity files say.

When a name that was unknown comes to be known, the prices printed under it get their model. Where
those prices exist already under the model, or a name has come to mean another one, the source is
folded anew from its stored readings.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Engine, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.assertions import AssertionRow, keep_before, series_stated_at, stored_of
from catalog.facts import FactRow, ScoreRow
from catalog.folding import Past
from catalog.holds import holds_in_effect
from catalog.identity import Identity
from catalog.publish import Folded, Publisher, timeline_of
from catalog.renamings import keep_mapping, keep_series
from catalog.revisions import Revision, revisions_in_force
from catalog.series import CHUNK, Identifier, Series, key_of
from catalog.sources import Document, RunDocument, Source
from catalog.store import BigId, Clock, Turn, writing
from catalog.vocabulary import Cause


class Provider(SQLModel, table=True):
    """Who sells inference."""

    __tablename__ = "providers"

    id: str = Field(primary_key=True)
    name: str


class Model(SQLModel, table=True):
    """What is run, neutral of who sells it."""

    __tablename__ = "models"

    id: str = Field(primary_key=True)
    """Maker and name: anthropic/claude-opus-4.7."""
    maker: str
    name: str
    family: str
    kind: str
    """``model`` is listed and ranked, ``tool`` is priced only."""
    home_region: str | None


class Alias(SQLModel, table=True):
    """A printed name that stands for a model."""

    __tablename__ = "aliases"
    __table_args__ = (UniqueConstraint("source", "printed"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    source: str
    """The one source that prints it so; ``*`` for all."""
    printed: str
    model: str = Field(foreign_key="models.id")
    edge: str
    why: str


MODEL_COLUMNS = ("id", "maker", "name", "family", "kind", "home_region")
ALIAS_COLUMNS = ("source", "printed", "model", "edge", "why")
Table = TypeVar("Table", Provider, Model, Alias)


def adopt(engine: Engine, identity: Identity, *, now: Clock) -> None:
    """Bring the store's names to the declared ones; where they are, nothing is written."""
    with writing(engine, now=now) as turn:
        _keep(turn, Provider, ("id", "name"), identity.providers.values())
        models = _keep(turn, Model, MODEL_COLUMNS, identity.models.values())
        aliases = _keep(turn, Alias, ALIAS_COLUMNS, identity.aliases)
        for source in turn.session.scalars(select(Source).order_by(col(Source.id))).all():
            _rename(turn, source, identity, declared_anew=models or aliases)


def _keep(
    turn: Turn, table: type[Table], columns: Sequence[str], declared: Iterable[object]
) -> bool:
    """Make a table hold exactly what is declared; say whether it did not."""
    names = [getattr(table, column) for column in columns]
    stored = {tuple(row[1:]): row[0] for row in turn.session.execute(select(col(table.id), *names))}
    want = {tuple(_cell(getattr(one, column)) for column in columns) for one in declared}
    new = sorted(want - stored.keys(), key=str)
    gone = [number for row, number in stored.items() if row not in want]
    if not new and not gone:
        return False
    turn.ingest()
    if table is Model:  # A model may be named by aliases that are only corrected after it.
        turn.session.execute(delete(Alias))
    turn.session.execute(delete(table).where(col(table.id).in_(gone)))
    if new:
        turn.session.execute(insert(table), [dict(zip(columns, r, strict=True)) for r in new])
    return True


def _cell(value: object) -> str | None:
    return None if value is None else str(value)


def _rename(turn: Turn, source: Source, identity: Identity, *, declared_anew: bool) -> None:
    """Give series whose label is known by now their model, and labels their normal form.

    Where a label means another model than it did, the source is folded anew.
    """
    session = turn.session
    identifier = Identifier(identity, source.name, source.provider)
    rows = session.scalars(select(Series).filter_by(source_id=source.id)).all()
    taken = {key_of(row) for row in rows}
    moved = [(row, key) for row in rows if (key := identifier.renamed(row)) != key_of(row)]
    for table in (FactRow, ScoreRow):
        _map_labels(turn, table, source, identifier)
    if declared_anew and _means_otherwise(session, source, identifier):
        _fold_anew(turn, source, identity)
        return
    if not moved:
        return
    keys = [key for _, key in moved]
    if taken & set(keys) or len(set(keys)) < len(keys):
        _fold_anew(turn, source, identity)
        return
    keep_series(session, (row for row, _ in moved), turn.ingest())
    for row, key in moved:
        columns = key._asdict() | {"model": key.subject if key.subject in identity.models else None}
        session.execute(update(Series).where(col(Series.id) == row.id).values(columns))


def _means_otherwise(session: Session, source: Source, identifier: Identifier) -> bool:
    """Say whether a label whose prices have a model is by now the name of another, or of none."""
    query = (
        select(col(Series.subject), col(Revision.label))
        .join(Revision, col(Revision.series_id) == Series.id)
        .where(col(Series.source_id) == source.id, col(Series.model).is_not(None))
        .where(col(Revision.amount).is_not(None), col(Revision.superseded).is_(None))
    )
    rows = session.execute(query.distinct())
    return any(label and identifier.subject(label) != subject for subject, label in rows)


def _map_labels(
    turn: Turn, table: type[FactRow] | type[ScoreRow], source: Source, identifier: Identifier
) -> None:
    of_source = (
        select(col(RunDocument.id))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .where(col(Document.source_id) == source.id)
    )
    query = select(col(table.label)).where(
        col(table.model).is_(None), col(table.visit_id).in_(of_source)
    )
    known = identifier.models_of(turn.session.scalars(query.distinct()))
    if known:
        keep_mapping(turn.session, source.id, known, turn.ingest())
    for label, model in known.items():
        turn.session.execute(
            update(table)
            .where(col(table.label) == label, col(table.visit_id).in_(of_source))
            .values(model=model)
        )


def _fold_anew(turn: Turn, source: Source, identity: Identity) -> None:
    """Find every series of a source anew from its stored readings, and publish what they say."""
    session = turn.session
    old = list(session.scalars(select(col(Series.id)).filter_by(source_id=source.id)))
    past = Past(session, source, identity)
    holds = holds_in_effect(session, source.id)
    stored = revisions_in_force(session, old)
    before = Folded({}, {series: timeline_of(known) for series, known in stored.items()})
    known = stored_of(session, old)
    for start in range(0, len(old), CHUNK):
        part = old[start : start + CHUNK]
        session.execute(delete(AssertionRow).where(col(AssertionRow.series_id).in_(part)))
    _state_anew(past, {hold.visit_id for hold in holds})
    keep_before(session, known, turn.ingest())
    touched = set(old) | series_stated_at(session, (visit.id for visit in past.visits))
    after = past.fold(past.chains, touched, holds)
    publisher = Publisher(turn, source, Cause.CORRECTED)
    publisher.publish(before, after, reread=past.visits[-1].id)
    publisher.tell()


def _state_anew(past: Past, held: set[int]) -> None:
    for chain in past.chains.visits.values():
        for before, after in zip([None, *chain], chain, strict=False):
            past.compare(before, after, held)
