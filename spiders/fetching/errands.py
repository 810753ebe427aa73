"""Errands: which documents a crawl goes for, and what came of each."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Request, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.fetching.archive import ArchivedSnapshot
from spiders.fetching.session import Session, SessionCrawler
from spiders.fetching.settings import scrapy_settings
from spiders.keys import Key
from spiders.paging import Paging

MOST_PAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One document to fetch."""

    document: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """Validators, where the document's last reading still counts."""
    key: Key | None = None
    """The key that the site asks for; sent with what is fetched from its host."""
    browser: bool = False
    wait_for: str | None = None
    """A CSS selector that shows on the rendered page once its prices are there."""
    paging: Paging | None = None
    """How the pages, of which the address is the first, make one answer."""


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

    def start(self, errand: Errand) -> Request | None:
        """Set out on an errand, unless what it needs is missing: then that is what came of it."""
        try:
            return self.request(errand)
        except NotRead as refusal:
            self._fail(errand, refusal)
            return None

    def request(
        self, errand: Errand, url: str | None = None, earlier: tuple[Response, ...] = ()
    ) -> Request:
        """Turn an errand, or the rest of one after its earlier pages, into Scrapy's request."""
        return Request(
            url or errand.url,
            headers={**errand.headers, **self._key(errand)},
            callback=partial(self._arrived, errand, earlier),
            errback=partial(self._failed, errand),
            dont_filter=True,
            meta={"browser": errand.browser, "wait_for": errand.wait_for},
        )

    def _key(self, errand: Errand) -> dict[str, str]:
        return errand.key.headers(self.session.keys, errand.url) if errand.key else {}

    def _arrived(
        self, errand: Errand, earlier: tuple[Response, ...], response: Response
    ) -> Request | None:
        """Keep an answer; of one that comes in pages, go for the next until all are there."""
        if errand.paging is None or response.status != HTTPStatus.OK:
            self._keep(errand, response)
            return None
        if not earlier and not errand.paging.is_page(response.body):
            self._keep(errand, response)  # The reader names what came instead.
            return None
        return self._turned(errand, errand.paging, (*earlier, response))

    def _turned(
        self, errand: Errand, paging: Paging, pages: tuple[Response, ...]
    ) -> Request | None:
        """Go for the page after these, or keep them as one; a surprise refuses them all."""
        try:
            further = _further(paging, pages)
            if further:
                return self.request(errand, further, pages)
            self._keep(errand, self._joined(paging, pages))
        except NotRead as refusal:
            self._fail(errand, refusal)
        return None

    def _joined(self, paging: Paging, pages: Sequence[Response]) -> Response:
        """Make one response of the pages, and archive its bytes like any others."""
        if len(pages) == 1:
            return pages[0]
        flags = [flag for page in pages for flag in page.flags]
        body = paging.joined([page.body for page in pages])
        whole = pages[0].replace(body=body, flags=flags, request=pages[-1].request)
        fetched_at: datetime = whole.meta["fetched_at"]
        whole.meta["snapshot"] = self.session.archive.store(whole, fetched_at)
        return whole

    def _keep(self, errand: Errand, response: Response) -> None:
        snapshot: ArchivedSnapshot | None = response.meta.get("snapshot")
        fetched_at: datetime = response.meta["fetched_at"]
        self.fetched.append(
            Fetched(errand=errand, fetched_at=fetched_at, response=response, snapshot=snapshot)
        )

    def _failed(self, errand: Errand, failure: Failure) -> None:
        self._fail(errand, failure.value)

    def _fail(self, errand: Errand, why: BaseException | None) -> None:
        now = self.session.now()
        self.fetched.append(Fetched(errand=errand, fetched_at=now, failure=why))


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
            if first := self._crawler.start(errand):
                yield first


def _further(paging: Paging, pages: Sequence[Response]) -> str | None:
    """Give the address of the page after these; only on their host, and none twice."""
    last = pages[-1]
    further = paging.goes_on_at(last.body)
    if further is None:
        return None
    known = [page.url for page in pages]
    address = urljoin(last.url, further)
    if urlsplit(address).hostname != urlsplit(last.url).hostname or address in known:
        raise NotRead(Outcome.PAGE_CHANGED, f"{last.url} goes on at {address}, of all places")
    if len(pages) >= MOST_PAGES:
        raise NotRead(Outcome.PAGE_CHANGED, f"{known[0]} goes on after {MOST_PAGES} pages")
    return address


async def fetch(
    spider_class: type[scrapy.Spider], session: Session, errands: Sequence[Errand]
) -> list[Fetched]:
    """Go for a source's documents and give what came of each, in the errands' order."""
    settings = scrapy_settings(session.manners, session.agent)
    crawler = ErrandCrawler(spider_class, settings, session, errands)
    await AsyncCrawlerRunner(settings).crawl(crawler)
    return sorted(crawler.fetched, key=lambda fetched: errands.index(fetched.errand))
