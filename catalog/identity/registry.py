"""Who sells what: the tables of providers, models and aliases, kept as the identity files say.

When a name that was unknown comes to be known, the prices printed under it get their model. Where
those prices exist already under the model, or a name has come to mean another one, the source is
folded anew from its stored readings.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Engine, Select, UniqueConstraint, delete, exists, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.current.observations import FactRow, ScoreRow
from catalog.documents.document_forms import forms_of
from catalog.documents.sources import Document, RunDocument, Source
from catalog.events.kin import timeline_of
from catalog.events.publish import Folded, Publisher
from catalog.identity import Identity
from catalog.identity.adoptions import keep_adoption, names_digest, rules_digest, stored_adoption
from catalog.identity.renamings import keep_mapping, keep_series
from catalog.past.assertions import ABSENT, AssertionRow, keep_before, series_stated_at, stored_of
from catalog.past.folding import Past
from catalog.past.last_words import last_words
from catalog.past.revisions import Revision, revisions_in_force
from catalog.past.series import CHUNK, Identifier, Key, Series, key_of
from catalog.review.holds import holds_in_effect
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
    """Bring the store to the declared names and rules; where it has them, nothing is written."""
    with writing(engine, now=now) as turn:
        if _is_adopted(turn.session, identity):
            return
        _keep(turn, Provider, ("id", "name"), identity.providers.values())
        _keep(turn, Model, MODEL_COLUMNS, identity.models.values())
        _keep(turn, Alias, ALIAS_COLUMNS, identity.aliases)
        for source in turn.session.scalars(select(Source).order_by(col(Source.id))).all():
            _rename(turn, source, identity)
        keep_adoption(turn, identity)


def _is_adopted(session: Session, identity: Identity) -> bool:
    adopted = stored_adoption(session)
    return (
        adopted is not None
        and adopted.rules == rules_digest(identity)
        and adopted.names == names_digest(session)
    )


def _keep(
    turn: Turn, table: type[Table], columns: Sequence[str], declared: Iterable[object]
) -> None:
    """Make a table hold exactly what is declared."""
    names = [getattr(table, column) for column in columns]
    stored = {tuple(row[1:]): row[0] for row in turn.session.execute(select(col(table.id), *names))}
    want = {tuple(_cell(getattr(one, column)) for column in columns) for one in declared}
    new = sorted(want - stored.keys(), key=str)
    gone = [number for row, number in stored.items() if row not in want]
    if not new and not gone:
        return
    if table is Model:  # A model may be named by aliases that are only corrected after it.
        turn.session.execute(delete(Alias))
    turn.session.execute(delete(table).where(col(table.id).in_(gone)))
    if new:
        turn.session.execute(insert(table), [dict(zip(columns, r, strict=True)) for r in new])


def _cell(value: object) -> str | None:
    return None if value is None else str(value)


def _rename(turn: Turn, source: Source, identity: Identity) -> None:
    """Give what a source's labels name the models, and labels the normal forms, of an identity.

    Where a label means another model than it did, or says something else of an offer, the source is
    folded anew.
    """
    session = turn.session
    past = Past(session, source, identity, turn.again["run_documents"])
    rows = _stated_series(session, source)
    keys = {row.id: past.identifier.renamed(row) for row in rows}
    moved = [row for row in rows if keys[row.id] != key_of(row)]
    _map_labels(turn, source, past.identifier)
    joined = len(set(keys.values())) < len(keys)
    if joined or _means_otherwise(session, source, past.identifier) or _reads_otherwise(past, keys):
        _fold_anew(turn, past)
    elif moved:
        keep_series(session, moved, turn.ingest())
        for row in moved:
            columns = keys[row.id]._asdict() | {"model": _model(keys[row.id].subject, identity)}
            session.execute(update(Series).where(col(Series.id) == row.id).values(columns))


def _stated_series(session: Session, source: Source) -> Sequence[Series]:
    """Give the series of a source that its readings state; others were joined with these."""
    stated = exists().where(col(AssertionRow.series_id) == Series.id)
    return session.scalars(select(Series).filter_by(source_id=source.id).where(stated)).all()


def _model(subject: str, identity: Identity) -> str | None:
    return subject if subject in identity.models else None


def _reads_otherwise(past: Past, keys: Mapping[int, Key]) -> bool:
    """Say whether the last reading of any document, read by these names, states other series."""
    known, stated = set(keys.values()), _stated_last(past, keys)
    for chain, visits in past.chains.visits.items():
        said = past.said(visits[-1].reading).keys()
        if not stated.get(chain, set()) <= said <= known:
            return True
    return False


def _stated_last(past: Past, keys: Mapping[int, Key]) -> dict[tuple[int, str], set[Key]]:
    """Give what is stored of the last reading of each chain: the series that it states."""
    stated: dict[tuple[int, str], set[Key]] = {}
    if not past.visits:
        return stated
    forms = forms_of(past.session, past.source.id)
    for series, words in last_words(past.session, keys, past.visits[-1].at).items():
        for form, word in words.items():
            if word is not None and word.segments != ABSENT:
                stated.setdefault(forms[form], set()).add(keys[series])
    return stated


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


def _map_labels(turn: Turn, source: Source, identifier: Identifier) -> None:
    """Give the facts and scores under each label of a source the model that it means."""
    before = {
        label: model
        for table in (ScoreRow, FactRow)
        for label, model in turn.session.execute(_labels(table, source))
    }
    known = identifier.models_of(before)
    moved = {label: model for label, model in before.items() if known.get(label) != model}
    if not moved:
        return
    keep_mapping(turn.session, source.id, moved, turn.ingest())
    for table in (ScoreRow, FactRow):
        for label in moved:
            _map_label(turn, table, source, label, known.get(label))


def _labels(table: type[FactRow | ScoreRow], source: Source) -> Select[str, str | None]:
    query = select(col(table.label), col(table.model)).distinct()
    return query.where(col(table.visit_id).in_(_visits_of(source)))


def _visits_of(source: Source) -> Select[int]:
    return (
        select(col(RunDocument.id))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .where(col(Document.source_id) == source.id)
    )


def _map_label(
    turn: Turn,
    table: type[FactRow | ScoreRow],
    source: Source,
    label: str,
    model: str | None,
) -> None:
    rows = (col(table.label) == label, col(table.visit_id).in_(_visits_of(source)))
    visits = turn.session.scalars(select(col(table.visit_id)).where(*rows).distinct())
    turn.again["run_documents"].update(visits)
    turn.session.execute(update(table).where(*rows).values(model=model))


def _fold_anew(turn: Turn, past: Past) -> None:
    """Find every series of a source anew from its stored readings, and publish what they say."""
    session, source = turn.session, past.source
    if not past.visits:
        return
    old = list(session.scalars(select(col(Series.id)).filter_by(source_id=source.id)))
    holds = holds_in_effect(session, source.id)
    stored = revisions_in_force(session, old)
    before = Folded({}, {series: timeline_of(known) for series, known in stored.items()})
    known = stored_of(session, old)
    past.restated.update(visit for said in known.values() for visit in said)
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
