"""What runs when: the worker's jobs in one table, and which sources are due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.retention import forget_ended
from catalog.documents.sources import Run, Source
from catalog.ingest import arrive
from catalog.settings import environment_settings
from catalog.store import Clock, reading
from catalog.vocabulary import Cause
from spiders.crawling import OnProgress, crawl


@dataclass(frozen=True)
class Job:
    """One thing the worker does again and again."""

    name: str
    every: timedelta
    does: str
    run: Callable[[Engine, Clock, OnProgress], object]


def due(session: Session, now: datetime) -> list[str]:
    """Name the sources whose last crawl is as long ago as their cadence, or never was."""
    last = (
        select(func.max(col(Run.started_at)))
        .where(col(Run.source_id) == Source.id, col(Run.cause) == Cause.OBSERVED.value)
        .scalar_subquery()
    )
    query = select(col(Source.name), col(Source.cadence_seconds), last).order_by(col(Source.name))
    return [name for name, cadence, begun in session.execute(query) if _is_due(begun, cadence, now)]


def _is_due(begun: datetime | None, cadence: int, now: datetime) -> bool:
    return begun is None or begun + timedelta(seconds=cadence) <= now


def crawl_due(engine: Engine, now: Clock, on_progress: OnProgress) -> None:
    """Crawl every source that is due."""
    with reading(engine) as session:
        names = due(session, now())
    if names:
        crawl(engine, names, now=now, on_progress=on_progress)


def let_announced_days_come(engine: Engine, now: Clock, _: OnProgress) -> None:
    """Record the changes whose announced day has come."""
    arrive(engine, now=now)


def forget_messages(engine: Engine, now: Clock, _: OnProgress) -> None:
    """Delete messages to subscribers that ended longer ago than the setting keeps them."""
    if days := environment_settings().keep_deliveries:
        forget_ended(engine, now=now(), keep=timedelta(days=days))


JOBS = (
    Job("crawl", timedelta(minutes=1), "crawls every source whose cadence has passed", crawl_due),
    Job(
        "arrive",
        timedelta(minutes=1),
        "records price.changed when an announced day comes",
        let_announced_days_come,
    ),
    Job(
        "forget",
        timedelta(days=1),
        "deletes messages to subscribers that are no longer sent and older than "
        "TOKENTAPE_KEEP_DELIVERIES days, with their attempts",
        forget_messages,
    ),
)
