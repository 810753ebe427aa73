"""Runs errands against a site in tests: a session in a temporary folder, and no delays."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import scrapy

from spiders.fetching.archive import Archive
from spiders.fetching.browser import Browser
from spiders.fetching.errands import Errand, Fetched, fetch
from spiders.fetching.manners import Manners, user_agent
from spiders.fetching.session import Session
from spiders.fetching.turns import Turns

QUICK = Manners(delay=timedelta(0), timeout=timedelta(seconds=5), longest_wait=timedelta(seconds=5))
AGENT = user_agent("mailto:prices@example.org")


class Runner(scrapy.Spider):
    """A spider with errands only."""

    name = "runner"


def session_in(folder: Path, manners: Manners = QUICK, har: Path | None = None) -> Session:
    return Session(
        manners=manners,
        agent=AGENT,
        turns=Turns(folder / "hosts", manners),
        archive=Archive(folder),
        browser=Browser(AGENT, har=har),
        now=lambda: datetime.now(UTC),
    )


def run(session: Session, errands: Sequence[Errand]) -> list[Fetched]:
    async def running() -> list[Fetched]:
        try:
            return await fetch(Runner, session, errands)
        finally:
            await session.browser.close()

    return asyncio.run(running())


def go(folder: Path, url: str, manners: Manners = QUICK) -> Fetched:
    """Fetch one address."""
    [fetched] = run(session_in(folder, manners), [Errand(document="page", url=url)])
    return fetched
