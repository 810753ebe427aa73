"""When a message is sent again, and when an endpoint has failed for too long."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fractions import Fraction
from types import MappingProxyType

from catalog.vocabulary import MessageKind

ATTEMPTS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after the one before each attempt is made."""
DELAYS: Mapping[MessageKind, tuple[timedelta, ...]] = MappingProxyType(
    {
        MessageKind.EVENT: ATTEMPTS,
        MessageKind.VERIFY: ATTEMPTS[:4],
        MessageKind.TEST: ATTEMPTS[:1],
    }
)
JITTER = Fraction(1, 5)
"""Each delay is longer or shorter by chance, by up to this part of it."""
LONGEST_WAIT = timedelta(hours=24)
"""A receiver may ask for a later attempt, but not for one later than this."""
FAILING_AT_MOST = timedelta(hours=120)
"""After this long without a success a subscription is disabled."""


def next_attempt(
    kind: MessageKind, tries: int, now: datetime, *, chance: Fraction, asked: datetime | None
) -> datetime | None:
    """Give when a message is due again after so many failed tries; None after the last.

    ``chance`` is from -1 to 1; ``asked`` is the moment that the receiver asks to wait for.
    """
    delays = DELAYS[kind]
    if tries >= len(delays):
        return None
    due = now + delays[tries] * float(1 + JITTER * chance)
    return due if asked is None else max(due, min(asked, now + LONGEST_WAIT))


def asked_moment(retry_after: str | None, now: datetime) -> datetime | None:
    """Read a Retry-After, seconds or a date; None for none, and for what is neither."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def has_failed_too_long(failing_since: datetime, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that its subscription is disabled."""
    return now - failing_since >= FAILING_AT_MOST
