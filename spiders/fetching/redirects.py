"""Redirects: followed on the same host only; what leads elsewhere is not the page we came for."""

from urllib.parse import urljoin, urlsplit

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Request, Response

from spiders.fetching.headers import header

LONGEST_CHAIN = 5


class SameHostRedirects(RedirectMiddleware):
    """Follows up to five redirects on one host; robots.txt may lie on any host (RFC 9309)."""

    def process_response(  # type: ignore[override]  # the spider argument is deprecated and not passed
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow a redirect, or give the redirecting response itself where it is not followed."""
        if request.meta.get("redirect_times", 0) >= LONGEST_CHAIN:
            return response
        if _leads_away(request, response) and not request.meta.get("any_host"):
            return response
        return super().process_response(request, response)


def target(response: Response) -> str:
    """Give the absolute address a response redirects to; empty where it does not redirect."""
    location = header(response, "Location")
    return urljoin(response.url, location) if location else ""


def _leads_away(request: Request, response: Response) -> bool:
    there = target(response)
    return bool(there) and urlsplit(there).hostname != urlsplit(request.url).hostname
