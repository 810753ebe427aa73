"""The download handler: Scrapy's httpx one, taking turns, in bounded time, and able to replay."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlsplit

from httpx2 import Response as HttpxResponse
from scrapy.core.downloader.handlers._base_streaming import _BaseResponseArgs
from scrapy.core.downloader.handlers._httpx import HttpxDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Headers, Request, Response

from spiders.fetching.retry import retry_after
from spiders.fetching.session import session_of


class PoliteHandler(HttpxDownloadHandler):
    """Fetches over httpx, or through the browser where a request says so."""

    experimental = False  # Scrapy is pinned to one minor release, and a test watches the module.

    def __init__(self, crawler: Crawler) -> None:
        """Belong to a session's crawler."""
        super().__init__(crawler)
        self._session = session_of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Fetch when it is the host's turn, and remember the rest the host asks for."""
        async with self._session.turns.turn(urlsplit(request.url).netloc) as turn:
            response = await self._in_time(request)
            now = datetime.now(UTC)
            rest = retry_after(response, now)
            turn.rests_until = None if rest is None else now + rest
            return response

    async def _in_time(self, request: Request) -> Response:
        limit = request.meta["download_timeout"]
        try:
            async with asyncio.timeout(limit):
                return await self._fetch(request)
        except TimeoutError:
            raise DownloadTimeoutError(f"{request.url} took longer than {limit:g} s") from None

    async def _fetch(self, request: Request) -> Response:
        if request.meta.get("browser"):
            return await self._session.browser.render(request)
        return await super().download_request(request)

    @staticmethod
    def _build_base_response_args(
        response: HttpxResponse, request: Request, headers: Headers
    ) -> _BaseResponseArgs:
        """Describe a response; a replayed one has no socket behind it to ask."""
        if "network_stream" in response.extensions:
            return HttpxDownloadHandler._build_base_response_args(response, request, headers)  # noqa: SLF001 it is the overridden method
        return {
            "status": response.status_code,
            "url": request.url,
            "headers": headers,
            "certificate": None,
            "ip_address": None,
            "protocol": response.http_version,
        }

    def _log_tls_info(self, response: HttpxResponse, request: Request) -> None:
        if "network_stream" in response.extensions:
            super()._log_tls_info(response, request)
