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
from spiders.fetching.answers import DEPARTURES
from spiders.fetching.archive import ArchivedSnapshot
from spiders.fetching.session import Session, SessionCrawler
from spiders.fetching.settings import scrapy_settings
from spiders.keys import Key
from spiders.paging import LACKING, Parts


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
    parts: Parts | None = None
    """How the parts, of which the address is the first, make one answer."""


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
            meta={
                "browser": errand.browser,
                "wait_for": errand.wait_for,
                "is_part": bool(earlier),
            },
        )

    def _key(self, errand: Errand) -> dict[str, str]:
        return errand.key.headers(self.session.keys, errand.url) if errand.key else {}

    def _arrived(
        self, errand: Errand, earlier: tuple[Response, ...], response: Response
    ) -> Request | None:
        """Keep an answer; of one in several parts, go for the next until all are there."""
        parts = errand.parts
        if parts is None or not _is_part(parts, earlier, response):
            self._keep(errand, response)  # The reader, or its status, names what came instead.
            return None
        return self._go_on(errand, parts, (*earlier, response))

    def _go_on(self, errand: Errand, parts: Parts, came: tuple[Response, ...]) -> Request | None:
        """Go for the part after these, or keep them as one; a surprise refuses them all."""
        try:
            further = _further(parts, came)
            if further:
                return self.request(errand, further, came)
            self._keep(errand, self._joined(parts, came))
        except NotRead as refusal:
            self._archive(came[-1])
            self._fail(errand, refusal)
        return None

    def _joined(self, parts: Parts, came: Sequence[Response]) -> Response:
        """Make one response of the parts, and archive its bytes like any others."""
        if len(came) == 1:
            return came[0]
        flags = [flag for part in came for flag in part.flags]
        body = parts.joined(_bodies(came))
        whole = came[0].replace(body=body, flags=flags, request=came[-1].request)
        whole.meta["snapshot"] = self._archive(whole)
        return whole

    def _archive(self, response: Response) -> ArchivedSnapshot:
        fetched_at: datetime = response.meta["fetched_at"]
        return self.session.archive.store(response, fetched_at)

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


def _is_part(parts: Parts, earlier: Sequence[Response], response: Response) -> bool:
    """Tell a part of an answer from what may come instead of it."""
    if response.status == HTTPStatus.OK:
        return bool(earlier) or parts.is_first(response.body)
    return bool(earlier) and parts.may_lack and response.status in DEPARTURES


def _bodies(came: Sequence[Response]) -> list[bytes]:
    return [part.body if part.status == HTTPStatus.OK else LACKING for part in came]


def _further(parts: Parts, came: Sequence[Response]) -> str | None:
    """Give the address of the part after these; only on their host, and none twice."""
    first, last = came[0].url, came[-1].url
    further = parts.next_after(_bodies(came))
    if further is None:
        return None
    address = urljoin(first, further)
    if urlsplit(address).hostname != urlsplit(first).hostname or address in _asked(came):
        raise NotRead(Outcome.PAGE_CHANGED, f"{last} goes on at {address}, of all places")
    if len(came) >= parts.most:
        raise NotRead(Outcome.PAGE_CHANGED, f"{first} goes on after {parts.most} parts")
    return address


def _asked(came: Sequence[Response]) -> set[str]:
    return {part.url for part in came}


async def fetch(
    spider_class: type[scrapy.Spider], session: Session, errands: Sequence[Errand]
) -> list[Fetched]:
    """Go for a source's documents and give what came of each, in the errands' order."""
    settings = scrapy_settings(session.manners, session.agent)
    crawler = ErrandCrawler(spider_class, settings, session, errands)
    await AsyncCrawlerRunner(settings).crawl(crawler)
    return sorted(crawler.fetched, key=lambda fetched: errands.index(fetched.errand))
