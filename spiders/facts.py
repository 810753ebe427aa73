"""How the words of a page become the values of facts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.money import plain
from spiders.exact_json import Json, Printed, as_printed, number
from spiders.page import changed

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*([km千万]?)", re.IGNORECASE)
_SCALES = {"": 1, "k": 10**3, "千": 10**3, "万": 10**4, "m": 10**6}


def token_count(text: str) -> str:
    """Read the largest number of tokens in a cell: "DEFAULT: 4K MAXIMUM: 8K" is 8000."""
    found = _COUNT.findall(text)
    if not found:
        raise changed(f"{text!r} states no number of tokens")
    counts = [Decimal(n.replace(",", "")) * _SCALES[suffix.lower()] for n, suffix in found]
    return plain(max(counts))


def worded(value: Json) -> str:
    """Word a value as a fact does: lists joined by commas, booleans as yes and no."""
    if isinstance(value, str):
        return value
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence):
        return ", ".join(worded(item) for item in value)
    return as_printed(value)


def above_zero(value: Json) -> str:
    """Word a count; zero stands for "not said" where a list has every field for every model."""
    return worded(value) if number(value, "a count") > 0 else ""


def unix_day(value: Json) -> str:
    """Word seconds since 1970 as their day."""
    seconds = number(value, "a date")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def iso_day(value: Json) -> str:
    """Word a date or moment as its day; anything else is refused."""
    try:
        return date.fromisoformat(worded(value)[:10]).isoformat()
    except ValueError:
        raise changed(f"{as_printed(value)[:60]} is no date") from None


_WORDED: Mapping[str, Callable[[Json], str]] = {
    "context_tokens": above_zero,
    "max_output_tokens": above_zero,
}
"""Facts whose values are worded in one way wherever they are stated."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a field states about a model, and how its value is worded."""

    name: str
    """context_tokens, max_output_tokens, input_modalities, released_on, open_weights …"""
    worded: Callable[[Json], str] | None = None
    """Gives the fact's value, where it is not as the name has it; an empty one states nothing."""

    def value(self, stated: Json) -> str:
        """Word what is stated."""
        return (self.worded or _WORDED.get(self.name, worded))(stated)
