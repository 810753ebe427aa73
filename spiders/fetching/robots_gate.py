"""The gate every request passes: its site's robots.txt is asked first."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from spiders.fetching.answers import unreached
from spiders.fetching.robots import RobotsRefusal, Rules, read_rules, refusing
from spiders.fetching.session import Session, session_of
from spiders.fetching.turns import HostResting

LONGEST_AGE = timedelta(hours=24)
PATIENCE = timedelta(seconds=10)
AWAY = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError)
"""Failures of the network or the whole site, not of its robots.txt alone."""


class RobotsMiddleware:
    """Asks each site's robots.txt once a crawl, at least daily, before anything else of it."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        """Ask for one crawler, and remember in its session."""
        self._crawler = crawler
        self._session = session
        self._asking: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it as Scrapy does."""
        return cls(crawler, session_of(crawler))

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise RobotsRefusal, or what keeps us from its site."""
        if request.meta.get("is_robots"):
            return
        rules = await self._rules(request)
        if rules.away:
            raise rules.away
        if refusal := rules.refusal(request.url):
            raise RobotsRefusal(refusal)

    async def _rules(self, request: Request) -> Rules:
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(site, asyncio.Lock()):
            known = self._session.robots.get(site)
            if known is None or datetime.now(UTC) - known.read_at > LONGEST_AGE:
                known = await self._ask(site)
                self._session.robots[site] = known
                self._session.turns.slow_down(parts.netloc, known.delay)
        return known

    async def _ask(self, site: str) -> Rules:
        try:
            response = await self._crawler.engine.download_async(_request(site))
        except HostResting:  # It is the host that is left alone, not the file that is missing.
            raise
        except AWAY as failure:
            return replace(refusing(str(failure)), away=failure)
        except Exception as failure:  # noqa: BLE001 whatever kept us from the file, it refuses
            return refusing(unreached(failure, f"{site}/robots.txt"))
        return read_rules(response)


def _request(site: str) -> Request:
    patience = PATIENCE.total_seconds()
    return Request(
        f"{site}/robots.txt",
        callback=NO_CALLBACK,
        dont_filter=True,
        meta={"is_robots": True, "any_host": True, "retries": 1, "download_timeout": patience},
    )
