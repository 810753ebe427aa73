"""The end of a model as sources state it: notices, and the day it is sold no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from catalog.current.facts import FactSeen
from catalog.identity import Model
from catalog.identity.own_offers import own_offers
from catalog.moments import at_midnight

Stage = Literal["deprecated", "retired"]
STAGES: dict[str, Stage] = {"deprecated_on": "deprecated", "retired_on": "retired"}
STATUSES: dict[str, Stage] = {"deprecated": "deprecated", "retired": "retired"}


@dataclass(frozen=True)
class Notice:
    """What one source states of a model's end."""

    stage: Stage
    since: datetime
    """The day that is stated, else when it was first seen; it may lie ahead."""
    dated: bool
    """Whether the source states the day."""
    source: str
    provider: str
    """Whose offer ends; empty is the source's own."""
    evidence: str
    seen_at: datetime


def notices(facts: Iterable[FactSeen]) -> tuple[Notice, ...]:
    """Give what is stated of a model's end, earliest first."""
    found = [notice for fact in facts if (notice := _notice(fact))]
    return tuple(sorted(found, key=lambda one: (one.since, one.source, one.stage)))


def retired_from(model: Model, found: Iterable[Notice]) -> datetime | None:
    """Give the moment from which its maker's own offer is retired; others end only their own."""
    own = {model.maker, *(offer.provider for offer in own_offers(model.maker))}
    days = [
        one.since for one in found if one.stage == "retired" and (one.provider or one.source) in own
    ]
    return min(days, default=None)


def _notice(fact: FactSeen) -> Notice | None:
    stage = STAGES.get(fact.name) if fact.name != "status" else STATUSES.get(fact.value)
    if stage is None:
        return None
    day = _day(fact.value)
    return Notice(
        stage=stage,
        since=day or fact.seen_at,
        dated=day is not None,
        source=fact.source,
        provider=fact.provider,
        evidence=fact.evidence,
        seen_at=fact.seen_at,
    )


def _day(value: str) -> datetime | None:
    try:
        return at_midnight(date.fromisoformat(value))
    except ValueError:
        return None
