"""Addresses that will go: since when that is said, until when they answer, what to use instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from api.http.caching import FROZEN
from api.http.preconditions import http_date
from catalog.moments import at_midnight

PAGE = "/llms.txt"
"""Where what is deprecated is told."""


@dataclass(frozen=True)
class Deprecated:
    """An address that will go; it goes not earlier than half a year after it is said."""

    path: str
    since: date
    until: date
    """The day on which it stops to answer."""
    instead: str


DEPRECATED = (
    Deprecated("/healthz", since=date(2026, 11, 22), until=date(2027, 6, 1), instead="/readyz"),
)


@cache
def deprecation_headers(
    template: str | None, table: tuple[Deprecated, ...] = DEPRECATED
) -> Iterable[tuple[str, str]]:
    """Give the headers of RFC 9745 and RFC 8594 for an address; none for one that stays."""
    path = (template or "").removeprefix(FROZEN)
    found = next((one for one in table if one.path == path), None)
    if found is None:
        return ()
    frozen = FROZEN if template != path else ""
    return (
        ("Deprecation", f"@{int(at_midnight(found.since).timestamp())}"),
        ("Sunset", http_date(at_midnight(found.until))),
        ("Link", f'<{frozen}{found.instead}>; rel="successor-version"'),
        ("Link", f'<{PAGE}>; rel="deprecation"; type="text/plain"'),
    )
