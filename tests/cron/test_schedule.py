"""Each source is crawled by its cadence, by one worker."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.documents.sources import declare
from catalog.identity import load
from catalog.ingest import ingest
from catalog.lease import lease
from catalog.store import reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome, SourceKind
from cron.schedule import JOBS, due
from cron.worker import AnotherWorkerError, scheduled, work
from spiders.crawling import no_progress

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def declared(store: Engine) -> Engine:
    """Declare one source that is to be crawled every six hours."""
    acme = SourceDeclaration(
        name="acme",
        kind=SourceKind.OFFICIAL,
        provider="acme",
        cadence=timedelta(hours=6),
        reader_version=1,
        documents=(
            DocumentDeclaration(name="pricing", url="https://acme.test/pricing", forms=("md",)),
        ),
    )
    declare(store, [acme], now=lambda: NOON)
    return store


def visited(store: Engine, at: datetime, cause: Cause) -> None:
    """Let a visit of the source have failed."""
    visit = Visit(
        source="acme",
        document="pricing",
        url="https://acme.test/pricing",
        fetched_at=at,
        reader_version=1,
        outcome=Outcome.NETWORK,
        cause=cause,
    )
    ingest(store, visit, identity=load(), now=lambda: at)


def names_due(store: Engine, now: datetime) -> list[str]:
    with reading(store) as session:
        return due(session, now)


def test_a_source_that_was_never_crawled_is_due(store: Engine) -> None:
    assert names_due(declared(store), NOON) == ["acme"]


def test_a_source_is_due_again_when_its_cadence_has_passed(store: Engine) -> None:
    visited(declared(store), NOON, Cause.OBSERVED)
    assert names_due(store, NOON + timedelta(hours=5, minutes=59)) == []
    assert names_due(store, NOON + timedelta(hours=6)) == ["acme"]


def test_backfilled_pages_are_no_crawl(store: Engine) -> None:
    visited(declared(store), NOON, Cause.BACKFILLED)
    assert names_due(store, NOON) == ["acme"]


def test_a_late_job_runs_once_and_never_beside_itself(sqlite_store: Engine) -> None:
    scheduler = scheduled(sqlite_store, now=lambda: NOON, on_progress=no_progress)
    jobs = scheduler.get_jobs()
    assert [job.id for job in jobs] == [job.name for job in JOBS]
    assert {(job.coalesce, job.max_instances, job.misfire_grace_time) for job in jobs} == {
        (True, 1, None)
    }


def test_a_second_worker_ends_and_says_why(sqlite_store: Engine) -> None:
    with (
        lease(sqlite_store, "worker"),
        pytest.raises(AnotherWorkerError, match="crawls for this store already"),
    ):
        work(sqlite_store, now=lambda: NOON, on_progress=no_progress)
