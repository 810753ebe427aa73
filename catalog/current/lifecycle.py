"""Models that a source states to be deprecated or retired, as the facts it states tell it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalog.current.facts import By, Stated, stated
from catalog.current.observations import FactRow
from catalog.events.explain import Told
from catalog.moments import at_midnight
from catalog.vocabulary import EventType

STAGES = {
    "deprecated_on": EventType.MODEL_DEPRECATED,
    "retired_on": EventType.MODEL_RETIRED,
}
STATUS = "status"
STATUSES = {"deprecated": EventType.MODEL_DEPRECATED, "retired": EventType.MODEL_RETIRED}
"""A stage that is stated without its day."""


NAMES = (*STAGES, STATUS)
"""The facts that tell of a stage."""


def explain_facts(session: Session, source: str) -> Iterator[tuple[str, Told]]:
    """Tell each stage of each model's end once, with the model, when a source first states it.

    What a source's document states at its first visit in a form was so before, and is no event.
    """
    told: set[tuple[str, EventType]] = set()
    facts = stated(session, FactRow, By(), source=source, names=NAMES)
    for one in sorted(facts, key=lambda one: (one.seen_at, one.row.name == STATUS)):
        model, kind = one.row.model, _stage(one.row)
        if model is None or kind is None or (model, kind) in told:
            continue
        told.add((model, kind))
        if not one.first:
            yield model, _told(one, kind)


def _stage(fact: FactRow) -> EventType | None:
    return STATUSES.get(fact.value) if fact.name == STATUS else STAGES[fact.name]


def _told(one: Stated[FactRow], kind: EventType) -> Told:
    event = Told(
        kind,
        one.seen_at,
        None,
        None,
        visit=one.row.visit_id,
        text=one.row.evidence,
        detail=f"{one.row.model}: {one.row.name} {one.row.value}",
    )
    day = _day(one.row.value)
    return event if day is None else replace(event, valid_from=day)


def _day(value: str) -> datetime | None:
    try:
        return at_midnight(date.fromisoformat(value))
    except ValueError:
        return None
