"""What follows from rows that are sealed, computed again and compared with what is stored."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Run, RunDocument, worst
from catalog.identity.adoptions import names_digest, stored_adoption
from catalog.store import Ingest, last_recorded_at
from catalog.vocabulary import Outcome


def recomputed(session: Session) -> Iterator[str]:
    """Say what is not as it follows from the rest: runs, declared names, the last moment."""
    yield from _runs(session)
    yield from _names(session)
    last: datetime | None = session.scalars(select(func.max(col(Ingest.recorded_at)))).one()
    if last is not None and last_recorded_at(session) < last:
        yield "the last moment that was recorded at is altered: a commit is later"


def _runs(session: Session) -> Iterator[str]:
    outcomes: dict[int, set[str]] = {}
    query = select(col(RunDocument.run_id), col(RunDocument.outcome)).distinct()
    for number, outcome in session.execute(query):
        outcomes.setdefault(number, set()).add(outcome)
    visits = (
        select(
            col(RunDocument.run_id).label("run"),
            func.max(col(RunDocument.fetched_at)).label("finished_at"),
            func.max(col(RunDocument.ingest)).label("ingest"),
        )
        .group_by(col(RunDocument.run_id))
        .subquery()
    )
    told = select(Run, visits.c.finished_at, visits.c.ingest).join(visits, visits.c.run == Run.id)
    for run, finished_at, ingest in session.execute(told.order_by(col(Run.id))):
        known = outcomes[run.id] <= set(Outcome)
        worst_of = worst(outcomes[run.id]) if known else None
        if (finished_at, ingest, worst_of) != (run.finished_at, run.ingest, run.outcome):
            yield f"run {run.id} is altered: its visits say otherwise"


def _names(session: Session) -> Iterator[str]:
    adopted = stored_adoption(session)
    if adopted is not None and adopted.names != names_digest(session):
        yield "a declared provider, model or name is altered; `tokentape migrate` declares them"
