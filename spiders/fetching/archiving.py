"""Every response is archived as it comes, before anything looks at it."""

from http import HTTPStatus
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
        """Store a response and pass it on; a part is kept in the answer that the parts make."""
        fetched_at = self._session.now()
        archive = self._session.archive
        kept = response.body and not (request.meta.get("is_part") and _is_answer(response))
        request.meta["fetched_at"] = fetched_at
        request.meta["snapshot"] = archive.store(response, fetched_at) if kept else None
        return response


def _is_answer(response: Response) -> bool:
    return bool(response.status == HTTPStatus.OK)
