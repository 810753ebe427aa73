"""What the crawlers of one crawl share: manners, turns, robots rules, archive and browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from spiders.fetching.archive import Archive
from spiders.fetching.browser import Browser
from spiders.fetching.manners import Manners
from spiders.fetching.robots import Rules
from spiders.fetching.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One crawl's shared state."""

    manners: Manners
    agent: str
    """What we call ourselves in requests."""
    turns: Turns
    archive: Archive
    browser: Browser
    now: Callable[[], datetime]
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys for sites' APIs, by the names of their settings."""
    robots: dict[str, Rules] = field(default_factory=dict)
    """By scheme and host, as read in this crawl."""


class SessionCrawler(Crawler):
    """A Scrapy crawler that belongs to a session, where its middlewares find it."""

    def __init__(
        self, spider_class: type[scrapy.Spider], settings: Settings, session: Session
    ) -> None:
        """Make a crawler of one source."""
        super().__init__(spider_class, settings)
        self.session = session


def session_of(crawler: Crawler) -> Session:
    """Give the session a crawler belongs to."""
    if not isinstance(crawler, SessionCrawler):
        raise TypeError("these middlewares run in a SessionCrawler; use spiders.crawling.crawl")
    return crawler.session
