"""Every response is archived as it comes, before anything looks at it."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from spiders.fetching.session import Session, session_of


class ArchivingMiddleware:
    """Stores each response that holds bytes, and notes it and its time on the request."""

    def __init__(self, session: Session) -> None:
        """Store into the session's archive."""
        self._session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it as Scrapy does."""
        return cls(session_of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        """Store a response and pass it on."""
        fetched_at = self._session.now()
        archive = self._session.archive
        request.meta["fetched_at"] = fetched_at
        request.meta["snapshot"] = archive.store(response, fetched_at) if response.body else None
        return response
