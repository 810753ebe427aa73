"""Deciding on what guards hold: a person does, or another source that states the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Document, RunDocument, Source
from catalog.events.explain import declared_renamings
from catalog.events.publish import Publisher
from catalog.identity import Identity
from catalog.past.assertions import series_stated_at
from catalog.past.folding import Past
from catalog.review.holds import Decision, Hold, decide, holds_in_effect
from catalog.review.judging import judge_visit
from catalog.store import Clock, Turn, writing
from catalog.vocabulary import Cause


def review(
    engine: Engine, holds: Sequence[int], decision: Decision, *, identity: Identity, now: Clock
) -> int:
    """Approve or reject open holds; give how many events that made."""
    with writing(engine, now=now) as turn:
        wanted = turn.session.scalars(select(Hold).where(col(Hold.id).in_(holds))).all()
        return sum(
            _reviewed(turn, source, some, decision, identity)
            for source, some in sorted(_by_source(turn.session, wanted).items())
        )


def _by_source(session: Session, holds: Iterable[Hold]) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = {}
    for hold in holds:
        found.setdefault(_source_of(session, hold), []).append(hold)
    return found


def _source_of(session: Session, hold: Hold) -> int:
    query = (
        select(col(Document.source_id))
        .join(RunDocument, col(RunDocument.document_id) == Document.id)
        .where(col(RunDocument.id) == hold.visit_id)
    )
    return session.scalars(query).one()


def _reviewed(
    turn: Turn, number: int, holds: Sequence[Hold], decision: Decision, identity: Identity
) -> int:
    source = turn.session.get_one(Source, number)
    past = Past(turn.session, source, identity)
    touched = series_stated_at(turn.session, {hold.visit_id for hold in holds})
    before = past.fold(past.chains, touched, holds_in_effect(turn.session, number))
    decide(turn.session, [hold.id for hold in holds], decision, turn.ingest())
    after = past.fold(past.chains, touched, holds_in_effect(turn.session, number))
    declared = declared_renamings(identity, source.name)
    publisher = Publisher(turn, source, Cause.OBSERVED, declared)
    publisher.publish(before, after, reread=None)
    return publisher.tell()


def let_through(turn: Turn, holds: Iterable[Hold], *, but: Source, identity: Identity) -> int:
    """Ask the guards anew about what is held of all sources but one, and publish what they pass.

    Gives how many events that made.
    """
    by_source = _by_source(turn.session, holds)
    by_source.pop(but.id, None)
    return sum(
        _let_through(turn, source, some, identity) for source, some in sorted(by_source.items())
    )


def _let_through(turn: Turn, number: int, holds: Sequence[Hold], identity: Identity) -> int:
    source = turn.session.get_one(Source, number)
    past = Past(turn.session, source, identity)
    agreed = [hold for hold in holds if not _is_still_held(past, hold, turn.now)]
    return _reviewed(turn, number, agreed, Decision.AGREED, identity) if agreed else 0


def _is_still_held(past: Past, hold: Hold, now: datetime) -> bool:
    this = next((visit for visit in past.visits if visit.id == hold.visit_id), None)
    if this is None:
        return True
    in_effect = holds_in_effect(past.session, past.source.id)
    touched = series_stated_at(past.session, [this.id])
    before = past.fold(past.chains_without(this.id), touched, in_effect)
    held = judge_visit(past, this, before, in_effect, now=now)
    return any((one.guard.name, one.about) == (hold.guard, hold.about) for one in held)
