"""Errands: which documents a crawl goes for, and what came of each."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Self

import scrapy
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Request, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from spiders.fetching.archive import ArchivedSnapshot
from spiders.fetching.session import Session, SessionCrawler
from spiders.fetching.settings import scrapy_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One document to fetch."""

    document: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """Validators, where the document's last reading still counts."""
    browser: bool = False
    wait_for: str | None = None
    """A CSS selector that shows on the rendered page once its prices are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of an errand: a response, or the failure in its place."""

    errand: Errand
    fetched_at: datetime
    response: Response | None = None
    failure: BaseException | None = None
    snapshot: ArchivedSnapshot | None = None
    """Where the bytes are; None where nothing was served, as with 304."""


class ErrandCrawler(SessionCrawler):
    """A crawler with a list of errands, which collects what comes of them."""

    def __init__(
        self,
        spider_class: type[scrapy.Spider],
        settings: Settings,
        session: Session,
        errands: Sequence[Errand],
    ) -> None:
        """Make a crawler of one source for some of its documents."""
        super().__init__(spider_class, settings, session)
        self.errands = errands
        self.fetched: list[Fetched] = []

    def request(self, errand: Errand) -> Request:
        """Turn an errand into Scrapy's request."""
        return Request(
            errand.url,
            headers=dict(errand.headers),
            callback=partial(self._arrived, errand),
            errback=partial(self._failed, errand),
            dont_filter=True,
            meta={"browser": errand.browser, "wait_for": errand.wait_for},
        )

    def _arrived(self, errand: Errand, response: Response) -> None:
        snapshot: ArchivedSnapshot | None = response.meta.get("snapshot")
        fetched_at: datetime = response.meta["fetched_at"]
        self.fetched.append(
            Fetched(errand=errand, fetched_at=fetched_at, response=response, snapshot=snapshot)
        )

    def _failed(self, errand: Errand, failure: Failure) -> None:
        now = self.session.now()
        self.fetched.append(Fetched(errand=errand, fetched_at=now, failure=failure.value))


class ErrandMiddleware:
    """Starts a source's spider with its errands."""

    def __init__(self, crawler: ErrandCrawler) -> None:
        """Serve one crawler."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it as Scrapy does."""
        if not isinstance(crawler, ErrandCrawler):
            raise TypeError("errands run in an ErrandCrawler; use spiders.fetching.errands.fetch")
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Request]) -> AsyncIterator[Request]:
        """Give what the spider itself starts with, then the errands."""
        async for request in start:
            yield request
        for errand in self._crawler.errands:
            yield self._crawler.request(errand)


async def fetch(
    spider_class: type[scrapy.Spider], session: Session, errands: Sequence[Errand]
) -> list[Fetched]:
    """Go for a source's documents and give what came of each, in the errands' order."""
    settings = scrapy_settings(session.manners, session.agent)
    crawler = ErrandCrawler(spider_class, settings, session, errands)
    await AsyncCrawlerRunner(settings).crawl(crawler)
    return sorted(crawler.fetched, key=lambda fetched: errands.index(fetched.errand))
