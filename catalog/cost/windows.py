"""Hours a price holds in: whether a moment lies in a window."""

import re
from datetime import UTC, datetime, time
from functools import lru_cache

_WINDOW = re.compile(
    r"(?:(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? )?"
    r"(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d) UTC"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def covers(window: str, at: datetime) -> bool | None:
    """Tell whether a moment lies in a window; None where the window names no hours.

    A window over midnight belongs to the day it starts on.
    """
    read = _read(window)
    if read is None:
        return None
    days, start, end = read
    moment = at.astimezone(UTC)
    clock, day = moment.time(), moment.weekday()
    if start < end:
        return start <= clock < end and day in days
    return (clock >= start and day in days) or (clock < end and (day - 1) % 7 in days)


@lru_cache(maxsize=256)
def _read(window: str) -> tuple[frozenset[int], time, time] | None:
    found = _WINDOW.fullmatch(window)
    if found is None:
        return None
    first, last = found["first"] or "Mon", found["last"] or found["first"] or "Sun"
    if first not in _DAYS or last not in _DAYS:
        return None
    span = (_DAYS.index(last) - _DAYS.index(first)) % 7
    days = frozenset((_DAYS.index(first) + step) % 7 for step in range(span + 1))
    return days, time.fromisoformat(found["start"]), time.fromisoformat(found["end"])
