"""Deciding on what guards hold: a person does, or another source that states the same."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from catalog.documents.sources import Source
from catalog.events.explain import declared_renamings
from catalog.events.publish import Publisher
from catalog.identity import Identity
from catalog.past.assertions import series_stated_at
from catalog.past.folding import Past
from catalog.review.holds import Decision, Hold, decide, holds_in_effect, holds_numbered
from catalog.review.judging import judge_visit
from catalog.store import Clock, Turn, writing
from catalog.vocabulary import Cause


def review(
    engine: Engine, holds: Sequence[int], decision: Decision, *, identity: Identity, now: Clock
) -> int:
    """Approve or reject open holds; give how many events that made."""
    with writing(engine, now=now) as turn:
        return sum(
            _reviewed(turn, source, some, decision, identity)
            for source, some in holds_numbered(turn.session, holds).items()
        )


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


def let_through(turn: Turn, holds: Mapping[int, Sequence[Hold]], identity: Identity) -> int:
    """Ask the guards anew about what is held of some sources, and publish what they pass.

    Gives how many events that made.
    """
    return sum(_let_through(turn, source, some, identity) for source, some in holds.items())


def _let_through(turn: Turn, number: int, holds: Sequence[Hold], identity: Identity) -> int:
    source = turn.session.get_one(Source, number)
    past = Past(turn.session, source, identity)
    agreed = [
        hold
        for alike in _alike(holds)
        if not _is_still_held(past, alike[-1], turn.now)
        for hold in alike
        if not _is_still_held(past, hold, turn.now)
    ]
    return _reviewed(turn, number, agreed, Decision.AGREED, identity) if agreed else 0


def _alike(holds: Iterable[Hold]) -> Iterable[Sequence[Hold]]:
    """Put together what is held for the same reasons at each visit, the last of them last.

    A page that means it says so at every visit; while its last word is held, the others are not
    asked about, however many they have become.
    """
    found: dict[tuple[str, ...], list[Hold]] = {}
    for hold in holds:
        found.setdefault((hold.guard, hold.about, *hold.reasons), []).append(hold)
    return found.values()


def _is_still_held(past: Past, hold: Hold, now: datetime) -> bool:
    this = next((visit for visit in past.visits if visit.id == hold.visit_id), None)
    if this is None:
        return True
    in_effect = holds_in_effect(past.session, past.source.id)
    touched = series_stated_at(past.session, [this.id])
    before = past.fold(past.chains_without(this.id), touched, in_effect)
    held = judge_visit(past, this, before, in_effect, now=now)
    return any((one.guard.name, one.about) == (hold.guard, hold.about) for one in held)
