"""Moments: aware UTC everywhere; a bare date is its first instant."""

from datetime import UTC, date, datetime, time
from functools import lru_cache


class MomentError(ValueError):
    """A text that names no moment."""


def utc_now() -> datetime:
    """Give the clock's time. Whatever decides by it takes it as an argument."""
    return datetime.now(UTC)


def parse_moment(text: str) -> datetime:
    """Read RFC 3339, or a bare date as 00:00 UTC; a time without a zone is refused."""
    try:
        if len(text) == len("2026-01-01"):
            return at_midnight(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(
            f"{text!r} is no date; write 2026-01-31 or 2026-01-31T12:00:00Z"
        ) from None
    if moment.tzinfo is None:
        raise MomentError(f"{text!r} names no time zone; add Z for UTC")
    return moment.astimezone(UTC)


def at_midnight(day: date) -> datetime:
    """Give the first instant of a day in UTC."""
    return datetime.combine(day, time(), UTC)


def print_moment(moment: datetime) -> str:
    """Print a moment as RFC 3339 in UTC with a Z."""
    return _printed(moment)


@lru_cache(maxsize=1 << 14)
def _printed(moment: datetime) -> str:
    """Print a moment; lists print those of a page's visit again and again."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
