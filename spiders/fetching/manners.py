"""How we behave towards other people's sites: delays, waits, retries, and the name we go by."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

PRODUCT = "tokentape"
"""The product token that robots.txt rules are matched against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a crawl allows itself."""

    delay: timedelta = timedelta(seconds=1)
    """Between the end of one request to a host and the start of the next."""
    longest_wait: timedelta = timedelta(seconds=60)
    """A host that asks for a longer rest (Retry-After, Crawl-delay) is left alone instead."""
    timeout: timedelta = timedelta(seconds=20)
    """For one whole request, from the connection to the last byte."""
    retries: int = 2
    """After server errors, timeouts and broken connections."""


def user_agent(contact: str) -> str:
    """Name ourselves, and where a site's owner reaches who runs this."""
    reach = f"+{contact}" if contact else "the operator has set no contact"
    return f"{PRODUCT}/{version(PRODUCT)} ({reach})"
