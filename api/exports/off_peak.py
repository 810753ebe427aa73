"""Hours that a price holds in, as formats write them."""

import re
from collections.abc import Mapping, Sequence

from api.exports.litellm_fields import RANGED, TOKENS
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.past.history import Price
from catalog.vocabulary import Unit

_WINDOW = re.compile(
    r"(?:(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? )?"
    r"(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d) UTC"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Hours = tuple[tuple[int, ...], str, str]
"""Days of the week (1 is Monday; none: all), and from when till when in UTC as HH:MM."""


def hours(window: str) -> Hours | None:
    """Read a window; None where it names no hours."""
    found = _WINDOW.fullmatch(window)
    if found is None:
        return None
    if not found["first"]:
        return (), found["start"], found["end"]
    last = found["last"] or found["first"]
    if found["first"] not in _DAYS or last not in _DAYS:
        return None
    first = _DAYS.index(found["first"])
    span = (_DAYS.index(last) - first) % 7
    return tuple((first + step) % 7 + 1 for step in range(span + 1)), found["start"], found["end"]


def litellm_block(
    prices: Sequence[Price],
) -> tuple[Mapping[str, Tree], tuple[Price, ...]] | None:
    """Give LiteLLM's hours of one block, and its prices; None where one block cannot say them.

    A block's rates hold for prompts of any length and for every tier.
    """
    windows = {price.window for price in prices}
    read = hours(next(iter(windows))) if len(windows) == 1 else None
    if read is None or any(not _may_replace(price) for price in prices):
        return None
    days, start, end = read
    span = f"{start}-{end}"
    if not days:
        return {"hours_utc": [span]}, tuple(prices)
    if start > end:
        return None
    return {"windows": [{"hours_utc": [span], "weekdays": list(days)}]}, tuple(prices)


def _may_replace(price: Price) -> bool:
    return (
        price.tier == STANDARD
        and not price.context_over
        and price.unit is Unit.MILLION_TOKENS
        and TOKENS.get(price.meter) in RANGED
    )
