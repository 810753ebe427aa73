"""The worker: one process per store that runs the declared jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from api.delivery.addresses import policy_of
from api.delivery.courier import Courier, delivering, resolvers
from api.delivery.dialing import Dialler
from api.delivery.keyring import keyring_of
from catalog.lease import lease
from catalog.settings import Settings, environment_settings
from catalog.store import Clock
from cron.schedule import JOBS
from spiders.crawling import OnProgress


class AnotherWorkerError(RuntimeError):
    """Another process already works on this store."""


def work(engine: Engine, *, now: Clock, on_progress: OnProgress) -> None:
    """Run every job now and then at its times, and deliver, until interrupted.

    Raises AnotherWorkerError where another worker holds the store.
    """
    with lease(engine, "worker") as mine:
        if not mine:
            raise AnotherWorkerError("another worker crawls for this store already")
        with sending(engine, environment_settings(), now=now):
            scheduled(engine, now=now, on_progress=on_progress).start()


@contextmanager
def sending(engine: Engine, settings: Settings, *, now: Clock) -> Iterator[None]:
    """Send subscribers their messages while the block runs.

    Without TOKENTAPE_SECRET_KEY there are no subscriptions, and nothing is sent. Raises
    SecretKeyError where it is too short to be one.
    """
    if not settings.secret_key:
        yield
        return
    with resolvers() as executor:
        dialler = Dialler(policy_of(allow_loopback=settings.allow_loopback), executor)
        with delivering(Courier(engine, keyring_of(settings.secret_key), dialler, now)):
            yield


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
