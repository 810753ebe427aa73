"""robots.txt by RFC 9309: no file allows all, a file that cannot be had refuses all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.fetching.manners import PRODUCT

LONGEST_BODY = 500 * 1024
LONGEST_DELAY = 24 * 60 * 60


class RobotsRefusal(IgnoreRequest):
    """robots.txt refuses a page, or could not be had, which counts as refusing."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site's robots.txt says to us."""

    read_at: datetime
    file: Protego
    unreachable: str = ""
    """Why the file could not be had, in a sentence; then everything is refused."""
    away: Exception | None = None
    """What kept us from the site itself, where it was that: its pages fail alike."""

    def refusal(self, url: str) -> str:
        """Say why a page is refused; empty where it is allowed."""
        if self.unreachable:
            return f"{self.unreachable}; without robots.txt nothing may be fetched; try again later"
        if self.file.can_fetch(url, PRODUCT):
            return ""
        return f"robots.txt refuses {urlsplit(url).path or '/'} to {PRODUCT}"

    @property
    def delay(self) -> timedelta:
        """The Crawl-delay it asks for; a day where that is no sensible number of seconds."""
        asked = self.file.crawl_delay(PRODUCT) or 0
        return timedelta(seconds=asked) if 0 <= asked < LONGEST_DELAY else timedelta(days=1)


def read_rules(response: Response) -> Rules:
    """Take the rules from what a site answered when asked for its robots.txt."""
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return refusing(f"{response.url} answered {response.status}")
    there = response.status < HTTPStatus.MULTIPLE_CHOICES
    text = response.body[:LONGEST_BODY].decode("utf-8-sig", errors="ignore") if there else ""
    return Rules(read_at=datetime.now(UTC), file=Protego.parse(text))


def refusing(why: str) -> Rules:
    """Refuse everything, as the file could not be had."""
    return Rules(read_at=datetime.now(UTC), file=Protego.parse(""), unreachable=why)
