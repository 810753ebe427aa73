"""Retries: server errors, timeouts and broken connections again, a few times, when the host says.

The waiting itself happens in the host's turn, so that no other request slips in between.
"""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Request, Response

from spiders.fetching.headers import header
from spiders.fetching.session import Session, session_of

TOO_MANY = 429
SERVER_ERRORS = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
PASSING_FAILURES = (DownloadTimeoutError, DownloadFailedError, ResponseDataLossError)
"""A name that does not resolve or a port nobody listens on stays so: those are not retried."""

LONGEST_SECONDS = 366 * 24 * 60 * 60
"""A longer wait is taken as this one: it is as good as never, and a date can still hold it."""


class RetryMiddleware:
    """Asks again where asking again is likely to help and the host does not mind."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        """Retry for one crawler."""
        self._crawler = crawler
        self._session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it as Scrapy does."""
        return cls(crawler, session_of(crawler))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask again after an answer that says: not now."""
        if not self._worth_waiting(response):
            return response
        return self._again(request, str(response.status)) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a failure that may pass."""
        passing = isinstance(exception, PASSING_FAILURES)
        return self._again(request, type(exception).__name__) if passing else None

    def _worth_waiting(self, response: Response) -> bool:
        if response.headers.get("cf-mitigated"):
            return False
        rest = retry_after(response, datetime.now(UTC))
        if rest is None:
            return response.status in SERVER_ERRORS
        known = response.status in SERVER_ERRORS or response.status == TOO_MANY
        return known and rest <= self._session.manners.longest_wait

    def _again(self, request: Request, reason: str) -> Request | None:
        spider = self._crawler.spider
        retries = request.meta.get("retries", self._session.manners.retries)
        if spider is None:
            return None
        return get_retry_request(
            request,
            spider=spider,
            reason=reason,
            max_retry_times=retries,
            give_up_log_level=logging.DEBUG,  # The document's outcome says so.
        )


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """How long an answer asks us to wait: seconds or an HTTP date; None where it doesn't say."""
    text = header(response, "Retry-After").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), LONGEST_SECONDS))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(aware - now, timedelta(0))
