"""What a view is read from beside prices, facts and scores: rates, last moves, what comes next."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import CTE, ScalarSelect, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.current import facts
from catalog.current.facts import By, FactSeen
from catalog.current.observations import RateRow, ScoreRow
from catalog.current.retirement import notices
from catalog.documents.sources import RunDocument
from catalog.events.changes import ChangeEvent
from catalog.exchange import BASE, Rates
from catalog.moments import at_midnight
from catalog.past.price_paths import Path
from catalog.past.revisions import Revision
from catalog.ranking.exact import CURRENCY
from catalog.store import Ingest
from catalog.vocabulary import EventType

_EVENTS = ChangeEvent.metadata.tables[ChangeEvent.__tablename__]
MOVES = (EventType.PRICE_CHANGED, EventType.PRICE_ADDED, EventType.PRICE_WITHDRAWN)
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
GAPS = timedelta(days=14)
"""Currencies that miss the latest day of rates are looked for this long before it."""


def last_rates(session: Session, by: By) -> Rates:
    """Read the rates that can be the last ones by a moment."""
    return Rates(facts.rates(session, by, since=first_rate_day(session, by)))


def rates_along(session: Session, by: By, paths: Sequence[Path]) -> Rates:
    """Read the rates to dollars of all currencies of some paths, since the first step of them."""
    currencies = {path.currency for path in paths} - {CURRENCY, BASE}
    if not currencies:
        return Rates(())
    first = min(path.steps[0].since for path in paths) - GAPS
    wanted = sorted({*currencies, CURRENCY})
    return Rates(facts.rates(session, by, since=first.date(), currencies=wanted))


def first_rate_day(session: Session, by: By) -> date | None:
    """Find the day from which on rates can be the last ones by a moment."""
    query = select(func.max(col(RateRow.date))).join(
        RunDocument, col(RunDocument.id) == RateRow.visit_id
    )
    if by.seen is not None:
        query = query.where(col(RateRow.date) <= by.seen.date().isoformat())
    if by.ingest is not None:
        query = query.where(col(RunDocument.ingest) <= by.ingest)
    latest = session.scalars(query).one()
    return date.fromisoformat(latest) - GAPS if latest else None


def changed(session: Session, by: By) -> dict[str, datetime]:
    """Find when each model's prices last moved; what was there at first sight is no change."""
    models = _models_told_of()
    query = select(models.c.model, _last_move(models, by)).where(models.c.model.is_not(None))
    return {model: moment for model, moment in session.execute(query) if moment}


def _models_told_of() -> CTE:
    """Ask for each model of the log once, from one to the next, without reading its events."""
    first = select(func.min(_EVENTS.c.model).label("model")).cte("told_of", recursive=True)
    following = select(func.min(_EVENTS.c.model)).where(_EVENTS.c.model > first.c.model)
    return first.union_all(select(following.scalar_subquery()).where(first.c.model.is_not(None)))


def _last_move(models: CTE, by: By) -> ScalarSelect[datetime]:
    query = (
        select(_EVENTS.c.valid_from)
        .where(
            _EVENTS.c.model == models.c.model,
            _EVENTS.c.type.in_(MOVES),
            _EVENTS.c.initial.is_(False),
            _EVENTS.c.valid_from <= by.seen,
        )
        .order_by(_EVENTS.c.valid_from.desc())
        .limit(1)
        .correlate(models)
    )
    if by.ingest is not None:
        query = query.where(_EVENTS.c.ingest <= by.ingest)
    return query.scalar_subquery()


def taken_in_at(session: Session) -> datetime:
    """Give the moment of the last commit that altered answers; 1970 before the first."""
    last: datetime | None = session.scalars(select(func.max(col(Ingest.recorded_at)))).one()
    return last or BEFORE_ALL


def so_since(session: Session, moment: datetime, seen: Iterable[FactSeen]) -> datetime:
    """Find since when all that is known holds as it does at a moment.

    That is the last commit, or the last day after it that something known before came to hold.
    """
    revision = select(func.max(col(Revision.valid_from))).where(
        col(Revision.valid_from) <= moment, col(Revision.superseded).is_(None)
    )
    day = func.max(col(ScoreRow.date))
    scored = session.scalars(select(day).where(col(ScoreRow.date) <= _day(moment))).one()
    ended = (notice.since for notice in notices(seen) if notice.since <= moment)
    came = [session.scalars(revision).one(), _midnight(scored), max(ended, default=None)]
    return max(one for one in (taken_in_at(session), *came) if one)


def good_until(session: Session, moment: datetime, seen: Iterable[FactSeen]) -> datetime | None:
    """Find the next moment at which something known today comes to hold."""
    revision = select(func.min(col(Revision.valid_from))).where(
        col(Revision.valid_from) > moment, col(Revision.superseded).is_(None)
    )
    day = func.min(col(ScoreRow.date))
    scored = session.scalars(select(day).where(col(ScoreRow.date) > _day(moment))).one()
    ending = (notice.since for notice in notices(seen) if notice.since > moment)
    found = [session.scalars(revision).one(), _midnight(scored), min(ending, default=None)]
    return min((one for one in found if one), default=None)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _midnight(day: str | None) -> datetime | None:
    return at_midnight(date.fromisoformat(day)) if day else None
