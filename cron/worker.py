"""The worker: one process per store that runs the declared jobs."""

from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from catalog.lease import lease
from catalog.store import Clock
from cron.schedule import JOBS
from spiders.crawling import OnProgress


class AnotherWorkerError(RuntimeError):
    """Another process already works on this store."""


def work(engine: Engine, *, now: Clock, on_progress: OnProgress) -> None:
    """Run every job now and then at its times, until interrupted.

    Raises AnotherWorkerError where another worker holds the store.
    """
    with lease(engine, "worker") as mine:
        if not mine:
            raise AnotherWorkerError("another worker crawls for this store already")
        scheduled(engine, now=now, on_progress=on_progress).start()


def scheduled(engine: Engine, *, now: Clock, on_progress: OnProgress) -> BlockingScheduler:
    """Make the scheduler with its jobs; a late job runs once, and never beside itself."""
    scheduler = BlockingScheduler(timezone=UTC)
    for job in JOBS:
        scheduler.add_job(
            job.run,
            "interval",
            seconds=job.every.total_seconds(),
            args=[engine, now, on_progress],
            id=job.name,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler
