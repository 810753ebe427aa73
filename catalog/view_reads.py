"""What a view is read from beside prices, facts and scores: rates, last moves, what comes next."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog import facts
from catalog.changes import ChangeEvent
from catalog.exchange import BASE, Rates
from catalog.facts import By, RateRow, ScoreRow
from catalog.moments import at_midnight
from catalog.price_paths import Path
from catalog.ranking.exact import CURRENCY
from catalog.revisions import Revision
from catalog.sources import RunDocument
from catalog.vocabulary import EventType

MOVES = (EventType.PRICE_CHANGED, EventType.PRICE_ADDED, EventType.PRICE_WITHDRAWN)
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
    query = (
        select(col(ChangeEvent.model), func.max(col(ChangeEvent.valid_from)))
        .where(
            col(ChangeEvent.type).in_(MOVES),
            col(ChangeEvent.initial).is_(False),
            col(ChangeEvent.model).is_not(None),
            col(ChangeEvent.valid_from) <= by.seen,
        )
        .group_by(col(ChangeEvent.model))
    )
    if by.ingest is not None:
        query = query.where(col(ChangeEvent.ingest) <= by.ingest)
    return {model: moment for model, moment in session.execute(query) if model}


def good_until(session: Session, moment: datetime) -> datetime | None:
    """Find the next moment at which something known today comes to hold."""
    revision = select(func.min(col(Revision.valid_from))).where(
        col(Revision.valid_from) > moment, col(Revision.superseded).is_(None)
    )
    day = select(func.min(col(ScoreRow.date))).where(col(ScoreRow.date) > moment.date().isoformat())
    scored = session.scalars(day).one()
    found = [
        session.scalars(revision).one(),
        at_midnight(date.fromisoformat(scored)) if scored else None,
    ]
    return min((one for one in found if one), default=None)
